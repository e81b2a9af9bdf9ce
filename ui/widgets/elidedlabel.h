#pragma once

#include <QString>
#include <QWidget>

namespace redrive::ui {

/// One line of plain text that gives way in the middle when there is no room; the whole of it is in
/// the tooltip and in the accessible name.
class ElidedLabel : public QWidget
{
    Q_OBJECT
public:
    explicit ElidedLabel(QWidget *parent = nullptr);

    void setText(const QString &text);
    const QString &text() const { return m_text; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_text;
};

} // namespace redrive::ui
