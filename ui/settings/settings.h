#pragma once

#include "ui/format/format.h"
#include "ui/theme/tokens.h"

#include <QByteArray>
#include <QObject>
#include <QSet>
#include <QSettings>
#include <QString>
#include <QStringList>

namespace redrive::ui {

/// What the window remembers; each key is written once, in settings.cpp. No secrets. Stored by
/// QSettings (INI, in
/// `$XDG_CONFIG_HOME/redrive/window.ini`). UI thread.
class Settings : public QObject
{
    Q_OBJECT
public:
    explicit Settings(QObject *parent = nullptr);

    TimeZone timeZone() const;
    void setTimeZone(TimeZone zone);
    theme::Scheme scheme() const;
    void setScheme(theme::Scheme scheme);
    int refreshSeconds() const; ///< 1 … 300, default 5
    void setRefreshSeconds(int seconds);

    /// Watched groups of one cluster (by profile name).
    QSet<QString> watched(const QString &cluster) const;
    void setWatched(const QString &cluster, const QString &group, bool watched);

    QStringList lastProfiles() const; ///< open when the window closed
    void setLastProfiles(const QStringList &names);
    QString lastPage() const;
    void setLastPage(const QString &title);

    /// Geometry, splitter and header states by object name.
    QByteArray state(const QString &objectName) const;
    void setState(const QString &objectName, const QByteArray &state);

signals:
    void timeZoneChanged();
    void schemeChanged();
    void refreshSecondsChanged();
    void watchedChanged(const QString &cluster);

private:
    QSettings m_store;
};

} // namespace redrive::ui
