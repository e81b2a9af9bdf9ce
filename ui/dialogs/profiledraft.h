#pragma once

#include "core/workspace/profile.h"
#include "ui/bridge/secretstore.h"

#include <QString>

#include <string>
#include <vector>

namespace redrive::ui {

/// Where a person wants a secret kept.
enum class SecretPlace
{
    Keychain,
    Environment,
    Session
};

/// One secret of the form.
struct SecretEntry
{
    std::string property; ///< "sasl.password"
    SecretPlace place = SecretPlace::Keychain;
    std::string text; ///< the secret itself, or the variable's name; empty keychain text: as it was
    std::string keptKey; ///< of the keychain reference that the profile has already; may be empty
};

/// A complaint about one field of the form.
struct FieldProblem
{
    QString field; ///< the field's name as one sees it
    QString message;
};

/// What stands in the form, as text. Pure: the widgets are in ProfileForm.
struct ProfileDraft
{
    std::string name;
    std::string bootstrap;
    std::string protocol; ///< "plaintext", "ssl", "sasl_plaintext", "sasl_ssl"
    std::string mechanism;
    std::string username;
    std::string caFile;
    std::string certificateFile;
    std::string keyFile;
    std::vector<SecretEntry> secrets;
    std::string more;       ///< key=value, one a line
    std::string addressMap; ///< ADVERTISED=HOST:PORT, one a line
    kafka::AccessMode mode = kafka::AccessMode::Free;
    bool production = false;
};

/// A profile ready for use, with the secrets that its `keychain:` references stand for, as far as
/// they were typed.
struct FinishedDraft
{
    workspace::Profile profile;
    Secrets typed;                      ///< by keychain key
    std::vector<std::string> forStore;  ///< keys of `typed` that belong in the keychain
    std::vector<FieldProblem> problems; ///< empty: can be used
};

ProfileDraft draftOf(const workspace::Profile &profile);
/// `literals`: secrets found in an import, by property.
ProfileDraft draftOf(const workspace::Profile &profile, const Secrets &literals);
FinishedDraft finish(const ProfileDraft &draft);

bool usesSasl(const std::string &protocol);
bool usesTls(const std::string &protocol);

} // namespace redrive::ui
