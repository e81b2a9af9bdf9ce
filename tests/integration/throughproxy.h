#pragma once

#include "tests/support/broker/kafkacluster.h"
#include "tests/support/proxy/proxy.h"

#include <QDir>
#include <QFile>
#include <QStringList>
#include <QTemporaryDir>

#include <stdexcept>

namespace redrive::testworld {

/// A profile by which redrivectl reaches a one-node Kafka through a proxy, while everybody else
/// goes there straight.
class ThroughProxy
{
public:
    explicit ThroughProxy(const testbroker::KafkaCluster &kafka)
    {
        m_proxy.setTarget(kafka.port());
        const auto address = QByteArray::fromStdString(kafka.bootstrap());
        QFile file(m_config.filePath("redrive/profiles.toml"));
        if (!QDir(m_config.path()).mkdir("redrive") || !file.open(QIODevice::WriteOnly))
            throw std::runtime_error("cannot write " + file.fileName().toStdString());
        file.write("[profiles.proxied]\nbootstrap = \"" + address +
                   "\"\nmode = \"free\"\naddress-map = [\"" + address +
                   "=127.0.0.1:" + QByteArray::number(m_proxy.port()) + "\"]\n");
    }

    testproxy::Proxy &proxy() { return m_proxy; }
    QStringList variables() const { return {"XDG_CONFIG_HOME=" + m_config.path()}; }
    /// The same arguments, but for who is connected to.
    static QStringList by(QStringList arguments)
    {
        const auto at = arguments.indexOf("--bootstrap");
        arguments[at] = "--profile";
        arguments[at + 1] = "proxied";
        return arguments;
    }

private:
    QTemporaryDir m_config;
    testproxy::Proxy m_proxy;
};

} // namespace redrive::testworld
