#pragma once

#include "ui/bridge/journalreader.h"

#include <filesystem>
#include <memory>

namespace redrive::window {

/// Reads the journals that lie in a directory, one a cluster. Those that were read stay open, so
/// that their files change only when something is written. Thread-safe.
std::shared_ptr<ui::JournalReader> makeJournalReader(std::filesystem::path directory);

} // namespace redrive::window
