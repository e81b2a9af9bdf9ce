#pragma once

#include "ui/models/groupmodel.h"

#include <QSet>
#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QLineEdit;
class QToolButton;
QT_END_NAMESPACE

namespace redrive::ui {

class CheckMenu;

/// The line above the groups: which of them are shown, and how many that are.
class GroupFilterBar : public QWidget
{
    Q_OBJECT
public:
    explicit GroupFilterBar(QWidget *parent = nullptr);

    bool accepts(const GroupRow &row) const;
    bool isActive() const; ///< something may be hidden
    void clear();
    void focusText();
    void setCount(int shown, int all);

signals:
    void changed();
    void entered(); ///< Enter: on to the table

private:
    void choose();

    QLineEdit *m_text;
    CheckMenu *m_states;
    QToolButton *m_watched;
    QLabel *m_count;
    QString m_needle;
    QSet<int> m_chosen;
};

} // namespace redrive::ui
