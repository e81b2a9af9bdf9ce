#pragma once

#include <QSet>
#include <QToolButton>

namespace redrive::ui {

/// A button with a menu of choices of which any number can be ticked; the menu stays open
/// meanwhile. Nothing ticked means no restriction.
class CheckMenu : public QToolButton
{
    Q_OBJECT
public:
    explicit CheckMenu(const QString &title, QWidget *parent = nullptr);

    void addChoice(const QString &text, int value);
    QSet<int> chosen() const;
    void clear();

signals:
    void chosenChanged();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void refreshText();

    QString m_title;
    QAction *m_clear;
};

} // namespace redrive::ui
