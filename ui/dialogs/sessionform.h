#pragma once

#include "ui/bridge/clusterview.h"
#include "ui/dialogs/sessionformdraft.h"

#include <QDialog>
#include <QHash>
#include <QPointer>
#include <QTimer>

#include <functional>

class QComboBox;
class QFormLayout;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace redrive::ui {

class Label;

/// The form that a session is started from, with the field's defaults and, beneath each field, what
/// is risky about what was entered. Owned by the page that opens it; deletes itself when closed.
class SessionForm : public QDialog
{
    Q_OBJECT
public:
    /// `sessions` are those of `cluster`; both outlive the form, or it closes with them.
    SessionForm(ClusterView *cluster, ConsumerSessions *sessions, QWidget *parent = nullptr);

    void show(const SessionDraft &draft);
    SessionDraft entered() const;
    /// Everything that is said beneath the fields now.
    const std::vector<consumer::Advice> &advice() const { return m_advice; }

signals:
    void started(int session);

protected:
    void showEvent(QShowEvent *event) override;
    void done(int result) override;

private:
    QLineEdit *line(const char *object, const QString &name, const QString &example = {});
    QComboBox *choice(const char *object, const QString &name);
    QWidget *pair(QWidget *first, QWidget *second, const QString &between = {});
    void row(QFormLayout *form, std::string_view field, const QString &name, QWidget *widget,
             QWidget *focus = nullptr);
    QWidget *buildWhat();
    QWidget *buildHow();
    QWidget *buildFailures();
    void fillCompletions();
    void adapt();
    void refreshAdvice();
    bool isOnlyEmpty(const consumer::Advice &advice) const;
    void submit();

    QPointer<ClusterView> m_cluster;
    ConsumerSessions *m_sessions;
    std::vector<consumer::Advice> m_advice;
    QTimer m_adviceTimer;
    bool m_tried = false; ///< to start

    QLineEdit *m_group = nullptr;
    QLineEdit *m_topics = nullptr;
    QComboBox *m_handler = nullptr;
    Label *m_handlerAbout = nullptr;
    QLineEdit *m_database = nullptr;
    QComboBox *m_reset = nullptr;
    QComboBox *m_protocol = nullptr;
    QLineEdit *m_instanceId = nullptr;
    QComboBox *m_commit = nullptr;
    QLineEdit *m_commitBatch = nullptr;
    QLineEdit *m_commitInterval = nullptr;
    QSpinBox *m_workers = nullptr;
    QComboBox *m_ordering = nullptr;
    QLineEdit *m_drain = nullptr;
    QSpinBox *m_retries = nullptr;
    QLineEdit *m_backOff = nullptr;
    QLineEdit *m_backOffCap = nullptr;
    QWidget *m_backOffRow = nullptr;
    QComboBox *m_onPoison = nullptr;
    QComboBox *m_deadLetters = nullptr;
    QLineEdit *m_deadLetterSuffix = nullptr;
    QLineEdit *m_deadLetterTopic = nullptr;
    QComboBox *m_dedupe = nullptr;
    QLineEdit *m_faults = nullptr;

    struct Field
    {
        QFormLayout *form = nullptr;
        QWidget *row = nullptr; ///< the field with the advice beneath it
        QWidget *focus = nullptr;
        Label *advice = nullptr;
    };
    QHash<QString, Field> m_fields;
    Label *m_access = nullptr;
    Label *m_summary = nullptr;
    QPushButton *m_start = nullptr;
};

} // namespace redrive::ui
