#include "core/offsets/readback.h"
#include "tests/unit/offsets/offsetworld.h"

#include <map>
#include <random>

using namespace redrive;
using namespace redrive::offsets;
using Kind = twin::Fate::Kind;
using store::JournalOutcome;
using store::JournalState;

namespace {

constexpr int partitions = 4;

/// One history: a random group, a random plan, and a network, a broker and others that interfere.
class History
{
public:
    explicit History(unsigned seed)
        : m_random(seed)
        , m_world(makeTwin())
    {
    }

    /// What went wrong, if anything did.
    std::optional<std::string> run()
    {
        const Plan planned = m_world.planned(request());
        const CommitTable before = m_world.commits();
        disturb();
        const auto applied = m_world.applied(planned);
        m_world.cluster->hook = {};
        if (!applied)
            return m_wrote ? std::optional<std::string>("a refusal after a write") : checkRefused();
        if (auto wrong = checkRows(*applied))
            return wrong;
        if (m_othersWrote || m_isLate)
            return std::nullopt;
        return checkUndo(applied->journal, before);
    }
    bool wasApplied() const { return m_wrote; }

private:
    int number(int low, int high)
    {
        return std::uniform_int_distribution<int>(low, high)(m_random);
    }
    bool chance(int percent) { return number(1, 100) <= percent; }

    CommitImage image(std::int64_t start, std::int64_t end)
    {
        if (chance(25))
            return {};
        CommitImage made{.offset = Offset(number(static_cast<int>(start), static_cast<int>(end))),
                         .leaderEpoch = {},
                         .metadata = {}};
        if (chance(50))
            made.leaderEpoch = number(0, 9);
        if (chance(50))
            made.metadata = std::string(1, static_cast<char>(number(0, 255)));
        return made;
    }

    std::shared_ptr<twin::GroupTwin> makeTwin()
    {
        auto twin = std::make_shared<twin::GroupTwin>();
        auto &topic = twin->topics["orders"];
        topic.id = "orders-1";
        auto &group = twin->group("billing");
        for (int partition = 0; partition < partitions; ++partition) {
            const int start = number(0, 50);
            const int end = start + number(0, 100);
            topic.partitions[partition] = {.start = start, .end = end};
            if (const auto made = image(start, end); made.offset)
                group.commits[{"orders", partition}] = made;
        }
        return twin;
    }

    PlanRequest request()
    {
        switch (number(0, 6)) {
        case 0: return OffsetWorld::request(to::Earliest{});
        case 1: return OffsetWorld::request(to::Latest{});
        case 2: return OffsetWorld::request(to::Shift{number(-20, 20)});
        case 3: return OffsetWorld::request(to::Delete{});
        case 4: return OffsetWorld::request(to::Exact{Offset(number(0, 150))});
        case 5: return OffsetWorld::request(to::LatestMinus{number(0, 30)});
        default: {
            to::Table table;
            for (const auto &[partition, log] : m_world.cluster->topics["orders"].partitions)
                table.commits[{"orders", partition}] = image(log.start, log.end);
            return OffsetWorld::request(table);
        }
        }
    }

    twin::Fate writeFate()
    {
        twin::Fate fate{.kind = static_cast<Kind>(number(0, 4))};
        if (fate.kind == Kind::Refused) {
            constexpr std::array codes{"NOT_COORDINATOR", "COORDINATOR_NOT_AVAILABLE",
                                       "GROUP_AUTHORIZATION_FAILED"};
            fate.error = twin::brokerError(codes[static_cast<std::size_t>(number(0, 2))]);
        }
        if (fate.kind == Kind::Late) {
            m_isLate = true;
            fate.after = std::chrono::seconds(number(1, 60));
        }
        for (int partition = 0; partition < partitions; ++partition) {
            if (chance(15))
                fate.parts[{"orders", partition}] = twin::brokerError("UNKNOWN_SERVER_ERROR");
        }
        return fate;
    }

