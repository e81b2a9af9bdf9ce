#pragma once

#include "core/workspace/profile.h"
#include "ui/bridge/consumerrunner.h"

#include <memory>

namespace redrive::window {

/// Runs the window's sessions on core/run: each from its own thread, with the profile's secrets as
/// they were when the cluster was opened. What a person does to a running session is kept in the
/// cluster's journal before it is done.
std::shared_ptr<ui::ConsumerRunner> makeRunner(const workspace::Profile &profile,
                                               const workspace::KeychainReader &keychain);

} // namespace redrive::window
