#pragma once

#include "core/base/error.h"
#include "core/base/time.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Values of options. Errors are usage errors that name the option.
namespace redrive::ctl {

/// `1048576`, `64KiB`, `4MiB`, `1GiB`, or `64kB`, `4MB`, `1GB` in thousands.
Result<std::uint64_t> parseSize(std::string_view option, std::string_view text);

/// A whole number from `least` on.
Result<std::uint64_t> parseCount(std::string_view option, std::string_view text,
                                 std::uint64_t least);

/// `100/s`, `30/m`, `10/h`; a plain number is per second. Answers records a second.
Result<double> parseRate(std::string_view option, std::string_view text);

/// `1/100`: every hundredth. Answers 100.
Result<std::uint64_t> parseEvery(std::string_view option, std::string_view text);

/// A duration; with `above` not nothing.
enum class Least
{
    Nothing,
    AboveNothing
};
Result<Millis> parseSpan(std::string_view option, std::string_view text, Least least);

/// `100ms:10s`: the first wait and the longest.
Result<std::pair<Millis, Millis>> parseBackoff(std::string_view option, std::string_view text);

/// `a,b` and repeats of the option, in order, without repeats; empty names are refused.
Result<std::vector<std::string>> parseNames(std::string_view option,
                                            const std::vector<std::string> &given);

/// The error of a value that is none of a few.
Error notOneOf(std::string_view option, std::string_view text, std::string_view values);

} // namespace redrive::ctl
