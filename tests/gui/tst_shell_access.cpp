// What somebody who cannot see the window, or has no mouse, finds in it; and that foreign text is
// only text.
#include "tests/gui/shellfixture.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTextDocument>
#include <QToolButton>

using namespace redrive;
using namespace redrive::test;
using namespace redrive::ui;
using namespace Qt::StringLiterals;

namespace {

const std::string hostile = "<img src=x><b>bold</b>\u202egnp.exe\nsecond\x1b[31m&amp;";

bool isForPeople(const QWidget *widget)
{
    return qobject_cast<const QAbstractButton *>(widget) ||
           qobject_cast<const QLineEdit *>(widget) || qobject_cast<const QComboBox *>(widget) ||
           qobject_cast<const QAbstractSpinBox *>(widget) ||
           qobject_cast<const QPlainTextEdit *>(widget) ||
           qobject_cast<const QAbstractItemView *>(widget);
}

// Parts of a widget that Qt itself makes and speaks for.
bool isInner(const QWidget *widget)
{
    for (const QWidget *above = widget->parentWidget(); above; above = above->parentWidget()) {
        if (qobject_cast<const QComboBox *>(above) ||
            qobject_cast<const QAbstractSpinBox *>(above) ||
            qobject_cast<const QLineEdit *>(above) || above->inherits("QDialog"))
            return true;
    }
    return widget->objectName().startsWith(u"qt_"_s) || widget->inherits("QTableCornerButton") ||
           widget->inherits("QHeaderView");
}

QString nameOf(QWidget *widget)
{
    QAccessibleInterface *access = QAccessible::queryAccessibleInterface(widget);
    return access ? access->text(QAccessible::Name) : QString();
}

} // namespace

class AccessTest : public QObject
{
    Q_OBJECT

    static void openEverything(ShellFixture &fixture)
    {
        auto bad = summaryOf(hostile, 5);
        bad.error = brokerError("reading " + hostile, hostile, "CODE");
        auto snapshot = liveSnapshot({summaryOf("billing", 3), bad});
        workspace::Problem problem;
        problem.id = hostile;
        problem.error = *bad.error;
        problem.advice = hostile;
        snapshot->problems = {problem};
        snapshot->cluster->clusterId = hostile;
        snapshot->cluster->brokers[0].host = hostile;
        fixture.addCluster(foreign(hostile), snapshot, kafka::effectivePolicy(std::nullopt, true),
                           {u"weak"_s});
        for (const QString &title :
             {u"Overview"_s, u"Groups"_s, u"Topics"_s, u"Connect"_s, u"Settings"_s})
            fixture.window().showPage(title);
        fixture.window().actions().problems->setChecked(true);
    }

private slots:
    void everythingThatIsUsedHasANameThatIsNoToolTip()
    {
        ShellFixture fixture;
        fixture.showWindow();
        openEverything(fixture);
        int seen = 0;
        for (QWidget *widget : fixture.window().findChildren<QWidget *>()) {
            const auto *button = qobject_cast<const QAbstractButton *>(widget);
            const bool unused = button && button->isHidden() && button->text().isEmpty();
            if (!isForPeople(widget) || isInner(widget) || unused)
                continue;
            ++seen;
            const QString what = QString::fromLatin1(widget->metaObject()->className()) + u' ' +
                                 widget->objectName();
            QVERIFY2(!nameOf(widget).isEmpty(), qPrintable(what));
            QVERIFY2(!nameOf(widget).startsWith(u'Q'), qPrintable(what + nameOf(widget)));
        }
        QVERIFY(seen > 40);
    }

    void pagesAndTablesHaveStableNames()
    {
        ShellFixture fixture;
        fixture.showWindow();
        openEverything(fixture);
        static const QRegularExpression kebab(u"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"_s);
        for (const char *name :
             {"main-window", "navigation", "overview-page", "groups-page", "topics-page",
              "connect-page", "settings-page", "status-live", "problems-button", "problems-table",
              "ranking-table", "cluster-switcher"}) {
            const bool found = fixture.window().objectName() == QLatin1StringView(name) ||
                               fixture.window().findChild<QWidget *>(QLatin1StringView(name));
            QVERIFY2(found, name);
        }
        for (const auto *view : fixture.window().findChildren<QAbstractItemView *>()) {
            if (isInner(view) || view->inherits("QHeaderView"))
                continue;
            QVERIFY2(kebab.match(view->objectName()).hasMatch(), qPrintable(view->objectName()));
        }
    }

    void theTabKeyGoesThroughThePageAndBackToTheFrame()
    {
        ShellFixture fixture;
        fixture.showWindow();
        openEverything(fixture);
        for (const QString &title : {u"Overview"_s, u"Groups"_s, u"Connect"_s, u"Settings"_s}) {
            fixture.window().showPage(title);
            QSet<const QWidget *> reached;
            for (int i = 0; i < 120; ++i) {
                QWidget *before = QApplication::focusWidget();
                QVERIFY(before);
                reached.insert(before);
                QTest::keyClick(before, Qt::Key_Tab);
                QVERIFY2(QApplication::focusWidget() != before,
                         qPrintable(title + u": stuck in "_s + before->objectName()));
            }
            for (QWidget *widget : fixture.window().findChildren<QWidget *>()) {
                if (!isForPeople(widget) || isInner(widget) || !widget->isVisible() ||
                    !widget->isEnabled() || !(widget->focusPolicy() & Qt::TabFocus))
                    continue;
                QVERIFY2(reached.contains(widget),
                         qPrintable(title + u": never reached "_s + widget->objectName()));
            }
        }
    }

    void foreignTextIsNowhereRich()
    {
        ShellFixture fixture;
        fixture.showWindow();
        openEverything(fixture);
        int seen = 0;
        for (const auto *label : fixture.window().findChildren<QLabel *>()) {
            if (label->inherits("QTipLabel") || isInner(label))
                continue;
            QVERIFY2(label->textFormat() == Qt::PlainText || !label->text().contains(u'<'),
                     qPrintable(label->objectName() + label->text()));
            QVERIFY2(!label->text().contains(u'\u202e'), qPrintable(label->objectName()));
            QVERIFY2(!label->text().contains(QChar(0x1b)), qPrintable(label->objectName()));
        }
        for (const QWidget *widget : fixture.window().findChildren<QWidget *>()) {
            const QString tip = widget->toolTip();
            if (!tip.contains(u"img"_s))
                continue;
            ++seen;
            QVERIFY2(tip.startsWith(u"<qt>"_s) && tip.contains(u"&lt;img"_s), qPrintable(tip));
        }
        QVERIFY(seen > 0);
        QVERIFY(!Qt::mightBeRichText(fixture.window().windowTitle()) ||
                fixture.window().windowTitle().contains(u"\\u202e"_s));
    }

    void statesAndOutcomesAreRealText()
    {
        ShellFixture fixture;
        fixture.showWindow();
        fixture.addCluster(u"local"_s, liveSnapshot({}));
        QVERIFY(nameOf(fixture.find<QWidget>("cluster-switcher")).contains(u"connected"_s));
        QVERIFY(nameOf(fixture.find<QWidget>("status-live")).contains(u"live, every 5 s"_s));
        QCOMPARE(nameOf(fixture.find<QWidget>("problems-button")), u"✓ No problems"_s);
    }
};

QTEST_MAIN(AccessTest)
#include "tst_shell_access.moc"
