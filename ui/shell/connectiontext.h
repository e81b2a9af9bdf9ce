#pragma once

#include "core/kafka/guard.h"
#include "core/workspace/snapshot.h"
#include "ui/format/format.h"
#include "ui/theme/tokens.h"

#include <QString>

namespace redrive::ui {

/// What the frame says of a cluster, in words; the colour only goes with them.
struct StateWord
{
    QString text; ///< "● connected", "◐ connecting", "✕ not connected since 11:03:22 UTC"
    theme::Token token = theme::Token::Neutral;
    bool operator==(const StateWord &) const = default;
};

StateWord connectionWord(const workspace::ClusterSnapshot &snapshot, TimeZone zone, WallTime now);

/// The status bar's line: "● live, every 5 s · 11:03:22 UTC · 0.24 s".
StateWord liveLine(const workspace::ClusterSnapshot &snapshot, TimeZone zone, WallTime now);

/// "read-only", "confirm": how far the cluster may be changed; empty where it is free.
QString accessWord(const kafka::AccessPolicy &policy);

} // namespace redrive::ui
