#include "core/offsets/armed.h"

#include "core/base/text.h"
#include "core/offsets/applywrite.h"

#include <algorithm>
#include <set>
#include <utility>

namespace redrive::offsets {

namespace {

/// The last commits of consumers that leave come about when their group turns empty.
constexpr int mostOutOfDate = 3;

bool isAway(const Error &error)
{
    return error.kind == Error::Kind::Timeout || error.kind == Error::Kind::Transport ||
           error.kind == Error::Kind::Resolve || error.retriable == true;
}

/// Somebody joined between the look and the write, and the broker refused all of it.
bool wasKeptOut(const Applied &applied)
{
    return applied.state == store::JournalState::Failed &&
           std::all_of(applied.rows.begin(), applied.rows.end(), [](const store::JournalRow &row) {
               return row.error && row.error->find("UNKNOWN_MEMBER_ID") != std::string::npos;
           });
}

class Armed
{
public:
    Armed(kafka::GroupAdmin &admin, const PlanRequest &request, const Plan &shown,
          store::Journal &journal, const kafka::Permit &permit, const ArmedOptions &options,
          std::stop_token stop)
        : m_admin(&admin)
        , m_request(request)
        , m_shown(shown)
        , m_journal(journal)
        , m_permit(permit)
        , m_options(options)
        , m_stop(std::move(stop))
        , m_attempted("waiting until group " + visible(request.group.value()) + " is empty")
        , m_deadline(now() + options.expires)
    {
    }

    Result<Applied> run()
    {
        if (auto permitted = checkPermit(m_permit, m_request.group); !permitted)
            return permitted.error();
        if (auto whole = checkErrors(m_shown); !whole)
            return whole.error();
        for (;;) {
            if (m_stop.stop_requested())
                return cancelled(m_attempted);
            if (now() >= m_deadline)
                return expired();
            if (const auto looked = look(); looked && isReady(*looked)) {
                if (auto ended = fire())
                    return std::move(*ended);
            }
            const auto left = std::chrono::ceil<Millis>(m_deadline - now());
            if (left > Millis(0))
                pause(*m_admin, std::min(left, m_options.every), m_options.applying.clock, m_stop);
        }
    }

private:
    MonoTime now() const { return m_options.applying.clock(); }

    Error expired() const
    {
        return refused("EXPIRED",
                       "the group was not empty within " + humanDuration(m_options.expires) +
                           "; nothing was sent",
                       m_attempted);
    }

    /// None: the stop was asked for.
    std::optional<GroupDescription> look()
    {
        if (m_options.renew && m_admin->isWorn()) {
            if (auto *const fresh = m_options.renew())
                m_admin = fresh;
        }
        std::vector<GroupDescription> groups;
        Gather gather(*m_admin);
        m_admin->describeGroups({m_request.group}, m_options.reading.timeout, gather.into(groups));
        if (!gather.wait(m_stop) || groups.empty())
            return std::nullopt;
        tell(groups.front());
        return std::move(groups.front());
    }

    bool isReady(const GroupDescription &group) const
    {
        if (group.error)
            return group.error->code == "GROUP_ID_NOT_FOUND";
        return group.members.empty() &&
               (group.state == GroupState::Empty || group.state == GroupState::Dead);
    }

    /// None: there is more to wait for.
    std::optional<Result<Applied>> fire()
    {
        auto planned = plan(*m_admin, m_request, m_options.reading, m_stop);
        if (!planned)
            return waitedThrough(planned.error());
        const Plan restricted = restrictedToShown(std::move(*planned));
        if (auto fits = checkShown(restricted); !fits)
            return fits.error();
        if (now() >= m_deadline)
            return expired();
        if (m_options.onFire)
            m_options.onFire(restricted);
        auto applied = apply(*m_admin, restricted, m_journal, m_permit, m_options.applying, m_stop);
        if (!applied)
            return waitedThrough(applied.error());
        if (wasKeptOut(*applied))
            return std::nullopt;
        return applied;
    }

    std::optional<Result<Applied>> waitedThrough(const Error &error)
    {
        const bool isLate = error.code == "PLAN_OUT_OF_DATE" && ++m_outOfDate < mostOutOfDate;
        if (error.code != "GROUP_NOT_EMPTY" && !isLate && !isAway(error))
            return error;
        if (isAway(error))
            tell({.id = m_request.group,
                  .state = {},
                  .type = {},
                  .protocol = {},
                  .coordinator = {},
                  .members = {},
                  .error = error});
        return std::nullopt;
    }

    Plan restrictedToShown(Plan planned) const
    {
        std::set<TopicPartition> shown;
        for (const PlanRow &row : m_shown.rows)
            shown.insert(row.partition);
        std::vector<TopicPartition> others;
        for (const PlanRow &row : planned.rows) {
            if (!shown.contains(row.partition))
                others.push_back(row.partition);
        }
        return others.empty() ? planned : without(planned, others);
    }

    Result<void> checkErrors(const Plan &planned) const
    {
        if (planned.error)
            return *planned.error;
        for (const PlanRow &row : planned.rows) {
            if (row.error)
                return refused("PLAN_HAS_ERRORS",
                               inWords(row.partition) + ": " + row.error->message, m_attempted);
        }
        return {};
    }

    Result<void> checkShown(const Plan &planned) const
    {
        if (planned.clusterId != m_shown.clusterId)
            return refused("PLAN_OUT_OF_DATE", "this is another cluster than the one shown",
                           m_attempted);
        std::set<TopicPartition> now;
        for (const PlanRow &row : planned.rows)
            now.insert(row.partition);
        for (const PlanRow &row : m_shown.rows) {
            if (!now.contains(row.partition))
                return refused("PLAN_OUT_OF_DATE",
                               inWords(row.partition) + " was in the plan that was shown, and is "
                                                        "not there any longer",
                               m_attempted);
        }
        for (const auto &[topic, id] : m_shown.topicIds) {
            const auto found = planned.topicIds.find(topic);
            if (found != planned.topicIds.end() && found->second != id)
                return refused("PLAN_OUT_OF_DATE",
                               "topic " + visible(topic) + " was deleted and made again",
                               m_attempted);
        }
        return checkErrors(planned);
    }

    void tell(const GroupDescription &group) const
    {
        if (!m_options.onLook)
            return;
        m_options.onLook({.state = group.state,
                          .members = group.members,
                          .problem = group.error,
                          .seenAt = m_options.applying.wall()});
    }

    kafka::GroupAdmin *m_admin;
    const PlanRequest &m_request;
    const Plan &m_shown;
    store::Journal &m_journal;
    const kafka::Permit &m_permit;
    const ArmedOptions &m_options;
    std::stop_token m_stop;
    std::string m_attempted;
    MonoTime m_deadline;
    int m_outOfDate = 0;
};

} // namespace

Result<Applied> applyWhenEmpty(kafka::GroupAdmin &admin, const PlanRequest &request,
                               const Plan &shown, store::Journal &journal,
                               const kafka::Permit &permit, const ArmedOptions &options,
                               std::stop_token stop)
{
    return Armed(admin, request, shown, journal, permit, options, std::move(stop)).run();
}

} // namespace redrive::offsets
