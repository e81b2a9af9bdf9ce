#pragma once

#include "ui/bridge/clusterview.h"
#include "ui/bridge/consumersessionsproduce.h"

#include <QDialog>
#include <QPointer>
#include <QTimer>

#include <memory>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLineEdit;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace redrive::ui {

class Label;

/// Writes records into a topic: one as it is typed, or so many generated events, and says how many
/// the broker has acknowledged (C9). Not modal, so that a session can be watched meanwhile; closed
/// while it sends, it stops. Owned by the page; deletes itself when closed.
class ProduceForm : public QDialog
{
    Q_OBJECT
public:
    ProduceForm(ClusterView *cluster, std::shared_ptr<ConsumerRunner> runner, const QString &whyNot,
                QWidget *parent = nullptr);

    void setTopic(const QString &topic);
    /// What is entered comes to; an error names the field.
    Result<ProduceRequest> entered() const;

private:
    void adapt();
    void submit();
    void showProgress();

    QPointer<ClusterView> m_cluster;
    std::shared_ptr<ConsumerRunner> m_runner;
    QString m_whyNot;
    std::unique_ptr<ProduceJob> m_job;
    std::uint64_t m_wanted = 0;
    bool m_topicsKnown = false;
    QTimer m_timer;

    QFormLayout *m_form;
    QLineEdit *m_topic;
    QComboBox *m_what;
    QCheckBox *m_nullKey;
    QLineEdit *m_key;
    QWidget *m_keyRow;
    QPlainTextEdit *m_value;
    QCheckBox *m_nullValue;
    QPlainTextEdit *m_headers;
    QSpinBox *m_users;
    QSpinBox *m_seed;
    QSpinBox *m_badEvery;
    QSpinBox *m_count;
    QSpinBox *m_rate;
    Label *m_result;
    Label *m_problem;
    QProgressBar *m_progress;
    QPushButton *m_send;
    QPushButton *m_stop;
};

} // namespace redrive::ui
