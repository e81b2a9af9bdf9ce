#include "core/decode/decode.h"
#include "core/decode/syntax.h"
#include "core/events/nextoccurrence.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

using namespace redrive;

void require(bool isTrue)
{
    if (!isTrue)
        std::abort();
}

void checkFailure(const events::Rejected &rejected)
{
    require(!rejected.failure.message.empty());
    require(rejected.failure.kind == consumer::Failure::Kind::Permanent);
}

} // namespace

// Whatever the bytes: they are read as JSON exactly where the slow reader finds no fault in them;
// what no reader takes for JSON is no event; and what is an event holds together.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char *>(data), size);
    decode::Raw raw;
    const auto error = decode::decode(bytes, raw);
    if (size == 0)
        return 0;
    if (const auto fault = decode::firstSyntaxFault(bytes, decode::depthLimit))
        require(error && error->byte == fault->byte && error->path.empty());
    else if (error)
        require(error->message.starts_with("duplicate key $") ||
                error->message.starts_with("lone surrogate at $"));
    else
        require(bytes.find(raw.bytes) != std::string_view::npos);

    const events::Instant now{};
    const auto order = events::readOrder(bytes);
    if (order) {
        const auto again = events::Money::parse(order->totalPrice.text());
        require(again.money && *again.money == order->totalPrice);
    } else {
        checkFailure(order.error());
    }
    const auto task = events::readTaskEvent(bytes, now);
    if (task) {
        const auto next = events::nextOccurrence(*task, now);
        if (next && *next) {
            const auto read = events::readTaskEvent((*next)->value, now);
            require(read && read->dueAt == (*next)->dueAt && read->eventId == (*next)->eventId);
        }
    } else {
        checkFailure(task.error());
    }
    const auto notice = events::readNotice(bytes, now);
    if (!notice)
        checkFailure(notice.error());
    if (error)
        require(!order && !task && !notice);
    return 0;
}
