#include "ui/dialogs/profileform.h"

#include "ui/dialogs/secretfield.h"
#include "ui/format/format.h"
#include "ui/theme/icons.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

QString qt(const std::string &text)
{
    return QString::fromStdString(text);
}

void choose(QComboBox *box, const QString &value)
{
    int index = box->findData(value);
    if (index < 0 && !value.isEmpty()) {
        box->addItem(value, value);
        index = box->count() - 1;
    }
    box->setCurrentIndex(std::max(index, 0));
}

} // namespace

QLineEdit *ProfileForm::line(QFormLayout *form, const QString &name, const char *object,
                             const QString &example)
{
    auto *field = new QLineEdit(this);
    field->setObjectName(QLatin1StringView(object));
    field->setAccessibleName(name);
    field->setPlaceholderText(example);
    form->addRow(name, field);
    return field;
}

QLineEdit *ProfileForm::file(QFormLayout *form, const QString &name, const char *object)
{
    auto *field = new QLineEdit(this);
    field->setObjectName(QLatin1StringView(object));
    field->setAccessibleName(name);
    field->setPlaceholderText(tr("path of a PEM file"));
    auto *browse = new QToolButton(this);
    browse->setObjectName(QLatin1StringView(object) + u"-browse"_s);
    browse->setIcon(theme::icon(u"folder"_s));
    browse->setAutoRaise(true);
    browse->setFocusPolicy(Qt::StrongFocus);
    browse->setAccessibleName(tr("Choose a file: %1").arg(name));
    browse->setToolTip(tr("Choose a file"));
    connect(browse, &QToolButton::clicked, this, [this, field, name] {
        auto *dialog = new QFileDialog(this, name);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, field, &QLineEdit::setText);
        dialog->open();
    });
    auto *both = new QWidget(this);
    auto *row = new QHBoxLayout(both);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::space4);
    row->addWidget(field, 1);
    row->addWidget(browse);
    both->setFocusProxy(field);
    form->addRow(name, both);
    return field;
}

QPlainTextEdit *ProfileForm::lines(const QString &name, const char *object, const QString &example)
{
    auto *field = new QPlainTextEdit(this);
    field->setObjectName(QLatin1StringView(object));
    field->setAccessibleName(name);
    field->setPlaceholderText(example);
    field->setTabChangesFocus(true);
    field->setFont(theme::monospace());
    field->setFixedHeight(field->fontMetrics().lineSpacing() * 4 + theme::space16);
    return field;
}

ProfileForm::ProfileForm(QWidget *parent)
    : QWidget(parent)
    , m_form(new QFormLayout(this))
{
    setObjectName(u"profile-form"_s);
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setHorizontalSpacing(theme::space16);
    m_form->setVerticalSpacing(theme::space8);
    m_form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->setRowWrapPolicy(QFormLayout::DontWrapRows);

    m_name = line(m_form, tr("Name"), "profile-name", tr("what you call this cluster"));
    m_bootstrap = line(m_form, tr("Bootstrap servers"), "bootstrap-servers",
                       tr("broker-1:9092, broker-2:9092"));
    buildSecurity(m_form);
    buildMore(m_form);
    m_problems = new Label({}, this);
    m_problems->setObjectName(u"form-problems"_s);
    m_problems->setToken(theme::Token::Bad);
    m_problems->setWordWrap(true);
    m_problems->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_form->addRow(m_problems);
    levelLabels(m_form);
    show(draftOf(workspace::Profile{}));
    complain({});
}

