#include "core/consumer/metrics.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <cmath>
#include <map>
#include <string>

using namespace redrive;
using namespace redrive::consumer;
using namespace std::chrono_literals;

namespace {

const MonoTime now = MonoTime(1000h);

/// The text format 0.0.4 as its specification has it, and stricter where promtool is: names, types
/// and help once and before their samples, samples of a family together and each once, counters
/// called _total, no family without samples, labels escaped, a line feed at the end.
class Exposition
{
public:
    explicit Exposition(const std::string &text)
    {
        if (!text.empty() && !text.ends_with('\n'))
            complain("no line feed at the end");
        const auto lines = QString::fromStdString(text).split('\n');
        for (qsizetype i = 0; i + 1 < lines.size(); ++i)
            readLine(lines[i]);
        closeFamily();
    }

    QStringList problems;
    /// `name{label="value",…}` as it stands there → value
    std::map<QString, double> samples;
    std::map<QString, QString> types;

    double value(const QString &name, const QString &labels = {}) const
    {
        const QString common = R"(group="billing",handler="orders")";
        const auto found =
            samples.find(name + "{" + common + (labels.isEmpty() ? "" : "," + labels) + "}");
        return found == samples.end() ? std::nan("") : found->second;
    }
    bool has(const QString &name) const
    {
        return std::any_of(samples.begin(), samples.end(),
                           [&](const auto &sample) { return sample.first.startsWith(name + "{"); });
    }

private:
    void complain(const QString &what) { problems.append(what); }

    void closeFamily()
    {
        if (!m_family.isEmpty() && m_samplesOfFamily == 0)
            complain(m_family + " has no sample");
        if (!m_family.isEmpty() && !types.contains(m_family))
            complain(m_family + " has no type");
        m_samplesOfFamily = 0;
    }

    void readLine(const QString &line)
    {
        static const QRegularExpression help("^# HELP ([a-z_:][a-z0-9_:]*) ([^\\\\]+)$");
        static const QRegularExpression type(
            "^# TYPE ([a-z_:][a-z0-9_:]*) (counter|gauge|summary|histogram|untyped)$");
        if (const auto match = help.match(line); match.hasMatch()) {
            closeFamily();
            m_family = match.captured(1);
            if (m_families.contains(m_family))
                complain(m_family + " comes twice");
            m_families.insert(m_family);
        } else if (const auto typed = type.match(line); typed.hasMatch()) {
            const auto name = typed.captured(1);
            if (name != m_family || m_samplesOfFamily > 0 || types.contains(name))
                complain("the type of " + name + " is not where it should be");
            types[name] = typed.captured(2);
            if ((typed.captured(2) == "counter") != name.endsWith("_total"))
                complain(name + ": a counter, and nothing else, is called _total");
        } else {
            readSample(line);
        }
    }

    void readSample(const QString &line)
    {
        static const QRegularExpression sample(
            "^([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(.*)\\})? ([^ ]+)( -?[0-9]+)?$");
        static const QRegularExpression label(
            "\\G([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\"\\\\n])*)\"(,|$)");
        const auto match = sample.match(line);
        if (!match.hasMatch())
            return complain("no sample: " + line);
        if (match.captured(1) != m_family)
            complain(match.captured(1) + " stands among " + m_family);
        const auto labels = match.captured(3);
        QSet<QString> names;
        qsizetype at = 0;
        while (at < labels.size()) {
            const auto found = label.match(labels, at);
            if (!found.hasMatch() || names.contains(found.captured(1)))
                return complain("bad labels: " + line);
            names.insert(found.captured(1));
            at = found.capturedEnd();
        }
        bool isNumber = false;
        const double value = match.captured(4).toDouble(&isNumber);
        if (!isNumber)
            complain("no number: " + line);
        if (types.contains(m_family) && types[m_family] == "counter" && !(value >= 0))
            complain("a counter below 0: " + line);
        const auto key = match.captured(1) + match.captured(2);
        if (samples.contains(key))
            complain("twice: " + key);
        samples[key] = value;
        ++m_samplesOfFamily;
    }

    QString m_family;
    QSet<QString> m_families;
    int m_samplesOfFamily = 0;
};

LaneSnapshot lane(const std::string &topic, std::int32_t partition, LaneState state)
{
    LaneSnapshot made;
    made.partition = {.topic = topic, .partition = partition};
    made.state = state;
    return made;
}

SessionSnapshot busy()
{
    SessionSnapshot session;
    session.group = GroupId("billing");
    session.handler = "orders";
    session.state = SessionState::Running;
    session.since = WallTime(1'763'719'200'500ms);
    session.loopTurnedAt = now - 250ms;
    session.connected = true;
    session.joinedAt = now - 1h;
    session.counters = {.received = 100,
                        .processed = 90,
                        .deadLettered = 3,
                        .skipped = 2,
                        .dropped = 1,
                        .retried = 7,
                        .lateAcks = 6,
                        .commitsRequested = 12,
                        .commitsAcknowledged = 10,
                        .commitsFailed = 1,
                        .rebalances = 2,
                        .eventsDropped = 5};
    session.latency = {.p50 = 1.5, .p99 = 20};
    session.recordsPerSecond = 12.5;
    session.oldest = SessionSnapshot::Oldest{
        .record = {.partition = {.topic = "orders", .partition = 0}, .offset = Offset(1)},
        .since = now - 90s};
    session.lanes = {lane("orders", 0, LaneState::Running), lane("orders", 1, LaneState::Paused)};
    session.lanes[0].committed = Offset(40);
    session.lanes[0].logEnd = Offset(50);
    session.lanes[0].position = Offset(44);
    session.lanes[0].lag = 10;
    session.lanes[0].buffered = 3;
    session.lanes[1].buffered = 1;
    return session;
}

} // namespace

