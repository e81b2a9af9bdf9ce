#pragma once

#include "ui/bridge/secretstore.h"

namespace redrive::window {

/// The system's keychain (Secret Service, KWallet) through QtKeychain.
class Keychain final : public ui::SecretStore
{
public:
    void read(const QString &key, QObject *context, ReadDone done) override;
    void write(const QString &key, const QString &secret, QObject *context,
               WriteDone done) override;
    void remove(const QString &key) override;
};

} // namespace redrive::window
