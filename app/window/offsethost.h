#pragma once

#include "core/workspace/profile.h"
#include "ui/bridge/offsetrunner.h"

#include <memory>

namespace redrive::window {

/// Plans and makes the window's changes to offsets on core/offsets: each job on a thread and a
/// client of its own, with the profile's guard, and the cluster's journal in the data directory.
std::shared_ptr<ui::OffsetRunner> makeOffsetRunner(const workspace::Profile &profile,
                                                   const workspace::KeychainReader &keychain);

} // namespace redrive::window
