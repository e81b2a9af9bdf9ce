#pragma once

#include "ui/bridge/consumersessions.h"
#include "ui/format/format.h"

#include <QWidget>

#include <vector>

class QAction;
class QBoxLayout;
class QGridLayout;
class QLabel;
class QProgressBar;

namespace redrive::ui {

class ElidedLabel;
class Label;

/// The head of a session: what it is, how it fares, what is wrong, and the buttons for all of it.
class SessionsHeader : public QWidget
{
    Q_OBJECT
public:
    explicit SessionsHeader(const std::vector<QAction *> &actions, QWidget *parent = nullptr);

    void show(const SessionEntry &entry, TimeZone zone, MonoTime now);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Fact
    {
        QWidget *cell = nullptr;
        Label *value = nullptr;
        QString caption;
    };
    Fact &fact(const char *name, const QString &caption, const QString &help);
    void say(Fact &fact, const QString &text, bool isBad = false);
    void arrange();
    void showFacts(const SessionEntry &entry);
    void showDrain(const SessionEntry &entry, MonoTime now);
    void showTrouble(const SessionEntry &entry, TimeZone zone, MonoTime now);

    ElidedLabel *m_name;
    Label *m_state;
    ElidedLabel *m_line;
    QBoxLayout *m_top;
    QWidget *m_strip;
    QGridLayout *m_grid;
    std::vector<Fact> m_facts;
    int m_columns = 0;
    Label *m_drain;
    QProgressBar *m_drainBar;
    Label *m_breaker;
    Label *m_problem;
};

} // namespace redrive::ui
