#include "app/ctl/recordsource.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <iterator>
#include <utility>

namespace redrive::ctl {

namespace {

Error unreadable(const std::string &name)
{
    return Error{.kind = Error::Kind::Internal,
                 .code = "READ_FAILED",
                 .message = std::strerror(errno),
                 .attempted = "reading " + name,
                 .retriable = false};
}

/// Standard input is read through stdio, which tells its errors apart only there.
bool isBroken(const std::istream &stream)
{
    return stream.bad() ||
           (stream.rdbuf() == std::cin.rdbuf() && std::ferror(stdin) != 0 && errno != EINTR);
}

class Lines final : public RecordSource
{
public:
    Lines(std::unique_ptr<std::istream> lines, std::string name, std::optional<std::string> key,
          std::optional<std::string> delimiter)
        : m_lines(std::move(lines))
        , m_name(std::move(name))
        , m_key(std::move(key))
        , m_delimiter(std::move(delimiter))
    {
    }

    Result<std::optional<SourceRecord>> next() override
    {
        std::string line;
        if (!std::getline(*m_lines, line)) {
            if (isBroken(*m_lines))
                return unreadable(m_name);
            return std::optional<SourceRecord>();
        }
        SourceRecord record{.key = m_key, .value = {}};
        const auto at = m_delimiter ? line.find(*m_delimiter) : std::string::npos;
        if (at != std::string::npos) {
            record.key = line.substr(0, at);
            line.erase(0, at + m_delimiter->size());
        }
        record.value = std::move(line);
        return std::optional(std::move(record));
    }

private:
    std::unique_ptr<std::istream> m_lines;
    std::string m_name;
    std::optional<std::string> m_key;
    std::optional<std::string> m_delimiter;
};

class Whole final : public RecordSource
{
public:
    Whole(std::unique_ptr<std::istream> file, std::string name, std::optional<std::string> key)
        : m_file(std::move(file))
        , m_name(std::move(name))
        , m_key(std::move(key))
    {
    }

    Result<std::optional<SourceRecord>> next() override
    {
        if (!m_file)
            return std::optional<SourceRecord>();
        const auto file = std::exchange(m_file, nullptr);
        std::string value{std::istreambuf_iterator<char>(*file), {}};
        if (isBroken(*file))
            return unreadable(m_name);
        return std::optional(SourceRecord{.key = std::move(m_key), .value = std::move(value)});
    }
    std::optional<std::uint64_t> total() const override { return 1; }

private:
    std::unique_ptr<std::istream> m_file;
    std::string m_name;
    std::optional<std::string> m_key;
};

class Events final : public RecordSource
{
public:
    Events(const events::ProducePlan &plan, std::uint64_t count)
        : m_plan(plan)
        , m_count(count)
    {
    }

    Result<std::optional<SourceRecord>> next() override
    {
        if (m_next == m_count)
            return std::optional<SourceRecord>();
        auto event = events::makeEvent(m_plan, m_next++);
        return std::optional(
            SourceRecord{.key = std::move(event.key), .value = std::move(event.value)});
    }
    std::optional<std::uint64_t> total() const override { return m_count; }

private:
    const events::ProducePlan m_plan;
    const std::uint64_t m_count;
    std::uint64_t m_next = 0;
};

} // namespace

std::unique_ptr<RecordSource> linesOf(std::unique_ptr<std::istream> lines, std::string name,
                                      std::optional<std::string> key,
                                      std::optional<std::string> delimiter)
{
    return std::make_unique<Lines>(std::move(lines), std::move(name), std::move(key),
                                   std::move(delimiter));
}

std::unique_ptr<RecordSource> wholeOf(std::unique_ptr<std::istream> file, std::string name,
                                      std::optional<std::string> key)
{
    return std::make_unique<Whole>(std::move(file), std::move(name), std::move(key));
}

std::unique_ptr<RecordSource> eventsOf(const events::ProducePlan &plan, std::uint64_t count)
{
    return std::make_unique<Events>(plan, count);
}

} // namespace redrive::ctl
