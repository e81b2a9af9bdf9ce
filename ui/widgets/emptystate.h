#pragma once

#include <QString>
#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QPushButton;
QT_END_NAMESPACE

namespace redrive::ui {

/// A page for when there is nothing to show: what is missing, why, and the one button that helps.
class EmptyState : public QWidget
{
    Q_OBJECT
public:
    explicit EmptyState(QWidget *parent = nullptr);

    /// Plain text, foreign or not; `text` may have several lines. No button: an empty label.
    void say(const QString &title, const QString &text, const QString &button = {});
    QString title() const;
    QString text() const;

signals:
    void pressed();

private:
    QLabel *m_title;
    QLabel *m_text;
    QPushButton *m_button;
};

} // namespace redrive::ui
