#include "app/ctl/offsetsrun.h"

#include "app/ctl/changeshapes.h"
#include "app/ctl/changetables.h"
#include "app/ctl/exitcode.h"
#include "app/ctl/interrupt.h"
#include "app/ctl/survey.h"
#include "core/base/text.h"
#include "core/offsets/armed.h"
#include "core/offsets/planfile.h"
#include "core/offsets/planner.h"
#include "core/offsets/words.h"

#include <algorithm>
#include <string>
#include <utility>

namespace redrive::ctl {

namespace {

constexpr Millis longestGlance{3000};
constexpr std::ptrdiff_t longestCommand = 12; // lines

offsets::ReadOptions readOptions(const ChangeSession &session)
{
    offsets::ReadOptions options;
    options.timeout = session.requestTimeout();
    options.glanceTimeout = std::min(longestGlance, options.timeout);
    options.onProgress = [&console = session.console()](const offsets::Plan &plan) {
        const auto resolved =
            std::count_if(plan.rows.begin(), plan.rows.end(), [](const offsets::PlanRow &row) {
                return row.error || row.target.offset;
            });
        console.progress("planning:", static_cast<std::size_t>(resolved), plan.rows.size());
    };
    return options;
}

/// Why a plan cannot be applied as it stands; none: it can.
std::optional<Error> flaw(const offsets::Plan &plan)
{
    if (plan.error)
        return asContract(*plan.error);
    const std::size_t errors = offsets::totals(plan).errors;
    if (errors == 0)
        return std::nullopt;
    return Error{.kind = Error::Kind::Broker,
                 .code = "PLAN_HAS_ERRORS",
                 .message = std::to_string(errors) + " of " + std::to_string(plan.rows.size()) +
                            " partitions cannot be moved like this; name the others with --topic "
                            "T:P, or choose another target. Nothing was sent",
                 .attempted = "planning " + plan.spec + " for group " + plan.group.value(),
                 .retriable = false};
}

void showCommands(ChangeSession &session, const std::string &kafka, const std::string &redrive)
{
    Console &console = session.console();
    const Look look = lookOf(session.context);
    const auto show = [&](std::string_view title, const std::string &command) {
        if (command.empty())
            return;
        if (std::count(command.begin(), command.end(), '\n') > longestCommand)
            return console.print("\n" + painted(title, Tint::Dim, look.colour) +
                                 "  too long to be shown here; --output json has it\n");
        std::string out = "\n" + painted(title, Tint::Dim, look.colour) + "\n  ";
        for (const char c : command)
            out += c == '\n' ? std::string("\n  ") : std::string(1, c);
        while (!out.empty() && (out.back() == ' ' || out.back() == '\n'))
            out.pop_back();
        console.print(out + "\n");
    };
    show("The same with redrivectl", redrive);
    show("The same with Kafka's own tool", kafka);
}

void showPlan(ChangeSession &session, const offsets::Plan &plan, const std::optional<Error> &error)
{
    Console &console = session.console();
    const bool whole = !flaw(plan);
    const std::string kafka = whole ? offsets::asKafkaCommand(plan, session.bootstrap) : "";
    const std::string redrive =
        whole ? offsets::asRedriveCommand(plan, connectionArguments(session.context.options)) : "";
    switch (console.format()) {
    case Format::Table:
        console.print(planBlock(plan, lookOf(session.context)));
        if (!error)
            showCommands(session, kafka, redrive);
        break;
    case Format::Csv: {
        std::vector<JsonValue> rows;
        for (const offsets::PlanRow &row : plan.rows)
            rows.push_back(planRowJson(row));
        console.printList(planRowKeys, rows);
        break;
    }
    case Format::Json:
    case Format::Ndjson: console.printObject({}, planJson(plan, kafka, redrive, error)); break;
    }
}

/// The plan itself is the result. A plan with errors is shown like any other, and fails.
int endWithPlan(ChangeSession &session, const offsets::Plan &plan, bool wasToBeApplied)
{
    const std::optional<Error> wrong = flaw(plan);
    showPlan(session, plan, wasToBeApplied ? wrong : plan.error);
    if (!wrong)
        return exitcode::done;
    session.console().complain(*wrong);
    return exitCode(*wrong);
}

bool isOccupied(const offsets::Plan &plan)
{
    const bool empty =
        !plan.state || plan.state == GroupState::Empty || plan.state == GroupState::Dead;
    return !empty || !plan.members.empty();
}

std::string questionOf(const offsets::Plan &plan, const Applying &applying)
{
    const std::string what = visible(plan.action) + " " + std::to_string(plan.rows.size()) +
                             (plan.rows.size() == 1 ? " partition" : " partitions") + " of group " +
                             visible(plan.group.value());
    return applying.whenEmpty
               ? what + " as soon as it is empty, within " + humanDuration(applying.expires) + "?"
               : what + "?";
}

/// Says who is in the group: in place on a terminal, else once whenever it changes.
class ArmedWatch
{
public:
    ArmedWatch(Console &console, GroupId group, MonoTime until)
        : m_console(console)
        , m_group(std::move(group))
        , m_until(until)
    {
    }

