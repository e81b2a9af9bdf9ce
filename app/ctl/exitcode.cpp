#include "app/ctl/exitcode.h"

#include "app/ctl/interrupt.h"

#include <utility>

namespace redrive::ctl {

int exitCode(const Error &error)
{
    switch (error.kind) {
    case Error::Kind::Usage:
    case Error::Kind::Config: return exitcode::usage;
    case Error::Kind::Resolve:
    case Error::Kind::Transport:
    case Error::Kind::Tls:
    case Error::Kind::Authentication:
    case Error::Kind::Timeout: return exitcode::unreachable;
    case Error::Kind::Refused: return exitcode::refused;
    case Error::Kind::Cancelled:
        return interruptSignal() != 0 ? 128 + interruptSignal() : exitcode::failed;
    case Error::Kind::Authorization:
    case Error::Kind::Broker:
    case Error::Kind::Unsupported:
    case Error::Kind::Internal: break;
    }
    return exitcode::failed;
}

Error usageError(std::string message, std::string attempted)
{
    if (attempted.empty())
        attempted = "reading the command line";
    return Error{.kind = Error::Kind::Usage,
                 .code = "USAGE",
                 .message = std::move(message),
                 .attempted = std::move(attempted),
                 .retriable = false};
}

} // namespace redrive::ctl
