#include "core/events/handlers/handlers.h"

namespace redrive::events {

namespace {

/// Takes any bytes and does nothing with them.
class InspectHandler final : public consumer::Handler
{
public:
    std::string_view name() const override { return inspectKind.name; }
    std::size_t batchLimit() const override { return 10'000; }
    consumer::BatchResult process(std::span<const RecordView> records,
                                  consumer::Progress &progress) override
    {
        if (records.empty() || !progress.begin(0))
            return {};
        return {.done = records.size(), .failure = {}, .notes = {}};
    }
};

} // namespace

const HandlerKind inspectKind{
    .name = "inspect",
    .about = "reads records and does nothing with them",
    .make = [](const HandlerSettings &) -> Result<std::shared_ptr<consumer::Handler>> {
        return std::shared_ptr<consumer::Handler>(std::make_shared<InspectHandler>());
    }};

} // namespace redrive::events
