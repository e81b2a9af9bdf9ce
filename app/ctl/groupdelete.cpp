#include "app/ctl/changing.h"
#include "app/ctl/commands.h"
#include "app/ctl/interrupt.h"
#include "app/ctl/offsetsrun.h"
#include "core/base/text.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

namespace redrive::ctl {

namespace {

kafka::Mutation deletionOf(const GroupId &group)
{
    return {.action = offsets::deleteGroupAction, .target = group.value()};
}

Result<int> deleteGroup(ChangeSession &session, const GroupId &group, const Applying &applying)
{
    const auto permit =
        authorise(session.context, session.profile, deletionOf(group),
                  "Delete group " + visible(group.value()) + " with all it has committed?");
    if (!permit)
        return permit.error();
    auto journal = openJournal(session.clusterId);
    if (!journal)
        return journal.error();
    const StopOnInterrupt stop;
    session.console().progress("deleting the group", 0, 0);
    const auto applied = offsets::deleteGroup(session.admin, group, **journal, *permit,
                                              applyOptions(session, applying), stop.token());
    session.console().clearProgress();
    if (!applied)
        return asContract(applied.error());
    return showOutcome(session.context, *applied);
}

} // namespace

void addGroupDelete(CLI::App &groups, Command &chosen)
{
    struct Asked
    {
        std::string group;
        ApplyingOptions applying;
    };
    auto asked = std::make_shared<Asked>();
    CLI::App *command = addCommand(
        groups, "delete",
        "Delete an empty group with all it has committed; 'offsets undo' brings its offsets back",
        "redrivectl --bootstrap localhost:9092 groups delete billing-old --reason 'gone since "
        "May'");
    command->add_option("GROUP", asked->group, "The group's name")->required()->type_name("");
    command->add_option("--reason", asked->applying.reason, "Why, for the journal")
        ->type_name("TEXT");
    command->add_flag("--even-if-moving", asked->applying.evenIfMoving,
                      "Also where commits move though the group looks empty");
    command->callback([asked, &chosen] {
        chosen = [asked](Context &context) {
            const auto applying = readApplying(asked->applying);
            if (!applying)
                return context.console.fail(applying.error());
            const auto group = readGroup(asked->group);
            if (!group)
                return context.console.fail(group.error());
            const auto profile = chooseProfile(context.options);
            if (!profile)
                return context.console.fail(profile.error());
            if (auto may = mayChange(context, *profile, deletionOf(*group)); !may)
                return context.console.fail(may.error());
            return withGroupAdmin(context, *profile, [&](ChangeSession &session) {
                return deleteGroup(session, *group, *applying);
            });
        };
    });
}

} // namespace redrive::ctl
