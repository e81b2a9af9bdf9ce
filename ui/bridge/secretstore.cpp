#include "ui/bridge/secretstore.h"

namespace redrive::ui {

namespace {

Error noKeychain(const char *attempted)
{
    return {.kind = Error::Kind::Unsupported,
            .code = "NO_KEYCHAIN",
            .message = "this system has no keychain",
            .attempted = attempted,
            .retriable = false};
}

} // namespace

void NoSecretStore::read(const QString &, QObject *context, ReadDone done)
{
    QMetaObject::invokeMethod(
        context, [done = std::move(done)] { done(noKeychain("reading a secret")); },
        Qt::QueuedConnection);
}

void NoSecretStore::write(const QString &, const QString &, QObject *context, WriteDone done)
{
    QMetaObject::invokeMethod(
        context, [done = std::move(done)] { done(noKeychain("keeping a secret")); },
        Qt::QueuedConnection);
}

void NoSecretStore::remove(const QString &) {}

} // namespace redrive::ui
