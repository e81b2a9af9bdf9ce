#include "app/ctl/shapes.h"
#include "core/monitor/lag.h"
#include "tests/support/values/grouptext.h"

#include <QTest>

using namespace redrive;
using namespace redrive::ctl;

namespace {

GroupDetail detailOf(std::string_view group)
{
    const twin::GroupCase one = twin::groupCase(group);
    return monitor::groupDetail(one.listing, one.description, one.commits, one.bounds);
}

std::vector<std::string> keysOf(const JsonValue &object)
{
    std::vector<std::string> keys;
    for (const auto &[key, value] : object.items())
        keys.push_back(key);
    return keys;
}

} // namespace

class TestShapes : public QObject
{
    Q_OBJECT

private slots:
    void everyShapeHasTheKeysThatItsCsvNames()
    {
        QCOMPARE(keysOf(toJson(GroupRow{})), groupRowKeys);
        QCOMPARE(keysOf(toJson(GroupDetail{})), groupDetailKeys);
        QCOMPARE(keysOf(toJson(TopicLine{})), topicLineKeys);
        QCOMPARE(keysOf(toJson(ReaderLine{})), readerLineKeys);
        QCOMPARE(keysOf(toJson(ClusterOverview{})), clusterKeys);
        QCOMPARE(keysOf(toJson(ProfileLine{})), profileKeys);
    }

    void aListedGroupIsNullWhereNothingWasAsked()
    {
        GroupRow row;
        row.listing.id = GroupId("billing");
        row.listing.state = GroupState::Stable;
        row.listing.type = GroupType::Classic;
        row.listing.protocolType = "consumer";
        QCOMPARE(toJson(row).dump(),
                 std::string(R"({"group":"billing","state":"Stable","type":"classic",)"
                             R"("protocol_type":"consumer","members":null,"total_lag":null,)"
                             R"("topics":null,"error":null})"));
    }

    void aGroupThatCannotBeDescribedSaysSo()
    {
        GroupRow row;
        row.listing.id = GroupId("share");
        row.listing.error = twin::brokerError("_NOT_IMPLEMENTED", "describing group share");
        row.error = row.listing.error;
        const JsonValue json = toJson(row);
        QVERIFY(json["state"].is_null());
        QCOMPARE(json["type"].get<std::string>(), std::string("unknown"));
        QCOMPARE(json["error"]["code"].get<std::string>(), std::string("_NOT_IMPLEMENTED"));
    }

    void aDescribedGroupHasTheShapeOfTheContract()
    {
        const JsonValue json = toJson(detailOf("group billing Stable classic\n"
                                               "orders/0 member=c1 committed=120 end=250\n"));
        QCOMPARE(json["group"].get<std::string>(), std::string("billing"));
        QCOMPARE(json["state"].get<std::string>(), std::string("Stable"));
        QVERIFY(json["epoch"].is_null());
        QCOMPARE(json["total_lag"].get<std::int64_t>(), 130);
        QCOMPARE(json["errors"].dump(), std::string("[]"));
        QVERIFY(json["notes"].is_array());
        QVERIFY(json["error"].is_null());

        const JsonValue &member = json["members"][0];
        QCOMPARE(keysOf(member), (std::vector<std::string>{"member_id", "instance_id", "client_id",
                                                           "host", "assignment", "target"}));
        QCOMPARE(member["assignment"].dump(), std::string(R"([{"topic":"orders","partition":0}])"));
        QVERIFY(member["target"].is_null());

        const JsonValue &row = json["partitions"][0];
        QCOMPARE(row["topic"].get<std::string>(), std::string("orders"));
        QCOMPARE(row["committed"].get<std::int64_t>(), 120);
        QCOMPARE(row["metadata"].get<std::string>(), std::string());
        QCOMPARE(row["log_start"].get<std::int64_t>(), 0);
        QCOMPARE(row["log_end"].get<std::int64_t>(), 250);
        QCOMPARE(row["stable_end"].get<std::int64_t>(), 250);
        QCOMPARE(row["lag"].get<std::int64_t>(), 130);
        QVERIFY(row["lag_seconds"].is_null());
        QCOMPARE(row["member_id"].dump(), member["member_id"].dump());
        QCOMPARE(row["condition"].get<std::string>(), std::string("ok"));
        QVERIFY(row["error"].is_null());
    }