class TestMetrics : public QObject
{
    Q_OBJECT
private slots:
    void thePageIsWellFormed()
    {
        for (const auto &session : {SessionSnapshot{}, busy()}) {
            const Exposition page(prometheusText(session, SpanCounts{}, now));
            QCOMPARE(page.problems, QStringList());
            QVERIFY(page.samples.size() > 20);
        }
    }

    void everyCountIsThere()
    {
        const Exposition page(prometheusText(busy(), SpanCounts{.exported = 8, .dropped = 4}, now));
        const std::map<QString, double> expected{
            {"records_received_total", 100},
            {"records_processed_total", 90},
            {"records_dead_lettered_total", 3},
            {"records_skipped_total", 2},
            {"records_dropped_total", 1},
            {"records_retried_total", 7},
            {"late_acknowledgements_total", 6},
            {"commits_requested_total", 12},
            {"commits_acknowledged_total", 10},
            {"commits_failed_total", 1},
            {"rebalances_total", 2},
            {"events_dropped_total", 5},
            {"spans_exported_total", 8},
            {"spans_dropped_total", 4},
            {"partitions_assigned", 2},
            {"partitions_paused", 1},
            {"records_unfinished", 4},
            {"connected", 1},
            {"joined", 1},
            {"breaker_open", 0},
            {"poll_loop_age_seconds", 0.25},
            {"oldest_unfinished_record_age_seconds", 90},
            {"records_per_second", 12.5},
            {"session_start_time_seconds", 1763719200.5},
        };
        for (const auto &[name, value] : expected)
            QCOMPARE(page.value("redrive_" + name), value);
        QCOMPARE(page.value("redrive_handler_duration_seconds", R"(quantile="0.5")"), 0.0015);
        QCOMPARE(page.value("redrive_handler_duration_seconds", R"(quantile="0.99")"), 0.02);
        QCOMPARE(page.value("redrive_session_state", R"(state="running")"), 1.0);
        QCOMPARE(page.value("redrive_session_state", R"(state="joining")"), 0.0);
    }

    void lagStandsAtTopicAndPartition()
    {
        const Exposition page(prometheusText(busy(), std::nullopt, now));
        const QString first = R"(topic="orders",partition="0")";
        QCOMPARE(page.value("redrive_lag", first), 10.0);
        QCOMPARE(page.value("redrive_committed_offset", first), 40.0);
        QCOMPARE(page.value("redrive_position", first), 44.0);
        QCOMPARE(page.value("redrive_log_end_offset", first), 50.0);
    }

    void whatIsUnknownHasNoSample()
    {
        auto session = busy();
        const Exposition page(prometheusText(session, std::nullopt, now));
        QVERIFY(std::isnan(page.value("redrive_lag", R"(topic="orders",partition="1")")));
        QVERIFY(!page.has("redrive_spans_dropped_total"));
        session.lanes.clear();
        session.latency = {};
        const Exposition empty(prometheusText(session, std::nullopt, now));
        QVERIFY(!empty.has("redrive_lag"));
        QVERIFY(!empty.has("redrive_handler_duration_seconds"));
        QCOMPARE(empty.problems, QStringList());
    }

    void foreignNamesForgeNoSamplesAndNoLabels()
    {
        auto session = busy();
        session.group = GroupId("a\"} 1\nredrive_up{x=\"\\");
        session.handler = "\xff\x1b";
        session.lanes[0].partition.topic = "t\",y=\"";
        const Exposition page(prometheusText(session, std::nullopt, now));
        QCOMPARE(page.problems, QStringList());
        QVERIFY(!page.has("redrive_up"));
        for (const auto &[key, value] : page.samples)
            QVERIFY2(key.contains("group=\"a\\\"} 1\\\\nredrive_up{x=\\\""), qPrintable(key));
    }

    void agesAreNeverBelowZero()
    {
        auto session = busy();
        session.loopTurnedAt = now + 1s;
        session.oldest->since = now + 1s;
        const Exposition page(prometheusText(session, std::nullopt, now));
        QCOMPARE(page.value("redrive_poll_loop_age_seconds"), 0.0);
        QCOMPARE(page.value("redrive_oldest_unfinished_record_age_seconds"), 0.0);
    }

    void theParserOfThisTestIsStrict()
    {
        for (const auto *bad :
             {"# HELP a_total x\n# TYPE a_total counter\na_total 1", // no line feed
              "# HELP a_total x\n# TYPE a_total counter\na_total -1\n",
              "# HELP a x\n# TYPE a counter\na 1\n", "# HELP a x\n# TYPE a gauge\n",
              "# HELP a x\n# TYPE a gauge\na 1\na 1\n", "# HELP a x\na 1\n",
              "# HELP a x\n# TYPE a gauge\nb 1\n", "# HELP a x\n# TYPE a gauge\na{x=\"y\"z\"} 1\n",
              "# HELP a x\n# TYPE a gauge\na{x=\"\\y\"} 1\n", "# TYPE a gauge\na 1\n",
              "# HELP a x\n# TYPE a gauge\na{x=\"1\",x=\"2\"} 1\n",
              "# HELP a x\n# TYPE a gauge\na{x=\"1\"} one\n",
              "# HELP a x\n# TYPE a gauge\n\na 1\n"})
            QVERIFY2(!Exposition(bad).problems.isEmpty(), bad);
    }
};

QTEST_APPLESS_MAIN(TestMetrics)
#include "tst_metrics.moc"
