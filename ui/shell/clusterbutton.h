#pragma once

#include "ui/shell/connectiontext.h"

#include <QToolButton>

namespace redrive::ui {

/// The cluster switcher: the cluster's name, its connection in word and shape, a lock where it is
/// read-only. Opens the menu of clusters. Its text holds all of that, so that nothing is only
/// painted.
class ClusterButton : public QToolButton
{
    Q_OBJECT
public:
    explicit ClusterButton(QWidget *parent = nullptr);

    /// `access` is a word such as "read-only", or empty.
    void show(const QString &name, const StateWord &state, const QString &access);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QFont nameFont() const;

    QString m_name;
    StateWord m_state;
    QString m_access;
};

} // namespace redrive::ui
