#pragma once

#include "core/workspace/snapshot.h"
#include "ui/format/format.h"

#include <QString>

namespace redrive::ui {

/// What a page says instead of its contents, or above them. Pure.
struct PageWords
{
    QString title;
    QString text;
};

/// While a list was never had: connecting, or why that fails, in the broker's words.
PageWords waitingWords(const QString &cluster, const workspace::ClusterSnapshot &snapshot,
                       const QString &whatIsListed);
/// One line over values that are no longer fresh; empty while they are.
QString staleLine(const workspace::ClusterSnapshot &snapshot, TimeZone zone, WallTime now);

} // namespace redrive::ui
