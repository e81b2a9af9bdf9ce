#include "app/window/toast.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QMetaObject>
#include <QVariantMap>

using namespace Qt::StringLiterals;

namespace redrive::window {

void showToast(const QString &title, const QString &text)
{
    if (!qApp)
        return;
    QMetaObject::invokeMethod(
        qApp,
        [title, text] {
            QDBusMessage call = QDBusMessage::createMethodCall(
                u"org.freedesktop.Notifications"_s, u"/org/freedesktop/Notifications"_s,
                u"org.freedesktop.Notifications"_s, u"Notify"_s);
            // The text is markup there.
            call << u"Redrive"_s << 0U << u"io.github.redrive.Redrive"_s << title
                 << text.toHtmlEscaped() << QStringList() << QVariantMap() << -1;
            QDBusConnection::sessionBus().send(call);
        },
        Qt::QueuedConnection);
}

} // namespace redrive::window
