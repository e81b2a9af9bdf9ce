#include "core/offsets/target.h"

#include <algorithm>

namespace redrive::offsets {

Scope toScope(std::vector<TopicScope> topics)
{
    std::map<std::string, TopicScope> byName;
    for (TopicScope &topic : topics) {
        const auto [known, fresh] = byName.try_emplace(topic.topic, topic);
        if (fresh)
            continue;
        auto &partitions = known->second.partitions;
        if (partitions.empty() || topic.partitions.empty())
            partitions.clear();
        else
            partitions.insert(partitions.end(), topic.partitions.begin(), topic.partitions.end());
    }
    Scope scope;
    for (auto &[name, topic] : byName) {
        std::ranges::sort(topic.partitions);
        topic.partitions.erase(std::unique(topic.partitions.begin(), topic.partitions.end()),
                               topic.partitions.end());
        scope.topics.push_back(std::move(topic));
    }
    return scope;
}

} // namespace redrive::offsets
