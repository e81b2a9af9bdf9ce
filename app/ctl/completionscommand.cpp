#include "app/ctl/commands.h"
#include "app/ctl/completions.h"
#include "app/ctl/exitcode.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

namespace redrive::ctl {

void addCompletionsCommand(CLI::App &root, Command &chosen)
{
    auto name = std::make_shared<std::string>();
    CLI::App *command =
        addCommand(root, "completions", "Prints what a shell needs to complete redrivectl",
                   "source <(redrivectl completions bash)");
    command->add_option("SHELL", *name, "The shell")->required()->type_name("bash|zsh|fish");
    command->callback([name, &root, &chosen] {
        chosen = [name, &root](Context &context) {
            const auto shell = parseShell(*name);
            if (!shell)
                return context.console.fail(
                    usageError("'" + *name + "' is none of bash, zsh, fish"));
            context.console.print(completionScript(*shell, completedCommands(root)));
            return exitcode::done;
        };
    });
}

} // namespace redrive::ctl
