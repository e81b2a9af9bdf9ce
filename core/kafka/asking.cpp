#include "core/kafka/asking.h"

#include "core/kafka/errors.h"
#include "core/kafka/reaper.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace redrive::kafka {

namespace {

constexpr Millis pollAtMost{100};

} // namespace

Result<std::shared_ptr<Asking>> openAsking(const ConnectionSettings &settings)
{
    std::shared_ptr<Asking> asking(new Asking,
                                   [](Asking *last) { discard([last] { delete last; }); });
    asking->context.addresses = settings.addressMap;
    auto conf = makeConf(settings, Role::Admin, asking->context);
    if (!conf)
        return conf.error();
    auto client = makeClient(std::move(*conf), Role::Admin);
    if (!client)
        return client.error();
    asking->client = std::move(*client);
    asking->queue.reset(rd_kafka_queue_get_main(asking->client.get()));
    return asking;
}

OptionsPtr optionsFor(const Asking &asking, rd_kafka_admin_op_t operation, Millis timeout)
{
    OptionsPtr options(rd_kafka_AdminOptions_new(asking.client.get(), operation));
    const auto bounded = std::clamp(timeout, Millis(1), Millis(3'600'000));
    rd_kafka_AdminOptions_set_request_timeout(options.get(), static_cast<int>(bounded.count()),
                                              nullptr, 0);
    return options;
}

Awaited awaitEvent(Asking &asking, rd_kafka_event_type_t type, Millis wait,
                   const ConnectionSettings &settings, const std::string &attempted,
                   const std::stop_token &stop)
{
    Awaited awaited;
    const MonoTime deadline = monoNow() + wait;
    for (auto left = wait; left > Millis(0) && !stop.stop_requested();
         left = std::chrono::duration_cast<Millis>(deadline - monoNow())) {
        EventPtr event(rd_kafka_queue_poll(asking.queue.get(),
                                           static_cast<int>(std::min(left, pollAtMost).count())));
        if (!event)
            continue;
        if (rd_kafka_event_type(event.get()) == type) {
            awaited.event = std::move(event);
            break;
        }
        const auto code = rd_kafka_event_error(event.get());
        if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_ERROR && !awaited.trouble &&
            code != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
            awaited.trouble =
                makeError(code, withoutTiming(rd_kafka_event_error_string(event.get())).c_str(),
                          attempted + " at " + settings.bootstrap);
        if (awaited.trouble && awaited.trouble->kind == Error::Kind::Authentication)
            break;
    }
    return awaited;
}

Result<EventPtr> await(Asking &asking, rd_kafka_event_type_t type, Millis timeout,
                       const ConnectionSettings &settings, const std::string &attempted,
                       const std::stop_token &stop)
{
    auto [event, trouble] =
        awaitEvent(asking, type, timeout + Millis(500), settings, attempted, stop);
    if (!event && stop.stop_requested())
        return Error{.kind = Error::Kind::Cancelled,
                     .code = "CANCELLED",
                     .message = "not waited for",
                     .attempted = attempted,
                     .retriable = true};
    if (!event)
        return trouble.value_or(timedOut(attempted));
    const auto code = rd_kafka_event_error(event.get());
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return std::move(event);
    const bool late =
        code == RD_KAFKA_RESP_ERR__TIMED_OUT || code == RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE;
    return late && trouble ? *trouble
                           : makeError(code, rd_kafka_event_error_string(event.get()), attempted);
}

} // namespace redrive::kafka
