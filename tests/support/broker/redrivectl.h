#pragma once

#include "tests/support/broker/program.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTemporaryDir>

#include <string>

namespace redrive::testbroker {

/// The built redrivectl, run as a user runs it, with a home of its own.
class Redrivectl
{
public:
    /// Every run is given these before its own arguments, such as {"--bootstrap", …}.
    explicit Redrivectl(QStringList common = {});

    Output run(const QStringList &arguments, int patience = 60'000) const;

    struct Answer
    {
        int exitCode = -1;
        QJsonArray list;    ///< what was printed with --output json, as a list …
        QJsonObject object; ///< … or as one object; also {"error": …}
        QByteArray err;
        QByteArray raw;

        QString errorCode() const { return object["error"]["code"].toString(); }
        /// The first object of the list with this text under this key; empty where there is none.
        QJsonObject find(const QString &key, const QString &text) const;
    };
    Answer json(const QStringList &arguments, int patience = 60'000) const;

    void setVariable(const QString &name, const QString &value);
    QString configDirectory() const; ///< $XDG_CONFIG_HOME/redrive, made on demand
    QString home() const { return m_home.path(); }

private:
    QStringList m_common;
    QTemporaryDir m_home;
    QProcessEnvironment m_environment;
};

} // namespace redrive::testbroker
