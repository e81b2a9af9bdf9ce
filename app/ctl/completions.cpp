#include "app/ctl/completions.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <set>

namespace redrive::ctl {

namespace {

/// "classic|consumer|unknown" -> its words; anything else has no fixed values.
std::vector<std::string> valuesOf(const std::string &typeName)
{
    std::vector<std::string> values;
    if (typeName.find('|') == std::string::npos)
        return values;
    for (std::string &value : CLI::detail::split(typeName, '|'))
        values.push_back(std::move(value));
    return values;
}

/// What the value of an option may be, or begin with, where its type does not say so.
std::vector<std::string> wellKnownValues(const CLI::Option &option)
{
    if (option.get_name() == "--state")
        return {"Stable", "Empty", "PreparingRebalance", "CompletingRebalance", "Dead", "Unknown"};
    if (option.get_type_name() == "TARGET")
        return {"earliest",      "latest",  "time:", "ago:",   "shift:",
                "latest-minus:", "offset:", "csv:",  "group:", "snapshot:"};
    return {};
}

CompletedOption completed(const CLI::Option &option)
{
    CompletedOption out;
    for (const std::string &name : option.get_snames())
        out.names.push_back("-" + name);
    for (const std::string &name : option.get_lnames())
        out.names.push_back("--" + name);
    out.takesValue = option.get_items_expected_max() > 0;
    out.about = option.get_description();
    out.values = valuesOf(option.get_type_name());
    if (out.values.empty())
        out.values = wellKnownValues(option);
    return out;
}

void collect(const CLI::App &app, const std::string &path, std::vector<CompletedCommand> &out)
{
    CompletedCommand command;
    command.path = path;
    command.about = app.get_description();
    for (const CLI::Option *option : app.get_options()) {
        if (!option->get_positional())
            command.options.push_back(completed(*option));
        else if (path == "profiles show" || path == "profiles remove")
            command.namesProfile = true;
        else if (path == "profiles import" || path == "offsets apply")
            command.namesFile = true;
        else
            command.argumentValues = valuesOf(option->get_type_name());
    }
    const auto children = app.get_subcommands([](const CLI::App *) { return true; });
    for (const CLI::App *child : children)
        command.children.push_back(child->get_name());
    out.push_back(std::move(command));
    for (const CLI::App *child : children)
        collect(*child, path.empty() ? child->get_name() : path + " " + child->get_name(), out);
}

std::string join(const std::vector<std::string> &words, std::string_view separator)
{
    std::string out;
    for (const std::string &word : words)
        out += (out.empty() ? "" : std::string(separator)) + word;
    return out;
}

std::vector<std::string> wordsOf(const CompletedCommand &command)
{
    std::vector<std::string> words = command.children;
    words.insert(words.end(), command.argumentValues.begin(), command.argumentValues.end());
    for (const CompletedOption &option : command.options)
        words.insert(words.end(), option.names.begin(), option.names.end());
    return words;
}

/// 'quoted' for a shell.
std::string shellQuoted(std::string_view text)
{
    std::string out = "'";
    for (const char c : text)
        out += c == '\'' ? "'\\''" : std::string(1, c);
    return out + "'";
}

/// Calls fn for every distinct option of the tree that takes a value.
void forEachValued(const std::vector<CompletedCommand> &commands,
                   const std::function<void(const CompletedOption &)> &fn)
{
    std::set<std::vector<std::string>> seen;
    for (const CompletedCommand &command : commands)
        for (const CompletedOption &option : command.options)
            if (option.takesValue && seen.insert(option.names).second)
                fn(option);
}

constexpr const char *profilesCall =
    "redrivectl --output csv profiles list 2>/dev/null | tail -n +2 | cut -d, -f1";

/// What bash and zsh share: which command the words before the cursor have reached.
std::string walk(const std::vector<CompletedCommand> &commands, const std::string &words,
                 const std::string &first, const std::string &last)
{
    std::set<std::string> valued;
    forEachValued(commands, [&](const CompletedOption &option) {
        valued.insert(option.names.begin(), option.names.end());
    });
    std::string paths;
    for (const CompletedCommand &command : commands)
        if (!command.path.empty())
            paths += (paths.empty() ? "" : "|") + shellQuoted(command.path);
    return "    local reached='' word skip='' i\n"
           "    for ((i = " +
           first + "; i < " + last +
           "; i++)); do\n"
           "        word=${" +
           words +
           "[i]}\n"
           "        if [[ $skip ]]; then skip=''; continue; fi\n"
           "        case $word in\n"
           "        " +
           join({valued.begin(), valued.end()}, "|") +
           ") skip=1; continue ;;\n"
           "        -*) continue ;;\n"
           "        esac\n"
           "        case \"${reached:+$reached }$word\" in\n"
           "        " +
           paths +
           ") reached=\"${reached:+$reached }$word\" ;;\n"
           "        esac\n"
           "    done\n";
}

std::string bash(const std::vector<CompletedCommand> &commands)
{
    std::string out =
        "# bash completion for redrivectl: source it, or put it into\n"
        "# ~/.local/share/bash-completion/completions/redrivectl\n"
        "_redrivectl_offer() {\n"
        "    local IFS=$'\\n'\n"
        "    COMPREPLY=($(compgen -W \"$1\" -- \"$2\"))\n"
        "    local i\n"
        "    for i in \"${!COMPREPLY[@]}\"; do\n"
        "        printf -v \"COMPREPLY[i]\" %q \"${COMPREPLY[i]}\"\n"
        "    done\n"
        "}\n"
        "_redrivectl() {\n"
        "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n" +
        walk(commands, "COMP_WORDS", "1", "COMP_CWORD") +
        "    case $previous in\n"
        "    --profile) _redrivectl_offer \"$(" +
        profilesCall + ")\" \"$current\"; return ;;\n";
    forEachValued(commands, [&](const CompletedOption &option) {
        if (option.names.back() == "--profile")
            return;
        out += "    " + join(option.names, "|") + ") ";
        out += option.values.empty() ? "COMPREPLY=(); return ;;\n"
                                     : "_redrivectl_offer $'" + join(option.values, "\\n") +
                                           "' \"$current\"; return ;;\n";
    });
    out += "    esac\n    case $reached in\n";
    for (const CompletedCommand &command : commands) {
        const std::string words = "$'" + join(wordsOf(command), "\\n") + "'";
        out += "    " + shellQuoted(command.path) + ") _redrivectl_offer " +
               (command.namesProfile ? words + "$'\\n'\"$(" + profilesCall + ")\"" : words) +
               " \"$current\" ;;\n";
    }
    return out + "    esac\n"
                 "}\n"
                 "complete -o default -F _redrivectl redrivectl\n";
}

std::string zsh(const std::vector<CompletedCommand> &commands)
{
    std::string out =
        "#compdef redrivectl\n"
        "# zsh completion for redrivectl: put it into a folder of $fpath as _redrivectl\n"
        "_redrivectl() {\n"
        "    local previous=${words[CURRENT-1]}\n"
        "    local -a profiles\n" +
        walk(commands, "words", "2", "CURRENT") +
        "    case $previous in\n"
        "    --profile) profiles=(\"${(@f)$(" +
        std::string(profilesCall) + ")}\"); compadd -a profiles; return ;;\n";
    forEachValued(commands, [&](const CompletedOption &option) {
        if (option.names.back() == "--profile")
            return;
        out += "    " + join(option.names, "|") + ") ";
        out += option.values.empty() ? "return ;;\n"
                                     : "compadd -- " + join(option.values, " ") + "; return ;;\n";
    });
    out += "    esac\n    case $reached in\n";
    for (const CompletedCommand &command : commands) {
        out += "    " + shellQuoted(command.path) + ") compadd -- " + join(wordsOf(command), " ");
        if (command.namesProfile)
            out +=
                "; profiles=(\"${(@f)$(" + std::string(profilesCall) + ")}\"); compadd -a profiles";
        if (command.namesFile)
            out += "; _files";
        out += " ;;\n";
    }
    return out + "    esac\n"
                 "}\n"
                 "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n"
                 "    _redrivectl \"$@\"\n"
                 "else\n"
                 "    compdef _redrivectl redrivectl\n"
                 "fi\n";
}

std::string fish(const std::vector<CompletedCommand> &commands)
{
    std::set<std::string> valued;
    forEachValued(commands, [&](const CompletedOption &option) {
        valued.insert(option.names.begin(), option.names.end());
    });
    std::string paths;
    for (const CompletedCommand &command : commands)
        if (!command.path.empty())
            paths += " " + shellQuoted(command.path);
    std::string out =
        "# fish completion for redrivectl: put it into ~/.config/fish/completions/redrivectl.fish\n"
        "function __redrivectl_at\n"
        "    set -l path ''\n"
        "    set -l skip 0\n"
        "    for word in (commandline -opc)[2..-1]\n"
        "        if test $skip = 1\n"
        "            set skip 0\n"
        "        else if contains -- $word " +
        join({valued.begin(), valued.end()}, " ") +
        "\n"
        "            set skip 1\n"
        "        else if not string match -q -- '-*' $word\n"
        "            set -l next (string trim -- \"$path $word\")\n"
        "            contains -- $next" +
        paths +
        "; and set path $next\n"
        "        end\n"
        "    end\n"
        "    test \"$path\" = \"$argv[1]\"\n"
        "end\n"
        "complete -c redrivectl -f\n";
    for (const CompletedCommand &command : commands) {
        const std::string here =
            "complete -c redrivectl -n " + shellQuoted("__redrivectl_at '" + command.path + "'");
        for (const std::string &child : command.children) {
            std::string path = command.path;
            path += path.empty() ? child : " " + child;
            const auto found =
                std::find_if(commands.begin(), commands.end(),
                             [&](const CompletedCommand &other) { return other.path == path; });
            out += here;
            out += " -a " + child;
            out += " -d " + shellQuoted(found->about) + "\n";
        }
        for (const CompletedOption &option : command.options) {
            out += here;
            for (const std::string &name : option.names)
                out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
            if (option.names.back() == "--profile")
                out += " -x -a " + shellQuoted("(" + std::string(profilesCall) + ")");
            else if (!option.values.empty())
                out += " -x -a " + shellQuoted(join(option.values, " "));
            else if (option.takesValue)
                out += " -r";
            out += " -d " + shellQuoted(option.about) + "\n";
        }
        if (!command.argumentValues.empty())
            out += here + " -a " + shellQuoted(join(command.argumentValues, " ")) + "\n";
        if (command.namesFile)
            out += here + " -F\n";
        if (command.namesProfile)
            out += here + " -a " + shellQuoted("(" + std::string(profilesCall) + ")") + "\n";
    }
    return out;
}

} // namespace

std::vector<CompletedCommand> completedCommands(const CLI::App &root)
{
    std::vector<CompletedCommand> commands;
    collect(root, {}, commands);
    return commands;
}

std::optional<Shell> parseShell(std::string_view name)
{
    if (name == "bash")
        return Shell::Bash;
    if (name == "zsh")
        return Shell::Zsh;
    if (name == "fish")
        return Shell::Fish;
    return std::nullopt;
}

std::string completionScript(Shell shell, const std::vector<CompletedCommand> &commands)
{
    switch (shell) {
    case Shell::Bash: return bash(commands);
    case Shell::Zsh: return zsh(commands);
    case Shell::Fish: return fish(commands);
    }
    return {};
}

} // namespace redrive::ctl
