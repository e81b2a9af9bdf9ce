#pragma once

#include "ui/dialogs/profiledraft.h"

#include <QWidget>

class QComboBox;
class QLineEdit;

namespace redrive::ui {

/// A secret and where it is kept: the keychain, an environment variable that is only named, or the
/// memory of this session.
class SecretField : public QWidget
{
    Q_OBJECT
public:
    /// `name` is the field's, as one sees it ("Password"); `object` the kebab-case stem of the
    /// object names.
    SecretField(const QString &name, const QString &object, QWidget *parent = nullptr);

    void show(const SecretEntry &entry);
    SecretEntry entered() const;
    void choose(SecretPlace place);

private:
    void adapt();

    QString m_name;
    std::string m_property;
    std::string m_keptKey;
    QLineEdit *m_text;
    QComboBox *m_place;
};

} // namespace redrive::ui
