#pragma once

#include "core/base/error.h"

#include <QObject>
#include <QString>

#include <functional>
#include <map>
#include <string>

namespace redrive::ui {

/// Where secrets are kept: the system's keychain in the window, a map in tests. Answers come later,
/// on the UI thread, and only while `context` lives. Nothing here is ever logged.
class SecretStore
{
public:
    using ReadDone = std::function<void(Result<std::string>)>;
    using WriteDone = std::function<void(Result<void>)>;

    SecretStore() = default;
    SecretStore(const SecretStore &) = delete;
    SecretStore &operator=(const SecretStore &) = delete;
    virtual ~SecretStore() = default;

    virtual void read(const QString &key, QObject *context, ReadDone done) = 0;
    virtual void write(const QString &key, const QString &secret, QObject *context,
                       WriteDone done) = 0;
    virtual void remove(const QString &key) = 0;
};

/// Used where there is no keychain at all: everything is refused, in words.
class NoSecretStore final : public SecretStore
{
public:
    void read(const QString &key, QObject *context, ReadDone done) override;
    void write(const QString &key, const QString &secret, QObject *context,
               WriteDone done) override;
    void remove(const QString &key) override;
};

/// Secrets by keychain key, in memory only.
using Secrets = std::map<std::string, std::string>;

} // namespace redrive::ui
