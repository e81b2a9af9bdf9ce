#pragma once

#include "ui/bridge/connectiontester.h"
#include "ui/shell/label.h"

#include <QWidget>

class QTreeWidget;

namespace redrive::ui {

/// The steps of a connection test as they happen, and the verdict in a sentence.
class ConnectionTestView : public QWidget
{
    Q_OBJECT
public:
    explicit ConnectionTestView(ConnectionTester &tester, QWidget *parent = nullptr);

private:
    void showSteps();
    void showVerdict();

    ConnectionTester &m_tester;
    QTreeWidget *m_steps;
    Label *m_verdict;
};

} // namespace redrive::ui
