#include "core/base/error.h"

namespace redrive {

std::string describe(const Error &error)
{
    std::string text;
    if (!error.attempted.empty())
        text += error.attempted + ": ";
    text += error.message.empty() ? "failed without a reason" : error.message;
    if (!error.code.empty())
        text += " (" + error.code + ")";
    return text;
}

} // namespace redrive
