#include "core/kafka/connectiontest.h"
#include "core/workspace/session.h"

#include <utility>

namespace redrive::workspace {

Result<std::unique_ptr<ClusterSession>>
openSession(const Profile &profile, const KeychainReader &keychain, SessionOptions options)
{
    auto settings = resolve(profile, keychain);
    if (!settings)
        return settings.error();
    const auto shared =
        std::make_shared<const kafka::ConnectionSettings>(std::move(settings).value());
    if (!options.advise)
        options.advise = [shared](const Error &error) { return kafka::advise(error, *shared); };
    return std::make_unique<ClusterSession>(
        [shared] { return kafka::openCluster(*shared); }, std::move(options),
        kafka::effectivePolicy(profile.mode, profile.production));
}

} // namespace redrive::workspace
