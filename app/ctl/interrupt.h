#pragma once

namespace redrive::ctl {

/// From now on SIGINT and SIGTERM only take a note, so that the command ends in order; a second one
/// ends it at once.
void catchInterrupts();

/// The signal that asked us to end; 0: none has.
int interruptSignal() noexcept;

} // namespace redrive::ctl
