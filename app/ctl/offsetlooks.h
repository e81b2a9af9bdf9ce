#pragma once

#include "app/ctl/changing.h"
#include "app/ctl/commands.h"

#include <filesystem>

namespace redrive::ctl {

/// `offsets journal`, `offsets snapshot`, `offsets export`
void addOffsetLooks(CLI::App &offsets, Command &chosen);

/// Runs `work` on the cluster's journal, which is empty where nothing was ever changed from here.
/// `session` is null where the cluster cannot be reached: the journal is then the only one there
/// is, which is said, or there is an error.
int withJournal(
    Context &context,
    const std::function<Result<int>(const store::Journal *journal, ChangeSession *session)> &work);

} // namespace redrive::ctl
