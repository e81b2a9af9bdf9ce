#pragma once

#include "ui/bridge/clusterview.h"

#include <QMessageBox>
#include <QStringList>

#include <vector>

namespace redrive::ui {

/// The groups of which a reset waits there, as they are shown.
QStringList waitingGroups(const std::vector<ClusterView *> &clusters);

/// What waits ends with the window or the connection, and nothing of it was sent: asks whether that
/// is meant. Accepted: it is. Deletes itself when closed.
QMessageBox *askToEndWaiting(const std::vector<ClusterView *> &clusters, QWidget *parent);

} // namespace redrive::ui