    void disturb()
    {
        const int othersAt = chance(25) ? number(1, 8) : 0;
        const int joinAt = chance(15) ? number(1, 8) : 0;
        const int topicAt = chance(10) ? number(1, 4) : 0;
        const int percentLost = chance(40) ? number(1, 60) : 0;
        const std::size_t already = m_world.cluster->asked.size();
        m_world.cluster->hook = [=, this](twin::GroupTwin &twin, const twin::TwinRequest &asked) {
            const int turn = static_cast<int>(twin.asked.size() - already);
            if (turn == othersAt) {
                m_othersWrote = true;
                twin.commit("billing", {"orders", number(0, partitions - 1)}, number(0, 150));
            }
            if (turn == joinAt)
                twin.join("billing");
            if (turn == topicAt)
                twin.topics["orders"].id = "orders-2";
            if (asked.name == "alterOffsets" || asked.name == "deleteOffsets") {
                m_wrote = true;
                return chance(50) ? writeFate() : twin::Fate{};
            }
            return m_wrote && chance(percentLost) ? fate(Kind::LostBefore) : twin::Fate{};
        };
    }

    std::optional<std::string> checkRefused() const
    {
        return m_world.journal->entries({})->empty()
                   ? std::nullopt
                   : std::optional<std::string>("a refusal is in the journal");
    }

    std::optional<std::string> checkRows(const Applied &applied)
    {
        const auto entry = **m_world.journal->entry(applied.journal);
        if (entry.rows != applied.rows || entry.state != applied.state)
            return "the journal says something else";
        const CommitTable now = m_world.commits();
        for (const store::JournalRow &row : applied.rows) {
            if (!row.outcome)
                return "a row without an outcome";
            const auto found = now.find(row.partition);
            const CommitImage is = found == now.end() ? CommitImage{} : found->second;
            if (row.outcome == JournalOutcome::Confirmed && is != requestedOf(row) &&
                !m_othersWrote)
                return "CONFIRMED, and the broker does not hold it";
            if (row.outcome == JournalOutcome::NotApplied && is == requestedOf(row) &&
                beforeOf(row) != requestedOf(row) && !m_othersWrote)
                return "NOT_APPLIED, and the broker holds it";
        }
        return std::nullopt;
    }

    std::optional<std::string> checkUndo(const std::string &id, const CommitTable &before)
    {
        m_world.cluster->leave("billing");
        if (m_world.cluster->topics["orders"].id != "orders-1")
            return std::nullopt;
        const auto back = undoOf(**m_world.journal->entry(id));
        if (back) {
            const Plan planned = m_world.planned(*back);
            if (!planned.error) {
                const auto undone = m_world.applied(planned);
                if (!undone)
                    return "the undo was refused: " + describe(undone.error());
                if (undone->state != JournalState::Done)
                    return "the undo was not done";
            }
        }
        if (m_world.commits() != before)
            return "apply and undo are not the identity";
        return std::nullopt;
    }

    std::mt19937 m_random;
    OffsetWorld m_world;
    bool m_wrote = false;
    bool m_othersWrote = false;
    bool m_isLate = false;
};

} // namespace

class MovesPropertyTest : public QObject
{
    Q_OBJECT

private slots:
    void applyAndUndoAreTheIdentityAndNothingIsConfirmedThatTheBrokerDoesNotHold()
    {
        constexpr unsigned histories = 200;
        unsigned applied = 0;
        for (unsigned seed = 1; seed <= histories; ++seed) {
            History history(seed);
            const auto wrong = history.run();
            QVERIFY2(!wrong, ("seed " + std::to_string(seed) + ": " + wrong.value_or("")).c_str());
            applied += history.wasApplied() ? 1U : 0U;
        }
        QVERIFY2(applied > histories / 4, std::to_string(applied).c_str());
    }
};

QTEST_GUILESS_MAIN(MovesPropertyTest)
#include "tst_movesproperty.moc"
