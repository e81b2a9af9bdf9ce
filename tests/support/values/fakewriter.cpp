#include "tests/support/values/fakegroupstate.h"

#include <utility>

namespace redrive::testsupport {

void deliverTo(FakeGroup::State &state, OutgoingRecord record,
               const kafka::RecordWriter::Reply &reply)
{
    std::optional<Error> error;
    std::int64_t offset = 0;
    const std::int32_t partition = record.partition.value_or(0);
    {
        const std::scoped_lock lock(state.mutex);
        if (!state.letterErrors.empty()) {
            error = state.letterErrors.front();
            state.letterErrors.pop_front();
        } else {
            offset = static_cast<std::int64_t>(state.letters.size());
            state.letters.push_back(std::move(record));
        }
    }
    if (error)
        reply(*error);
    else
        reply(kafka::Delivered{.partition = partition, .offset = Offset(offset)});
}

namespace {

using StatePtr = FakeGroupState;

class FakeWriter final : public kafka::RecordWriter
{
public:
    explicit FakeWriter(StatePtr state)
        : m_state(std::move(state))
    {
    }

    void send(OutgoingRecord record, Reply reply) override
    {
        {
            const std::scoped_lock lock(m_state->mutex);
            if (m_state->lettersHeld) {
                m_state->waiting.emplace_back(std::move(record), std::move(reply));
                return;
            }
        }
        deliverTo(*m_state, std::move(record), reply);
    }
    bool flush(Millis) override { return true; }

private:
    StatePtr m_state;
};

} // namespace

std::unique_ptr<kafka::RecordWriter> makeFakeWriter(FakeGroupState state)
{
    return std::make_unique<FakeWriter>(std::move(state));
}

} // namespace redrive::testsupport
