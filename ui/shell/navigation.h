#pragma once

#include <QListWidget>

#include <optional>

namespace redrive::ui {

/// The list of pages at the left, with icons and counts. Shows icons alone where the window is
/// narrow.
class Navigation : public QListWidget
{
    Q_OBJECT
public:
    explicit Navigation(const QStringList &pages, QWidget *parent = nullptr);

    void setCount(const QString &page, const std::optional<std::size_t> &count);
    /// Marks the page, or none where the list does not have it.
    void mark(const QString &page);
    void setNarrow(bool narrow);

    QSize sizeHint() const override;

signals:
    void pageChosen(const QString &page);

private:
    bool m_narrow = false;
    bool m_marking = false;
};

} // namespace redrive::ui
