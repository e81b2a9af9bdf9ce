#include "core/base/text.h"
#include "core/kafka/groupwriter.h"
#include "core/kafka/librdkafkaclient.h"

namespace redrive::kafka {

namespace {

/// See LibrdkafkaClient::expectCoordinator().
constexpr Millis beyondOurs{3'600'000};

} // namespace

void GroupWriter::prepare(const GroupId &group)
{
    if (m_asking)
        return;
    auto opened = openAsking(m_settings);
    if (!opened)
        return; // The change itself will say so.
    m_asking = std::move(*opened);
    const auto options =
        optionsFor(*m_asking, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, beyondOurs);
    const char *name = group.value().c_str();
    rd_kafka_DescribeConsumerGroups(m_asking->client.get(), &name, 1, options.get(),
                                    m_asking->queue.get());
}

void LibrdkafkaClient::prepareChange(GroupId group, Millis timeout)
{
    // What is no UTF-8 cannot be asked for: see describeGroups().
    if (!isValidUtf8(group.value()))
        return;
    whenCoordinatorsExist(timeout, [this, group = std::move(group)](const Result<bool> &exist) {
        if (!exist || !*exist)
            return;
        m_handle->worker->post(
            [writer = m_writer, group](const std::stop_token &) -> BackgroundWorker::Completion {
                writer->prepare(group);
                return [] {};
            });
    });
}

} // namespace redrive::kafka
