#include "tests/gui/shellfixture.h"
#include "ui/pages/settingspage.h"

#include <QComboBox>
#include <QSpinBox>

using namespace redrive;
using namespace redrive::ui;
using namespace Qt::StringLiterals;

class SettingsTest : public QObject
{
    Q_OBJECT
private slots:
    void everythingSetIsThereAfterARestart()
    {
        QTemporaryDir directory;
        qputenv("XDG_CONFIG_HOME", directory.path().toLocal8Bit());
        {
            Settings settings;
            settings.setTimeZone(TimeZone::Local);
            settings.setScheme(theme::Scheme::Dark);
            settings.setRefreshSeconds(17);
            settings.setWatched(u"a/b"_s, u"billing"_s, true);
            settings.setLastProfiles({u"one"_s, u"two"_s});
            settings.setLastPage(u"Groups"_s);
            settings.setState(u"main-window"_s, QByteArray("\0\1x", 3));
        }
        const Settings again;
        QVERIFY(again.timeZone() == TimeZone::Local);
        QVERIFY(again.scheme() == theme::Scheme::Dark);
        QCOMPARE(again.refreshSeconds(), 17);
        QCOMPARE(again.watched(u"a/b"_s), QSet<QString>{u"billing"_s});
        QVERIFY(again.watched(u"a"_s).isEmpty());
        QCOMPARE(again.lastProfiles(), QStringList({u"one"_s, u"two"_s}));
        QCOMPARE(again.lastPage(), u"Groups"_s);
        QCOMPARE(again.state(u"main-window"_s), QByteArray("\0\1x", 3));
    }

    void aFirstStartShowsUtcTheSystemsColoursAndFiveSeconds()
    {
        QTemporaryDir directory;
        qputenv("XDG_CONFIG_HOME", directory.path().toLocal8Bit());
        const Settings settings;
        QVERIFY(settings.timeZone() == TimeZone::Utc);
        QVERIFY(settings.scheme() == theme::Scheme::System);
        QCOMPARE(settings.refreshSeconds(), 5);
        QVERIFY(settings.lastProfiles().isEmpty());
    }

    void nonsenseInTheFileIsReadAsTheDefault()
    {
        QTemporaryDir directory;
        qputenv("XDG_CONFIG_HOME", directory.path().toLocal8Bit());
        QVERIFY(QDir(directory.path()).mkpath(u"redrive"_s));
        QFile file(directory.filePath(u"redrive/window.ini"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[view]\ntime-zone=moon\nscheme=neon\n[refresh]\nseconds=often\n");
        file.close();
        const Settings settings;
        QVERIFY(settings.timeZone() == TimeZone::Utc);
        QVERIFY(settings.scheme() == theme::Scheme::System);
        QCOMPARE(settings.refreshSeconds(), 5);
    }

    void anIntervalStaysWithinItsBounds()
    {
        test::ShellFixture fixture;
        fixture.settings->setRefreshSeconds(0);
        QCOMPARE(fixture.settings->refreshSeconds(), 1);
        fixture.settings->setRefreshSeconds(99999);
        QCOMPARE(fixture.settings->refreshSeconds(), 300);
    }

    void onlyAChangeIsTold()
    {
        test::ShellFixture fixture;
        QSignalSpy zone(fixture.settings.get(), &Settings::timeZoneChanged);
        QSignalSpy watched(fixture.settings.get(), &Settings::watchedChanged);
        fixture.settings->setTimeZone(TimeZone::Utc);
        fixture.settings->setTimeZone(TimeZone::Local);
        fixture.settings->setTimeZone(TimeZone::Local);
        fixture.settings->setWatched(u"c"_s, u"g"_s, true);
        fixture.settings->setWatched(u"c"_s, u"g"_s, true);
        fixture.settings->setWatched(u"c"_s, u"g"_s, false);
        QCOMPARE(zone.count(), 1);
        QCOMPARE(watched.count(), 2);
        QVERIFY(fixture.settings->watched(u"c"_s).isEmpty());
    }

    void thePageAndTheSettingsFollowEachOther()
    {
        test::ShellFixture fixture;
        SettingsPage page(*fixture.settings);
        auto *zone = page.findChild<QComboBox *>(u"setting-time-zone"_s);
        auto *refresh = page.findChild<QSpinBox *>(u"setting-refresh"_s);
        QVERIFY(zone && refresh);
        fixture.settings->setTimeZone(TimeZone::Local);
        QCOMPARE(zone->currentText(), u"Local time"_s);
        refresh->setValue(9);
        QCOMPARE(fixture.settings->refreshSeconds(), 9);
    }
};

QTEST_MAIN(SettingsTest)
#include "tst_settings.moc"