void ProfileForm::buildSecurity(QFormLayout *form)
{
    m_protocol = new QComboBox(this);
    m_protocol->setObjectName(u"security-protocol"_s);
    m_protocol->setAccessibleName(tr("Security"));
    m_protocol->addItem(tr("None (PLAINTEXT)"), u"plaintext"_s);
    m_protocol->addItem(tr("TLS (SSL)"), u"ssl"_s);
    m_protocol->addItem(tr("Password, unencrypted (SASL_PLAINTEXT)"), u"sasl_plaintext"_s);
    m_protocol->addItem(tr("Password over TLS (SASL_SSL)"), u"sasl_ssl"_s);
    form->addRow(tr("Security"), m_protocol);
    connect(m_protocol, &QComboBox::currentIndexChanged, this, &ProfileForm::adapt);

    m_mechanism = new QComboBox(this);
    m_mechanism->setObjectName(u"sasl-mechanism"_s);
    m_mechanism->setAccessibleName(tr("SASL mechanism"));
    for (const auto &name : {u"PLAIN"_s, u"SCRAM-SHA-256"_s, u"SCRAM-SHA-512"_s, u"OAUTHBEARER"_s})
        m_mechanism->addItem(name, name);
    form->addRow(tr("SASL mechanism"), m_mechanism);
    connect(m_mechanism, &QComboBox::currentIndexChanged, this, &ProfileForm::adapt);
    m_username = line(form, tr("User name"), "sasl-username", {});
    m_password = new SecretField(tr("Password"), u"sasl-password"_s, this);
    form->addRow(tr("Password"), m_password);
    m_ca = file(form, tr("CA certificate"), "ca-file");
    m_certificate = file(form, tr("Client certificate"), "certificate-file");
    m_key = file(form, tr("Client key"), "key-file");
    m_keyPassword = new SecretField(tr("Key password"), u"key-password"_s, this);
    form->addRow(tr("Key password"), m_keyPassword);

    m_mode = new QComboBox(this);
    m_mode->setObjectName(u"access-mode"_s);
    m_mode->setAccessibleName(tr("Changes"));
    m_mode->addItem(tr("Allowed"), static_cast<int>(kafka::AccessMode::Free));
    m_mode->addItem(tr("Confirmed by typing the name"),
                    static_cast<int>(kafka::AccessMode::Confirm));
    m_mode->addItem(tr("Never (read-only)"), static_cast<int>(kafka::AccessMode::ReadOnly));
    form->addRow(tr("Changes"), m_mode);
    m_production =
        new QCheckBox(tr("Production: marked with a band, never without confirmation"), this);
    m_production->setObjectName(u"production"_s);
    form->addRow(QString(), m_production);
    m_effect = new Label({}, this);
    m_effect->setObjectName(u"access-effect"_s);
    m_effect->setToken(theme::Token::MutedText);
    form->addRow(QString(), m_effect);
    connect(m_mode, &QComboBox::currentIndexChanged, this, &ProfileForm::adapt);
    connect(m_production, &QCheckBox::toggled, this, &ProfileForm::adapt);
}

void ProfileForm::addTall(QPlainTextEdit *field)
{
    auto *title = new Label(field->accessibleName(), this);
    title->setBuddy(field);
    title->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    title->setContentsMargins(0, theme::space8, 0, 0);
    m_form->addRow(title, field);
}

void ProfileForm::buildMore(QFormLayout *form)
{
    m_more = new QToolButton(this);
    m_more->setObjectName(u"more-properties-button"_s);
    m_more->setAutoRaise(true);
    m_more->setFocusPolicy(Qt::StrongFocus);
    form->addRow(QString(), m_more);
    m_properties = lines(tr("More properties"), "more-properties",
                         u"socket.timeout.ms=10000\nsasl.oauthbearer.client.secret=env:NAME"_s);
    addTall(m_properties);
    m_addressMap =
        lines(tr("Address map"), "address-map", u"broker-0.kafka.svc:9092=127.0.0.1:19092"_s);
    m_addressMap->setToolTip(
        tr("For port-forwards and tunnels: what a broker advertises = where it is "
           "reached. TLS still checks the advertised name."));
    addTall(m_addressMap);
    connect(m_more, &QToolButton::clicked, this, [this] {
        m_moreShown = !m_moreShown;
        adapt();
    });
}

