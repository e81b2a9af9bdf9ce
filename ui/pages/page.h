#pragma once

#include "ui/bridge/clusterview.h"

#include <QPointer>
#include <QWidget>

#include <functional>
#include <optional>
#include <vector>

namespace redrive::ui {

/// Something the palette can offer: a group, a topic, an action of the page.
struct PaletteEntry
{
    QString text;
    QString hint; ///< "group", "topic", "action", or the shortcut
    std::function<void()> run;
};

/// A page of the window, over the cluster that is shown now. The shell calls setCluster() when the
/// user switches and setShown() when the page comes to the front or leaves it; a page refreshes
/// only while it is shown.
class Page : public QWidget
{
    Q_OBJECT
public:
    using QWidget::QWidget;

    virtual QString title() const = 0;
    /// May be null: no cluster is open.
    virtual void setCluster(ClusterView *cluster) = 0;
    virtual void setShown(bool shown) = 0;
    /// Puts the cursor into the page's filter (Ctrl+F, /). Pages without one do nothing.
    virtual void focusFilter() {}
    /// What can be done here. Pages, clusters, groups and topics are offered by the window.
    virtual std::vector<PaletteEntry> paletteEntries() const { return {}; }
    /// Where the page is, for back and forward: a group's name, a topic's. Empty: just the page.
    virtual QString place() const { return {}; }
    virtual void goTo(const QString &place) { Q_UNUSED(place) }

signals:
    /// The user moved within the page: a new entry for back and forward.
    void placeChanged();
    /// "Show me group X": page is a title such as "Groups"; an empty one is the list of problems.
    void openRequested(const QString &page, const QString &place);
    /// "Run a consumer in that group here": opens the form of a session.
    void joinRequested(const QString &group);
    /// "Move that group's offsets": opens the plan, or brings up the one that is open.
    void offsetsRequested(const redrive::ui::OffsetWish &wish);
};

} // namespace redrive::ui
