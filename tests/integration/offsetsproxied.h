#pragma once

#include "tests/integration/offsetsdesk.h"
#include "tests/integration/offsetsworld.h"
#include "tests/integration/throughproxy.h"

namespace redrive::testworld {

/// A cluster whose groups are moved by redrivectl through a proxy, by redrivectl straight, and in
/// this process, all with one journal.
class OffsetsProxied : public OffsetsWorld
{
public:
    OffsetsProxied()
        : m_through(kafka)
        , proxied({"--profile", "proxied", "--timeout", "5s"})
        , desk(kafka.bootstrap(), path("data"))
    {
        for (const QString &variable : m_through.variables())
            proxied.setVariable(variable.section('=', 0, 0), variable.section('=', 1));
        proxied.setVariable("XDG_DATA_HOME", path("data"));
        desk.options.timeout = Millis(2000);
        desk.options.readBackPatience = Millis(4000);
    }

    testproxy::Proxy &proxy() { return m_through.proxy(); }
    /// One that is at 10, 11 and 12 of "orders".
    QString newGroup()
    {
        const QString group = "moved-" + QString::number(++m_groups);
        commit(group, asItWas);
        return group;
    }
    /// To 20 of all of them.
    testbroker::Redrivectl::Answer resetByProxy(const QString &group) const
    {
        return proxied.json({"--yes", "offsets", "reset", group, "--topic", "orders", "--to",
                             "offset:20", "--execute"});
    }
    offsets::Plan planTo20(const QString &group)
    {
        return desk.plan(group.toStdString(), "orders", offsets::to::Exact{Offset(20)});
    }
    QJsonObject journalOf(const QString &group) const
    {
        return ctl.json({"offsets", "journal", "--group", group}).list[0].toObject();
    }

    const OffsetMap asItWas{{{"orders", 0}, 10}, {{"orders", 1}, 11}, {{"orders", 2}, 12}};
    const OffsetMap asAsked{{{"orders", 0}, 20}, {{"orders", 1}, 20}, {{"orders", 2}, 20}};

private:
    ThroughProxy m_through;
    int m_groups = 0;

public:
    testbroker::Redrivectl proxied;
    OffsetsDesk desk;
};

} // namespace redrive::testworld
