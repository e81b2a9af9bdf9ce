#include "core/workspace/problems.h"

#include "core/base/text.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace redrive::workspace {

namespace {

struct Named
{
    std::string id;
    Error error;
};

std::string idOf(std::string_view scope, const std::string &attempted, const std::string &code)
{
    return std::string(scope) + '\n' + attempted + '\n' + code;
}

/// One for each, or one for all of the same code where there are many.
std::vector<Named> gathered(std::string_view scope, const std::vector<Error> &errors)
{
    std::map<std::string, std::map<std::string, const Error *>> byCode;
    for (const Error &error : errors)
        byCode[error.code].try_emplace(error.attempted, &error);
    std::vector<Named> result;
    for (const auto &[code, byAttempt] : byCode) {
        if (byAttempt.size() > ProblemList::mostOfOneCode) {
            Error all = *byAttempt.begin()->second;
            all.attempted +=
                ", and " + grouped(static_cast<std::int64_t>(byAttempt.size() - 1)) + " more";
            result.push_back({.id = idOf(scope, {}, code), .error = std::move(all)});
            continue;
        }
        for (const auto &[attempted, error] : byAttempt)
            result.push_back({.id = idOf(scope, attempted, code), .error = *error});
    }
    return result;
}

} // namespace

bool ProblemList::report(std::string_view scope, const std::vector<Error> &errors, WallTime now)
{
    std::set<std::string> reported;
    for (Named &each : gathered(scope, errors)) {
        note(scope, each.error, each.id, now);
        reported.insert(std::move(each.id));
    }
    bool isChanged = !reported.empty();
    for (Entry &entry : m_entries) {
        if (entry.scope == scope && entry.problem.current && !reported.contains(entry.problem.id)) {
            entry.problem.current = false;
            isChanged = true;
        }
    }
    trim();
    return isChanged;
}

void ProblemList::note(std::string_view scope, const Error &error, std::string id, WallTime now)
{
    const auto known = std::find_if(m_entries.begin(), m_entries.end(),
                                    [&](const Entry &each) { return each.problem.id == id; });
    if (known == m_entries.end()) {
        Problem problem;
        problem.id = std::move(id);
        problem.error = error;
        problem.advice = m_advise ? m_advise(error) : std::string();
        problem.first = problem.last = now;
        m_entries.push_back({.scope = std::string(scope), .problem = std::move(problem)});
        return;
    }
    Problem &problem = known->problem;
    problem.error = error;
    problem.last = now;
    ++problem.count;
    problem.current = true;
}

void ProblemList::trim()
{
    while (m_entries.size() > mostKept) {
        const auto least = std::min_element(
            m_entries.begin(), m_entries.end(), [](const Entry &a, const Entry &b) {
                return std::pair(a.problem.current, a.problem.last) <
                       std::pair(b.problem.current, b.problem.last);
            });
        m_entries.erase(least);
    }
}

void ProblemList::clearPast()
{
    std::erase_if(m_entries, [](const Entry &each) { return !each.problem.current; });
}

std::vector<Problem> ProblemList::list() const
{
    std::vector<Problem> problems;
    problems.reserve(m_entries.size());
    for (const Entry &each : m_entries)
        problems.push_back(each.problem);
    std::stable_sort(problems.begin(), problems.end(), [](const Problem &a, const Problem &b) {
        return std::pair(a.current, a.last) > std::pair(b.current, b.last);
    });
    return problems;
}

} // namespace redrive::workspace
