#pragma once

#include "core/base/ids.h"
#include "core/base/time.h"

#include <librdkafka/rdkafka.h>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

/// Clients that do what applications do to a cluster: the other side of every test. They are built
/// on librdkafka alone, so that nothing of the product is tested with itself. Whatever fails
/// throws.
namespace redrive::testclients {

using Properties = std::map<std::string, std::string>;

class ClientError : public std::runtime_error
{
public:
    ClientError(const std::string &attempted, rd_kafka_resp_err_t code,
                const std::string &message = {});
    rd_kafka_resp_err_t code() const noexcept { return m_code; }

private:
    rd_kafka_resp_err_t m_code;
};

/// Throws unless there is no error.
void require(const std::string &attempted, rd_kafka_resp_err_t code,
             const std::string &message = {});
/// The same for librdkafka's error objects, which it destroys.
void require(const std::string &attempted, rd_kafka_error_t *error);

template <auto Destroy>
struct Release
{
    template <typename T>
    void operator()(T *handle) const noexcept
    {
        Destroy(handle);
    }
};

using ConfPtr = std::unique_ptr<rd_kafka_conf_t, Release<rd_kafka_conf_destroy>>;
using ClientPtr = std::unique_ptr<rd_kafka_t, Release<rd_kafka_destroy>>;
using PartitionsPtr = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                      Release<rd_kafka_topic_partition_list_destroy>>;

/// A configuration that says nothing on stderr; throws naming the property that is refused.
ConfPtr makeConf(const std::string &bootstrap, const Properties &properties);
ClientPtr makeClient(rd_kafka_type_t type, ConfPtr conf);

using OffsetMap = std::map<TopicPartition, std::int64_t>;
PartitionsPtr toList(const OffsetMap &offsets);

} // namespace redrive::testclients
