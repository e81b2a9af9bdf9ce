#pragma once

#include "ui/dialogs/profiledraft.h"
#include "ui/shell/label.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLineEdit;
class QPlainTextEdit;
class QToolButton;

namespace redrive::ui {

class SecretField;

/// How a cluster is reached, as a form. Shows only the fields that the chosen security needs.
class ProfileForm : public QWidget
{
    Q_OBJECT
public:
    explicit ProfileForm(QWidget *parent = nullptr);

    void show(const ProfileDraft &draft);
    ProfileDraft entered() const;
    /// Says what is wrong, beside the fields, and puts the cursor into the first of them. Empty:
    /// nothing is.
    void complain(const std::vector<FieldProblem> &problems);
    /// After the keychain has refused: the secrets are kept for this session, unless the user
    /// chooses otherwise.
    void keepSecretsInSession();
    void focusFirst();
    /// Labels above their fields, where there is little room.
    void setNarrow(bool narrow);

private:
    QLineEdit *line(QFormLayout *form, const QString &name, const char *object,
                    const QString &example);
    QLineEdit *file(QFormLayout *form, const QString &name, const char *object);
    QPlainTextEdit *lines(const QString &name, const char *object, const QString &example);
    void addTall(QPlainTextEdit *field);
    void buildSecurity(QFormLayout *form);
    void buildMore(QFormLayout *form);
    void adapt();

    QFormLayout *m_form;
    QLineEdit *m_name;
    QLineEdit *m_bootstrap;
    QComboBox *m_protocol = nullptr;
    QComboBox *m_mechanism = nullptr;
    QLineEdit *m_username = nullptr;
    SecretField *m_password = nullptr;
    QLineEdit *m_ca = nullptr;
    QLineEdit *m_certificate = nullptr;
    QLineEdit *m_key = nullptr;
    SecretField *m_keyPassword = nullptr;
    QComboBox *m_mode = nullptr;
    QCheckBox *m_production = nullptr;
    Label *m_effect = nullptr;
    QToolButton *m_more = nullptr;
    bool m_moreShown = false;
    QPlainTextEdit *m_properties = nullptr;
    QPlainTextEdit *m_addressMap = nullptr;
    Label *m_problems = nullptr;
};

} // namespace redrive::ui
