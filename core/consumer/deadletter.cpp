#include "core/consumer/deadletter.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace redrive::consumer {

namespace {

constexpr std::size_t longestMessage = 1024;
constexpr std::size_t shortMessage = 128;

/// Written anew at each death; the rest of `dlq.` is where it came from first.
constexpr std::array<std::string_view, 7> ofThisDeath{
    "dlq.schema",          "dlq.error.class", "dlq.error.message", "dlq.error.stage",
    "dlq.error.retriable", "dlq.attempts",    "dlq.last-failed-at"};

bool isOfThisDeath(std::string_view name)
{
    return std::find(ofThisDeath.begin(), ofThisDeath.end(), name) != ofThisDeath.end();
}

/// At most `longest` bytes of valid UTF-8, and whether that is less than all.
std::string shortened(const std::string &text, std::size_t longest)
{
    std::string whole = isValidUtf8(text) ? text : visible(text);
    if (whole.size() <= longest)
        return whole;
    std::size_t end = longest - 3;
    while (end > 0 && (static_cast<unsigned char>(whole[end]) & 0xC0U) == 0x80U)
        --end;
    return whole.substr(0, end) + "…";
}

std::size_t number(const std::string *text)
{
    std::size_t value = 0;
    if (text != nullptr)
        std::from_chars(text->data(), text->data() + text->size(), value);
    return value;
}

std::string_view name(TimestampType type)
{
    switch (type) {
    case TimestampType::CreateTime: return "CreateTime";
    case TimestampType::LogAppendTime: return "LogAppendTime";
    case TimestampType::None: break;
    }
    return "NoTimestampType";
}

} // namespace

OutgoingRecord deadLetter(const RecordView &record, const std::string &topic,
                          const DeathCertificate &certificate)
{
    const Headers before = record.headers();
    OutgoingRecord letter{.topic = topic,
                          .partition = record.partition,
                          .key = {},
                          .value = {},
                          .headers = {},
                          .timestamp = std::nullopt};
    if (record.key)
        letter.key = std::string(*record.key);
    if (record.value)
        letter.value = std::string(*record.value);
    std::copy_if(before.begin(), before.end(), std::back_inserter(letter.headers),
                 [](const Header &header) { return !isOfThisDeath(header.name); });

    const auto write = [&letter](std::string name, std::string value) {
        letter.headers.push_back(Header{.name = std::move(name), .value = std::move(value)});
    };
    const auto writeFirst = [&](const char *name, std::string value) {
        if (lastHeader(before, name) == nullptr)
            write(name, std::move(value));
    };
    write("dlq.schema", "1");
    // Where it came from is one thing: never half from an earlier hop and half from here.
    const bool diedBefore = lastHeader(before, "dlq.origin.topic") != nullptr;
    if (!diedBefore) {
        writeFirst("dlq.origin.topic", std::string(record.topic));
        writeFirst("dlq.origin.partition", std::to_string(record.partition));
        writeFirst("dlq.origin.offset", std::to_string(record.offset));
        if (record.timestampType != TimestampType::None) {
            writeFirst("dlq.origin.timestamp", std::to_string(record.timestamp));
            writeFirst("dlq.origin.timestamp-type", std::string(name(record.timestampType)));
        }
        writeFirst("dlq.origin.group", certificate.group.value());
    }
    write("dlq.error.class", certificate.failure.errorClass);
    write("dlq.error.message", shortened(certificate.failure.message, longestMessage));
    write("dlq.error.stage", std::string(consumer::name(certificate.failure.stage)));
    write("dlq.error.retriable",
          certificate.failure.kind == Failure::Kind::Permanent ? "false" : "true");
    write("dlq.attempts",
          std::to_string(certificate.attempts + number(lastHeader(before, "dlq.attempts"))));
    writeFirst("dlq.first-failed-at", toRfc3339(certificate.firstFailedAt));
    write("dlq.last-failed-at", toRfc3339(certificate.lastFailedAt));
    // Without an id of its own, a record is known by where it came from.
    writeFirst("dlq.event-id", !certificate.eventId.empty()
                                   ? certificate.eventId
                                   : std::string(record.topic) + ":" +
                                         std::to_string(record.partition) + ":" +
                                         std::to_string(record.offset));
    return letter;
}

bool shrink(OutgoingRecord &letter, int step)
{
    const auto message =
        std::find_if(letter.headers.begin(), letter.headers.end(),
                     [](const Header &header) { return header.name == "dlq.error.message"; });
    switch (step) {
    case 1:
        if (message != letter.headers.end() && message->value)
            message->value = shortened(*message->value, shortMessage);
        return true;
    case 2:
        if (message != letter.headers.end())
            letter.headers.erase(message);
        return true;
    default: return false;
    }
}

} // namespace redrive::consumer
