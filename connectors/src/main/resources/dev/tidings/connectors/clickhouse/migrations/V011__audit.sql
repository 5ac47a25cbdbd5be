-- The audit log: administrative acts and their results.

CREATE TABLE IF NOT EXISTS tidings.audit
(
    audit_id String COMMENT 'Id of the act',
    at DateTime64(3, 'UTC') COMMENT 'Time of the command in the log' CODEC(Delta, ZSTD(1)),
    source LowCardinality(String) COMMENT 'System that requested the act: a business system, rest or tidings-cli',
    operator String COMMENT 'Person or service in that system; empty: unknown',
    actor String COMMENT 'User on whose behalf the act was; empty: the system',
    action LowCardinality(String) COMMENT 'Such as recall_message, group.mute_member, rules.ban or user.disable',
    target String COMMENT 'Conversation id, user:<id>, device:<id>, address:<block>, token:<id>, or rules',
    user_ids Array(String) COMMENT 'Users whom the act concerns; the first 20',
    reason String COMMENT 'Why; empty: not stated',
    result LowCardinality(String) COMMENT 'applied, unchanged, refused, or requested: written before the act',
    refusal_reason LowCardinality(String) COMMENT 'Reason of the refusal, such as not_allowed; empty: the act was not refused',
    refusal_message String COMMENT 'Text of the refusal',
    detail String COMMENT 'The command in JSON, without the content of messages; the first 1,024 characters' CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY (at, audit_id)
COMMENT 'Administrative acts. Read it with FINAL: one row for each audit_id';

CREATE VIEW IF NOT EXISTS tidings.audit_by_day AS
SELECT
    toDate(at, {zone:String}) AS day,
    source,
    operator,
    action,
    arrayJoin(if(empty(user_ids), [target], arrayMap(user_id -> concat('user:', user_id), user_ids))) AS subject,
    countIf(result != 'refused') AS acts,
    countIf(result = 'refused') AS refused_acts,
    arrayFilter(text -> text != '', groupUniqArray(10)(reason)) AS reasons
FROM tidings.audit FINAL
GROUP BY day, source, operator, action, subject
COMMENT 'Who did what to whom, by day. Parameter zone: such as Europe/Berlin. Columns: day; source; operator; action; subject, a user as user:<id> or the target of the act; acts; refused_acts; reasons, at most 10';
