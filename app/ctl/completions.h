#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace redrive::ctl {

/// An option of a command, as a shell completes it.
struct CompletedOption
{
    std::vector<std::string> names;  ///< "--output", "-o"
    std::vector<std::string> values; ///< "table", "json" …
    bool takesValue = false;
    std::string about;
};

/// A command on the way through the tree: "", "groups", "groups list".
struct CompletedCommand
{
    std::string path;
    std::string about;
    std::vector<std::string> children; ///< names of the commands below
    std::vector<CompletedOption> options;
    bool namesProfile = false; ///< its argument is a profile's name
    bool namesFile = false;    ///< its argument is a file
    std::vector<std::string>
        argumentValues; ///< what its argument may be, where that is a fixed few
};

/// The tree as a list, parents first.
std::vector<CompletedCommand> completedCommands(const CLI::App &root);

enum class Shell
{
    Bash,
    Zsh,
    Fish
};
std::optional<Shell> parseShell(std::string_view name);
std::string completionScript(Shell shell, const std::vector<CompletedCommand> &commands);

} // namespace redrive::ctl