    void look(const offsets::Waiting &waiting)
    {
        const std::string who =
            "waiting for " + visible(m_group.value()) + " to be empty: " + whoIsInIt(waiting);
        const Millis left =
            std::max(Millis(0), std::chrono::duration_cast<Millis>(m_until - monoNow()));
        m_console.progress(who + " · " + humanDuration(left) + " left", 0, 0);
        if (m_console.errIsTerminal() || who == m_said)
            return;
        m_said = who;
        m_console.warn(who);
    }

private:
    Console &m_console;
    GroupId m_group;
    MonoTime m_until;
    std::string m_said;
};

Result<offsets::Applied> carryOut(ChangeSession &session, const offsets::PlanRequest *request,
                                  const offsets::Plan &plan, store::Journal &journal,
                                  const kafka::Permit &permit, const Applying &applying)
{
    Console &console = session.console();
    const StopOnInterrupt stop;
    if (!applying.whenEmpty || request == nullptr) {
        console.progress("applying", 0, 0);
        return offsets::apply(session.admin, plan, journal, permit, applyOptions(session, applying),
                              stop.token());
    }
    ArmedWatch watch(console, plan.group, monoNow() + applying.expires);
    offsets::ArmedOptions options;
    options.expires = applying.expires;
    options.reading = readOptions(session);
    options.applying = applyOptions(session, applying);
    options.onLook = [&](const offsets::Waiting &waiting) { watch.look(waiting); };
    std::unique_ptr<kafka::GroupAdmin> fresh;
    options.renew = [&]() -> kafka::GroupAdmin * {
        const auto connection = workspace::resolve(session.profile);
        auto opened = connection ? kafka::openGroupAdmin(*connection)
                                 : Result<std::unique_ptr<kafka::GroupAdmin>>(connection.error());
        if (!opened)
            return nullptr;
        fresh = std::move(*opened);
        return fresh.get();
    };
    options.onFire = [&](const offsets::Plan &fired) {
        console.clearProgress();
        console.warn("the group is empty; applying " + fired.hash);
    };
    return offsets::applyWhenEmpty(session.admin, *request, plan, journal, permit, options,
                                   stop.token());
}

/// `request` is what an armed reset plans anew.
Result<int> ask(ChangeSession &session, const offsets::PlanRequest *request,
                const offsets::Plan &plan, const Applying &applying)
{
    if (flaw(plan))
        return endWithPlan(session, plan, true);
    Console &console = session.console();
    if (console.format() == Format::Table)
        showPlan(session, plan, std::nullopt);
    if (canAsk() && !applying.whenEmpty && isOccupied(plan))
        return Error{.kind = Error::Kind::Refused,
                     .code = "GROUP_NOT_EMPTY",
                     .message = offsets::whatStandsInTheWay(plan),
                     .attempted = plan.action + " of group " + plan.group.value(),
                     .retriable = true};
    const auto permit = authorise(session.context, session.profile,
                                  mutationOf(plan.group, plan.action), questionOf(plan, applying));
    if (!permit)
        return permit.error();
    auto journal = openJournal(session.clusterId);
    if (!journal)
        return journal.error();
    const auto applied = carryOut(session, request, plan, **journal, *permit, applying);
    console.clearProgress();
    if (!applied)
        return asContract(applied.error());
    if (console.format() == Format::Table)
        console.print("\n");
    return showOutcome(session.context, *applied);
}

} // namespace

kafka::Mutation mutationOf(const GroupId &group, const std::string &action)
{
    return {.action = action + " offsets", .target = group.value()};
}

offsets::ApplyOptions applyOptions(const ChangeSession &session, const Applying &applying)
{
    offsets::ApplyOptions options;
    options.user = userName();
    options.reason = applying.reason;
    options.timeout = session.requestTimeout();
    options.readBackPatience = session.context.settings.timeout;
    options.lockDirectory = journalDirectory();
    options.evenIfMoving = applying.evenIfMoving;
    return options;
}

int showOutcome(Context &context, const offsets::Applied &applied)
{
    Console &console = context.console;
    switch (console.format()) {
    case Format::Table: console.print(outcomeBlock(applied, lookOf(context))); break;
    case Format::Csv: {
        std::vector<JsonValue> rows;
        for (const store::JournalRow &row : applied.rows)
            rows.push_back(outcomeRowJson(row));
        console.printList(outcomeRowKeys, rows);
        break;
    }
    case Format::Json:
    case Format::Ndjson: console.printObject(outcomeKeys, outcomeJson(applied)); break;
    }
    const auto any = [&](store::JournalOutcome outcome) {
        return std::any_of(applied.rows.begin(), applied.rows.end(),
                           [&](const store::JournalRow &row) { return row.outcome == outcome; });
    };
    if (applied.notRecorded) {
        console.complain(*applied.notRecorded);
        console.warn("what came of it is not in the journal; what was there before is, as " +
                     applied.journal);
    }
    if (any(store::JournalOutcome::Unknown)) {
        console.warn("what came of some partitions is unknown: look with 'offsets journal' once "
                     "the cluster answers; 'offsets undo " +
                     applied.journal + "' takes back whatever was done");
        return exitcode::unknown;
    }
    if (any(store::JournalOutcome::NotApplied) || applied.notRecorded)
        return exitcode::failed;
    return exitcode::done;
}

Result<int> planAndApply(ChangeSession &session, const offsets::PlanRequest &request,
                         const std::optional<std::string> &save, const Applying &applying)
{
    const StopOnInterrupt stop;
    offsets::ReadOptions reading = readOptions(session);
    if (applying.execute) {
        session.admin.prepareChange(request.group, reading.timeout);
        // The records of a plan that is neither shown nor kept are not looked at.
        if (session.console().format() != Format::Table && !save)
            reading.mostGlances = 0;
    }
    auto plan = offsets::plan(session.admin, request, reading, stop.token());
    session.console().clearProgress();
    if (!plan)
        return plan.error();
    if (save)
        if (auto saved = offsets::savePlan(*plan, *save); !saved)
            return saved.error();
    return applying.execute ? ask(session, &request, *plan, applying)
                            : endWithPlan(session, *plan, false);
}

Result<int> applyPlan(ChangeSession &session, const offsets::Plan &plan, const Applying &applying)
{
    return ask(session, nullptr, plan, applying);
}

} // namespace redrive::ctl
