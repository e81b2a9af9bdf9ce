#include "ui/settings/settings.h"

#include <QStandardPaths>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

QString timeZoneKey()
{
    return u"view/time-zone"_s;
}

QString schemeKey()
{
    return u"view/scheme"_s;
}

QString refreshKey()
{
    return u"refresh/seconds"_s;
}

QString lastProfilesKey()
{
    return u"session/profiles"_s;
}

QString lastPageKey()
{
    return u"session/page"_s;
}

QString stateKey(const QString &objectName)
{
    return u"layout/"_s + objectName;
}

// Names of clusters are free text; a slash in one would make a folder of it.
QString watchedKey(const QString &cluster)
{
    return u"watched/"_s + QString::fromLatin1(QUrl::toPercentEncoding(cluster));
}

} // namespace

Settings::Settings(QObject *parent)
    : QObject(parent)
    , m_store(QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
                  u"/redrive/window.ini"_s,
              QSettings::IniFormat)
{
}

TimeZone Settings::timeZone() const
{
    return m_store.value(timeZoneKey()).toString() == "local"_L1 ? TimeZone::Local : TimeZone::Utc;
}

void Settings::setTimeZone(TimeZone zone)
{
    if (zone == timeZone())
        return;
    m_store.setValue(timeZoneKey(), zone == TimeZone::Local ? u"local"_s : u"utc"_s);
    emit timeZoneChanged();
}

theme::Scheme Settings::scheme() const
{
    const QString word = m_store.value(schemeKey()).toString();
    if (word == "light"_L1)
        return theme::Scheme::Light;
    if (word == "dark"_L1)
        return theme::Scheme::Dark;
    return theme::Scheme::System;
}

void Settings::setScheme(theme::Scheme asked)
{
    if (asked == scheme())
        return;
    switch (asked) {
    case theme::Scheme::System: m_store.setValue(schemeKey(), u"system"_s); break;
    case theme::Scheme::Light: m_store.setValue(schemeKey(), u"light"_s); break;
    case theme::Scheme::Dark: m_store.setValue(schemeKey(), u"dark"_s); break;
    }
    emit schemeChanged();
}

int Settings::refreshSeconds() const
{
    bool isNumber = false;
    const int seconds = m_store.value(refreshKey()).toInt(&isNumber);
    return isNumber ? std::clamp(seconds, 1, 300) : 5;
}

void Settings::setRefreshSeconds(int seconds)
{
    seconds = std::clamp(seconds, 1, 300);
    if (seconds == refreshSeconds())
        return;
    m_store.setValue(refreshKey(), seconds);
    emit refreshSecondsChanged();
}

QSet<QString> Settings::watched(const QString &cluster) const
{
    const QStringList names = m_store.value(watchedKey(cluster)).toStringList();
    return {names.cbegin(), names.cend()};
}

void Settings::setWatched(const QString &cluster, const QString &group, bool watch)
{
    QStringList names = m_store.value(watchedKey(cluster)).toStringList();
    if (names.contains(group) == watch)
        return;
    if (watch)
        names.append(group);
    else
        names.removeAll(group);
    m_store.setValue(watchedKey(cluster), names);
    emit watchedChanged(cluster);
}

QStringList Settings::lastProfiles() const
{
    return m_store.value(lastProfilesKey()).toStringList();
}

void Settings::setLastProfiles(const QStringList &names)
{
    m_store.setValue(lastProfilesKey(), names);
}

QString Settings::lastPage() const
{
    return m_store.value(lastPageKey()).toString();
}

void Settings::setLastPage(const QString &title)
{
    m_store.setValue(lastPageKey(), title);
}

QByteArray Settings::state(const QString &objectName) const
{
    return m_store.value(stateKey(objectName)).toByteArray();
}

void Settings::setState(const QString &objectName, const QByteArray &state)
{
    m_store.setValue(stateKey(objectName), state);
}

} // namespace redrive::ui
