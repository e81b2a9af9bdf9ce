#pragma once

#include <QByteArray>
#include <QProcessEnvironment>
#include <QString>
#include <QStringList>

namespace redrive::testbroker {

struct Output
{
    int exitCode = -1; ///< -1: it did not end in time, or by a signal
    QByteArray out;
    QByteArray err;
    qint64 milliseconds = 0;
};

/// Runs a program to its end; one that takes longer than `patience` is killed.
Output runProgram(const QString &program, const QStringList &arguments,
                  const QProcessEnvironment &environment = QProcessEnvironment::systemEnvironment(),
                  const QByteArray &input = {}, int patience = 90'000);

} // namespace redrive::testbroker