void ProfileForm::adapt()
{
    if (!m_addressMap || !m_effect)
        return;
    const std::string protocol = m_protocol->currentData().toString().toStdString();
    const bool sasl = usesSasl(protocol);
    const bool tls = usesTls(protocol);
    const bool password = sasl && m_mechanism->currentData().toString() != "OAUTHBEARER"_L1;
    const auto set = [this](QWidget *field, bool shown) { m_form->setRowVisible(field, shown); };
    set(m_mechanism, sasl);
    set(m_username, password);
    set(m_password, password);
    set(m_ca->parentWidget(), tls);
    set(m_certificate->parentWidget(), tls);
    set(m_key->parentWidget(), tls);
    set(m_keyPassword, tls);
    const bool oauth = sasl && !password;
    const bool more = m_moreShown || oauth;
    m_more->setText(more ? tr("▾ More properties and address map")
                         : tr("▸ More properties and address map"));
    set(m_properties, more);
    set(m_addressMap, more);
    const auto mode = static_cast<kafka::AccessMode>(m_mode->currentData().toInt());
    const bool overruled = m_production->isChecked() && mode == kafka::AccessMode::Free;
    m_form->setRowVisible(m_effect, overruled);
    m_effect->setPlainText(overruled ? tr("Production is read-only unless changes are confirmed.")
                                     : QString());
}

void ProfileForm::show(const ProfileDraft &draft)
{
    m_name->setText(qt(draft.name));
    m_bootstrap->setText(qt(draft.bootstrap));
    choose(m_protocol, qt(draft.protocol));
    choose(m_mechanism, qt(draft.mechanism));
    m_username->setText(qt(draft.username));
    m_ca->setText(qt(draft.caFile));
    m_certificate->setText(qt(draft.certificateFile));
    m_key->setText(qt(draft.keyFile));
    for (const SecretEntry &secret : draft.secrets)
        (secret.property == "sasl.password" ? m_password : m_keyPassword)->show(secret);
    m_mode->setCurrentIndex(m_mode->findData(static_cast<int>(draft.mode)));
    m_production->setChecked(draft.production);
    m_properties->setPlainText(qt(draft.more));
    m_addressMap->setPlainText(qt(draft.addressMap));
    m_moreShown = !draft.more.empty() || !draft.addressMap.empty();
    complain({});
    adapt();
}

ProfileDraft ProfileForm::entered() const
{
    const auto of = [](const QLineEdit *field) { return field->text().toStdString(); };
    ProfileDraft draft;
    draft.name = of(m_name);
    draft.bootstrap = of(m_bootstrap);
    draft.protocol = m_protocol->currentData().toString().toStdString();
    draft.mechanism = m_mechanism->currentData().toString().toStdString();
    const bool password = draft.mechanism != "OAUTHBEARER";
    if (password)
        draft.username = of(m_username);
    draft.caFile = of(m_ca);
    draft.certificateFile = of(m_certificate);
    draft.keyFile = of(m_key);
    if (password)
        draft.secrets.push_back(m_password->entered());
    draft.secrets.push_back(m_keyPassword->entered());
    draft.more = m_properties->toPlainText().toStdString();
    draft.addressMap = m_addressMap->toPlainText().toStdString();
    draft.mode = static_cast<kafka::AccessMode>(m_mode->currentData().toInt());
    draft.production = m_production->isChecked();
    return draft;
}

void ProfileForm::complain(const std::vector<FieldProblem> &problems)
{
    QStringList lines;
    for (const FieldProblem &problem : problems)
        lines << u"✕ "_s + problem.field + u": "_s + problem.message;
    m_problems->setPlainText(lines.join(u'\n'));
    m_form->setRowVisible(m_problems, !lines.isEmpty());
    if (problems.empty())
        return;
    for (QWidget *field :
         {static_cast<QWidget *>(m_name), static_cast<QWidget *>(m_bootstrap),
          static_cast<QWidget *>(m_properties), static_cast<QWidget *>(m_addressMap)}) {
        if (field->accessibleName() != problems.front().field)
            continue;
        if (field == m_properties || field == m_addressMap) {
            m_moreShown = true;
            adapt();
        }
        field->setFocus(Qt::OtherFocusReason);
    }
}

void ProfileForm::keepSecretsInSession()
{
    for (SecretField *field : {m_password, m_keyPassword}) {
        SecretEntry entry = field->entered();
        if (entry.place != SecretPlace::Keychain || entry.text.empty())
            continue;
        entry.place = SecretPlace::Session;
        field->show(entry);
    }
}

void ProfileForm::setNarrow(bool narrow)
{
    m_form->setRowWrapPolicy(narrow ? QFormLayout::WrapAllRows : QFormLayout::DontWrapRows);
    levelLabels(m_form);
}

void ProfileForm::focusFirst()
{
    m_name->setFocus(Qt::OtherFocusReason);
}

} // namespace redrive::ui
