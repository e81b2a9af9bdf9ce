#include "ui/dialogs/secretfield.h"

#include "ui/theme/tokens.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>

using namespace Qt::StringLiterals;

namespace redrive::ui {

SecretField::SecretField(const QString &name, const QString &object, QWidget *parent)
    : QWidget(parent)
    , m_name(name)
    , m_text(new QLineEdit(this))
    , m_place(new QComboBox(this))
{
    m_text->setObjectName(object);
    m_place->setObjectName(object + u"-place"_s);
    m_place->addItem(tr("Keychain"), QVariant::fromValue(static_cast<int>(SecretPlace::Keychain)));
    m_place->addItem(tr("Environment variable"),
                     QVariant::fromValue(static_cast<int>(SecretPlace::Environment)));
    m_place->addItem(tr("Only this session"),
                     QVariant::fromValue(static_cast<int>(SecretPlace::Session)));
    m_place->setAccessibleName(tr("%1: where it is kept").arg(name));
    m_place->setToolTip(tr("Never stored in plain"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_text, 1);
    row->addWidget(m_place);
    setFocusProxy(m_text);
    connect(m_place, &QComboBox::currentIndexChanged, this, [this] {
        m_text->clear();
        adapt();
    });
    adapt();
}

void SecretField::show(const SecretEntry &entry)
{
    m_property = entry.property;
    m_keptKey = entry.keptKey;
    choose(entry.place);
    m_text->setText(QString::fromStdString(entry.text));
    adapt();
}

void SecretField::choose(SecretPlace place)
{
    m_place->setCurrentIndex(m_place->findData(static_cast<int>(place)));
}

SecretEntry SecretField::entered() const
{
    return {.property = m_property,
            .place = static_cast<SecretPlace>(m_place->currentData().toInt()),
            .text = m_text->text().toStdString(),
            .keptKey = m_keptKey};
}

void SecretField::adapt()
{
    const auto place = static_cast<SecretPlace>(m_place->currentData().toInt());
    const bool named = place == SecretPlace::Environment;
    m_text->setEchoMode(named ? QLineEdit::Normal : QLineEdit::Password);
    m_text->setAccessibleName(named ? tr("%1: name of the environment variable").arg(m_name)
                                    : m_name);
    if (named)
        m_text->setPlaceholderText(tr("NAME of the variable"));
    else if (!m_keptKey.empty() && place == SecretPlace::Keychain)
        m_text->setPlaceholderText(tr("in the keychain; type to replace it"));
    else
        m_text->setPlaceholderText({});
}

} // namespace redrive::ui