    void aTargetAssignmentIsListedForGroupsThatHaveOne()
    {
        const JsonValue json = toJson(detailOf("group g Stable consumer\n"
                                               "t/0 member=a target=b committed=1 end=1\n"));
        bool listed = false;
        for (const JsonValue &member : json["members"])
            listed = listed || member["target"].dump() == R"([{"topic":"t","partition":0}])";
        QVERIFY2(listed, json.dump().c_str());
    }

    void withoutACommitThereIsNoOffsetNoLagAndNoMetadata()
    {
        const JsonValue row = toJson(detailOf("group g Stable classic\n"
                                              "t/0 member=a committed=- end=9\n"))["partitions"][0];
        QVERIFY(row["committed"].is_null());
        QVERIFY(row["lag"].is_null());
        QVERIFY(row["metadata"].is_null());
        QCOMPARE(row["condition"].get<std::string>(), std::string("no_commit"));
    }

    void lostRecordsAreCounted()
    {
        const JsonValue row =
            toJson(detailOf("group g Empty classic\n"
                            "t/0 committed=5 start=20 end=30\n"))["partitions"][0];
        QCOMPARE(row["condition"].get<std::string>(), std::string("records_lost"));
        QCOMPARE(row["lost"].get<std::int64_t>(), 15);
        QCOMPARE(row["lag"].get<std::int64_t>(), 25);
    }

    void aFailedEndLeavesTheLagUnknownAndSaysWhy()
    {
        const JsonValue json = toJson(detailOf("group g Empty classic\n"
                                               "t/0 committed=5 end=!NOT_LEADER_OR_FOLLOWER\n"));
        const JsonValue &row = json["partitions"][0];
        QVERIFY(row["lag"].is_null());
        QVERIFY(row["condition"].is_null());
        QCOMPARE(row["error"]["code"].get<std::string>(), std::string("NOT_LEADER_OR_FOLLOWER"));
        QVERIFY(json["total_lag"].is_null());
    }

    void aMissingGroupIsItsNameAndTheError()
    {
        const JsonValue json =
            missingGroup(GroupId("gone"), twin::brokerError("GROUP_ID_NOT_FOUND"));
        QCOMPARE(keysOf(json), (std::vector<std::string>{"group", "error"}));
        QCOMPARE(json["error"]["code"].get<std::string>(), std::string("GROUP_ID_NOT_FOUND"));
    }

    void aProfileShowsReferencesAndNeverASecret()
    {
        workspace::Profile profile;
        profile.name = "prod";
        profile.production = true;
        profile.properties = {{"sasl.password", "hunter2"},
                              {"ssl.key.password", "env:KEY"},
                              {"security.protocol", "sasl_ssl"}};
        profile.addressMap = {{"broker-0.kafka.svc:9092", "127.0.0.1:19092"}};
        const JsonValue json =
            toJson(ProfileLine{.name = "prod", .profile = profile, .problems = {}});
        QVERIFY(json.dump().find("hunter2") == std::string::npos);
        QCOMPARE(json["properties"]["ssl.key.password"].get<std::string>(), std::string("env:KEY"));
        QCOMPARE(json["mode"].get<std::string>(), std::string("read-only"));
        QCOMPARE(json["address_map"][0].get<std::string>(),
                 std::string("broker-0.kafka.svc:9092=127.0.0.1:19092"));
    }
};

QTEST_APPLESS_MAIN(TestShapes)
#include "tst_shapes.moc"
