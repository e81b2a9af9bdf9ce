#include "core/store/journalschema.h"

namespace redrive::store {

namespace {

constexpr std::int32_t applicationId = 0x52644a6e; // "RdJn"

constexpr const char *version1 = R"(
CREATE TABLE IF NOT EXISTS audit(
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    time TEXT NOT NULL,
    user TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS audit_stays BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS audit_keeps BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TABLE IF NOT EXISTS journal(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    time INTEGER NOT NULL,
    user TEXT NOT NULL,
    reason TEXT NOT NULL,
    group_id TEXT NOT NULL,
    action TEXT NOT NULL,
    plan TEXT,
    state TEXT NOT NULL CHECK(state IN('begun', 'asked', 'done', 'partial', 'failed')));
CREATE INDEX IF NOT EXISTS journal_of_group ON journal(group_id, number);
CREATE TABLE IF NOT EXISTS journal_rows(
    journal INTEGER NOT NULL REFERENCES journal(number),
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    "before" INTEGER,
    requested INTEGER,
    "after" INTEGER,
    outcome TEXT CHECK(outcome IN('CONFIRMED', 'NOT_APPLIED', 'UNKNOWN')),
    error TEXT,
    PRIMARY KEY(journal, topic, partition)) WITHOUT ROWID;
)";

/// SQLite cannot widen a CHECK, so the tables are made again: a state `unknown`, whole images
/// (an undo writes back the leader epoch and the metadata, too), the ids of the topics, and what an
/// undo takes back.
constexpr const char *version2 = R"(
CREATE TABLE journal_2(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    time INTEGER NOT NULL,
    user TEXT NOT NULL,
    reason TEXT NOT NULL,
    group_id TEXT NOT NULL,
    action TEXT NOT NULL,
    plan TEXT,
    state TEXT NOT NULL
        CHECK(state IN('begun', 'asked', 'done', 'partial', 'failed', 'unknown')),
    undoes TEXT);
INSERT INTO journal_2(number, time, user, reason, group_id, action, plan, state)
    SELECT number, time, user, reason, group_id, action, plan, state FROM journal;
CREATE TABLE journal_rows_2(
    journal INTEGER NOT NULL REFERENCES journal_2(number),
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    "before" INTEGER,
    requested INTEGER,
    "after" INTEGER,
    outcome TEXT CHECK(outcome IN('CONFIRMED', 'NOT_APPLIED', 'UNKNOWN')),
    error TEXT,
    before_epoch INTEGER,
    before_metadata BLOB,
    requested_epoch INTEGER,
    requested_metadata BLOB,
    PRIMARY KEY(journal, topic, partition)) WITHOUT ROWID;
INSERT INTO journal_rows_2(journal, topic, partition, "before", requested, "after", outcome, error)
    SELECT journal, topic, partition, "before", requested, "after", outcome, error
    FROM journal_rows;
DROP TABLE journal_rows;
DROP TABLE journal;
ALTER TABLE journal_2 RENAME TO journal;
ALTER TABLE journal_rows_2 RENAME TO journal_rows;
CREATE INDEX journal_of_group ON journal(group_id, number);
CREATE TABLE journal_topics(
    journal INTEGER NOT NULL REFERENCES journal(number),
    topic TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY(journal, topic)) WITHOUT ROWID;
)";

} // namespace

Schema journalSchema()
{
    return {.applicationId = applicationId, .steps = {version1, version2}};
}

} // namespace redrive::store
