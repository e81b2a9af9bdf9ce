#pragma once

#include "core/workspace/snapshot.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace redrive::workspace {

/// What went wrong, one line a problem however often it repeats. Each kind of attempt (its scope)
/// reports all its failures at once; those of its earlier problems that are not among them are
/// over. Pure; not thread-safe.
class ProblemList
{
public:
    using Advise = std::function<std::string(const Error &)>;

    explicit ProblemList(Advise advise)
        : m_advise(std::move(advise))
    {
    }

    /// Returns whether anything changed. Many failures with one code become one problem that says
    /// how many.
    bool report(std::string_view scope, const std::vector<Error> &errors, WallTime now);
    /// Forgets those that are over.
    void clearPast();
    void clear() { m_entries.clear(); }

    /// Current ones first, the newest of each first.
    std::vector<Problem> list() const;

    static constexpr std::size_t mostOfOneCode = 8;
    static constexpr std::size_t mostKept = 200;

private:
    struct Entry
    {
        std::string scope;
        Problem problem;
    };

    void note(std::string_view scope, const Error &error, std::string id, WallTime now);
    void trim();

    Advise m_advise;
    std::vector<Entry> m_entries;
};

} // namespace redrive::workspace
