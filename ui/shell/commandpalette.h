#pragma once

#include "ui/pages/page.h"

#include <QFrame>
#include <QStringList>

#include <vector>

class QLineEdit;
class QListWidget;

namespace redrive::ui {

/// The palette (Ctrl+K): a field over a list, of pages, groups, topics, clusters and actions. Lies
/// over the window it belongs to; Esc closes it and gives the focus back.
class CommandPalette : public QFrame
{
    Q_OBJECT
public:
    explicit CommandPalette(QWidget *window);

    void open(std::vector<PaletteEntry> entries);
    void close();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    static constexpr int mostShown = 50;

    void filter(const QString &typed);
    void runCurrent();
    void step(int by);
    void place();

    std::vector<PaletteEntry> m_entries;
    QPointer<QWidget> m_before; ///< had the focus
    QLineEdit *m_field;
    QListWidget *m_list;
};

} // namespace redrive::ui
