#pragma once

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QString>
#include <QThread>

#include <stdexcept>

namespace redrive::testbroker {

/// Asks again and again until it is so; throws when it is not in time. For what a test builds;
/// what it checks is for QTRY_VERIFY.
template <typename Condition>
void eventually(const QString &what, Condition condition, int patienceMs = 30'000)
{
    const QDeadlineTimer deadline(patienceMs);
    while (!condition()) {
        if (deadline.hasExpired())
            throw std::runtime_error("waited in vain: " + what.toStdString());
        QCoreApplication::processEvents();
        QThread::msleep(20);
    }
}

} // namespace redrive::testbroker
