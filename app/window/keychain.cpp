#include "app/window/keychain.h"

#include <QPointer>
#include <qt6keychain/keychain.h>

#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::window {

namespace {

QString service()
{
    return u"redrive"_s;
}

Error failure(const QKeychain::Job &job, const std::string &attempted)
{
    const bool missing = job.error() == QKeychain::EntryNotFound;
    return {.kind = missing ? Error::Kind::Config : Error::Kind::Unsupported,
            .code = missing ? "SECRET_MISSING" : "KEYCHAIN_UNAVAILABLE",
            .message = missing ? "the keychain has no such entry: enter the secret again"
                               : job.errorString().toStdString(),
            .attempted = attempted,
            .retriable = std::nullopt};
}

} // namespace

void Keychain::read(const QString &key, QObject *context, ReadDone done)
{
    auto *job = new QKeychain::ReadPasswordJob(service());
    job->setKey(key);
    QObject::connect(
        job, &QKeychain::Job::finished, context,
        [job, key, done = std::move(done)](QKeychain::Job *) {
            if (job->error() == QKeychain::NoError)
                done(job->textData().toStdString());
            else
                done(failure(*job, "reading " + key.toStdString() + " from the keychain"));
        });
    job->start();
}

void Keychain::write(const QString &key, const QString &secret, QObject *context, WriteDone done)
{
    auto *job = new QKeychain::WritePasswordJob(service());
    job->setKey(key);
    job->setTextData(secret);
    QObject::connect(
        job, &QKeychain::Job::finished, context,
        [job, key, done = std::move(done)](QKeychain::Job *) {
            if (job->error() == QKeychain::NoError)
                done({});
            else
                done(failure(*job, "keeping " + key.toStdString() + " in the keychain"));
        });
    job->start();
}

void Keychain::remove(const QString &key)
{
    auto *job = new QKeychain::DeletePasswordJob(service());
    job->setKey(key);
    job->start();
}

} // namespace redrive::window
