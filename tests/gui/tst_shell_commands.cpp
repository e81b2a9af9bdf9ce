#include "tests/gui/shellfixture.h"
#include "ui/shell/fuzzy.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QToolButton>

using namespace redrive;
using namespace redrive::test;
using namespace redrive::ui;
using namespace Qt::StringLiterals;

/// What the window can be told to do: by palette, shortcut and menu.
class ShellCommandsTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void fuzzySearchLikesBeginningsAndRunsAndRefusesWhatDoesNotFit()
    {
        QVERIFY(!fuzzyScore(u"xyz"_s, u"billing"_s));
        QVERIFY(*fuzzyScore(u"bill"_s, u"billing"_s) > *fuzzyScore(u"bill"_s, u"my-billing"_s));
        QVERIFY(*fuzzyScore(u"ing"_s, u"billing"_s) > *fuzzyScore(u"ing"_s, u"i-n-other-g"_s));
        QVERIFY(*fuzzyScore(u"pe"_s, u"payments-eu"_s) >
                *fuzzyScore(u"pe"_s, u"paper-plate"_s) - 600);
        QVERIFY(fuzzyScore(u""_s, u"anything"_s));
        QVERIFY(fuzzyScore(u"PAY eu"_s, u"payments-eu"_s));
    }

    void thePaletteFindsGroupsAndOpensThemByKeysAlone()
    {
        ShellFixture fixture;
        fixture.showWindow();
        fixture.addCluster(u"local"_s, liveSnapshot({summaryOf("audit", 1), summaryOf("billing", 3),
                                                     summaryOf("other", 0)}));
        QTest::keyClick(&fixture.window(), Qt::Key_K, Qt::ControlModifier);
        auto *field = fixture.find<QLineEdit>("palette-field");
        auto *results = fixture.find<QListWidget>("palette-results");
        QTRY_VERIFY(field->hasFocus());
        QTest::keyClicks(field, u"bill"_s);
        QCOMPARE(results->currentItem()->text(), u"billing"_s);
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_VERIFY(!field->isVisible());
        QCOMPARE(fixture.window().currentPage()->title(), u"Groups"_s);
        QCOMPARE(fixture.window().currentPage()->place(), u"billing"_s);
    }

    void thePaletteOffersAGroupOnceWhateverPageIsShown()
    {
        ShellFixture fixture;
        fixture.showWindow();
        fixture.addCluster(u"local"_s, liveSnapshot({summaryOf("billing", 1)}));
        for (const QString &page : {u"Overview"_s, u"Groups"_s, u"Topics"_s}) {
            fixture.window().showPage(page);
            fixture.window().openPalette();
            QTest::keyClicks(fixture.find<QLineEdit>("palette-field"), u"billing"_s);
            QCOMPARE(fixture.find<QListWidget>("palette-results")->count(), 1);
            QTest::keyClick(fixture.find<QLineEdit>("palette-field"), Qt::Key_Escape);
        }
    }

    void escapeClosesThePaletteAndGivesTheFocusBack()
    {
        ShellFixture fixture;
        fixture.showWindow();
        fixture.addCluster(u"local"_s, liveSnapshot({}));
        auto *navigation = fixture.find<QListWidget>("navigation");
        navigation->setFocus();
        fixture.window().openPalette();
        auto *field = fixture.find<QLineEdit>("palette-field");
        auto *results = fixture.find<QListWidget>("palette-results");
        QTRY_VERIFY(field->hasFocus());
        QTest::keyClicks(field, u"zzzzqq"_s);
        QCOMPARE(results->count(), 1);
        QCOMPARE(results->item(0)->text(), u"Nothing fits"_s);
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(field->isVisible());
        QTest::keyClick(field, Qt::Key_Escape);
        QTRY_VERIFY(navigation->hasFocus());
        QVERIFY(!field->isVisible());
    }

    void thePaletteRunsCommandsToo()
    {
        ShellFixture fixture;
        fixture.showWindow();
        fixture.addCluster(u"local"_s, liveSnapshot({}));
        fixture.window().openPalette();
        auto *field = fixture.find<QLineEdit>("palette-field");
        QTest::keyClicks(field, u"settings"_s);
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_COMPARE(fixture.window().currentPage()->title(), u"Settings"_s);
    }

    void eachPageHasItsShortcutAndItsEntry()
    {
        ShellFixture fixture;
        fixture.showWindow();
        fixture.addCluster(u"local"_s, liveSnapshot({summaryOf("billing", 3)}));
        auto *navigation = fixture.find<QListWidget>("navigation");
        for (const auto &[key, title] :
             {std::pair(Qt::Key_2, u"Groups"_s), std::pair(Qt::Key_3, u"Topics"_s),
              std::pair(Qt::Key_1, u"Overview"_s)}) {
            QTest::keyClick(&fixture.window(), key, Qt::ControlModifier);
            QTRY_COMPARE(fixture.window().currentPage()->title(), title);
            QCOMPARE(navigation->currentItem()->text(), title);
        }
    }

    void spacePausesUnlessAFieldOrAButtonHasIt()
    {
        ShellFixture fixture;
        fixture.showWindow();
        fixture.addCluster(u"local"_s, liveSnapshot({summaryOf("billing", 3)}));
        auto *pause = fixture.window().actions().pause;
        auto *navigation = fixture.find<QListWidget>("navigation");
        navigation->setFocus();
        QTest::keyClick(navigation, Qt::Key_Space);
        QTRY_VERIFY(pause->isChecked());
        QTest::keyClick(navigation, Qt::Key_Space);
        QTRY_VERIFY(!pause->isChecked());

        auto *zone = fixture.find<QToolButton>("time-zone");
        zone->setFocus();
        QTest::keyClick(zone, Qt::Key_Space);
        QTRY_VERIFY(fixture.settings->timeZone() == ui::TimeZone::Local);
        QVERIFY(!pause->isChecked());

        fixture.window().openPalette();
        auto *field = fixture.find<QLineEdit>("palette-field");
        QTRY_VERIFY(field->hasFocus());
        QTest::keyClicks(field, u"a b/c"_s);
        QCOMPARE(field->text(), u"a b/c"_s);
        QVERIFY(!pause->isChecked());
    }

    void aDisabledActionSaysWhy()
    {
        ShellFixture fixture;
        fixture.showWindow();
        auto &actions = fixture.window().actions();
        QVERIFY(!actions.pause->isEnabled());
        QVERIFY(actions.pause->toolTip().contains(u"No cluster is open."_s));
        auto *back = fixture.find<QToolButton>("back-button");
        QVERIFY(!back->isEnabled());
        QVERIFY(!back->accessibleDescription().isEmpty());
        fixture.addCluster(u"local"_s, liveSnapshot({}));
        QVERIFY(actions.pause->isEnabled());
        QVERIFY(!actions.pause->toolTip().contains(u"No cluster is open."_s));
    }

    void everyActionStandsInTheMenuWithAToolTip()
    {
        ShellFixture fixture;
        std::function<QSet<const QAction *>(const QMenu *)> gather = [&](const QMenu *menu) {
            QSet<const QAction *> found;
            for (const QAction *action : menu->actions()) {
                found.insert(action);
                if (action->menu())
                    found += gather(action->menu());
            }
            return found;
        };
        const auto inMenu = gather(fixture.window().actions().menu());
        for (const QAction *action : fixture.window().actions().all()) {
            QVERIFY2(inMenu.contains(action), qPrintable(action->text()));
            QVERIFY2(!action->toolTip().isEmpty(), qPrintable(action->text()));
            QVERIFY2(!action->objectName().isEmpty(), qPrintable(action->text()));
        }
    }
};

QTEST_MAIN(ShellCommandsTest)
#include "tst_shell_commands.moc"
