#pragma once

#include <QString>

namespace redrive::window {

/// Asks the desktop to show a notification (org.freedesktop.Notifications), from any thread and
/// without waiting. Where no desktop listens, it is lost: it tells of something that is kept
/// already.
void showToast(const QString &title, const QString &text);

} // namespace redrive::window
