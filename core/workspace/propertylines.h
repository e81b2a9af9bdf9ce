#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace redrive::workspace {

struct PropertyLine
{
    int line = 0; ///< 1-based; where it starts
    std::string key;
    std::string value;
    bool hasValue = true; ///< false: there is no separator
};

/// java.util.Properties: `=`, `:` or a blank separates, `#` and `!` comment, a backslash at the end
/// continues, \t \n \uXXXX and the like are escapes. Text that is not UTF-8 is read as Latin-1.
std::vector<PropertyLine> readJavaProperties(std::string_view text);

/// librdkafka and kcat: `key=value` with blanks around both, `#` comments, backslashes are literal;
/// also lines of arguments, `-X key=value` and `-b HOST:PORT`.
std::vector<PropertyLine> readPlainProperties(std::string_view text);

} // namespace redrive::workspace
