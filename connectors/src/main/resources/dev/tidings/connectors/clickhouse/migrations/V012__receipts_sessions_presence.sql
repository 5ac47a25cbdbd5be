-- Receipts, sessions and presence as they were reported, and indexes for the questions of analysts.
--
-- Partitioned by month: the time is part of the event, so rows of one key share a partition, and old months can be dropped.

CREATE TABLE IF NOT EXISTS tidings.receipts
(
    conversation_id String COMMENT 'The conversation',
    user_id String COMMENT 'The user who received or read',
    kind LowCardinality(String) COMMENT 'delivered: a device of the user has received all events up to seq; read: the user has read up to seq',
    seq Int64 COMMENT 'Position in the conversation' CODEC(Delta, ZSTD(1)),
    at DateTime64(3, 'UTC') COMMENT 'Time at which the command with the receipt was appended to the log' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (conversation_id, user_id, kind, seq)
COMMENT 'Every delivery receipt and every read position. Busy gateways report deliveries up to 30 s late. Read it with FINAL: one row for each (conversation_id, user_id, kind, seq)';

CREATE TABLE IF NOT EXISTS tidings.session_changes
(
    user_id String COMMENT 'The user',
    session_id String COMMENT 'The session',
    opened Bool COMMENT 'true: the session was opened; false: it was closed',
    changed_at DateTime64(3, 'UTC') COMMENT 'Time of the command in the log' CODEC(Delta, ZSTD(1)),
    device_id String COMMENT 'The device',
    platform LowCardinality(String) COMMENT 'Platform of the device, such as ios or web',
    gateway_slot Int64 COMMENT 'Slot of the gateway'
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(changed_at)
ORDER BY (user_id, session_id, opened)
COMMENT 'Every begin and end of a session. Read it with FINAL: one row for each (user_id, session_id, opened)';

CREATE TABLE IF NOT EXISTS tidings.presence_changes
(
    user_id String COMMENT 'The user',
    changed_at DateTime64(3, 'UTC') COMMENT 'Time of the command in the log' CODEC(Delta, ZSTD(1)),
    online Bool COMMENT 'The user has a session from this event on',
    platforms Array(LowCardinality(String)) COMMENT 'Different platforms of the connected devices from this event on'
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(changed_at)
ORDER BY (user_id, changed_at, online)
COMMENT 'Every change of presence, without the status text. Read it with FINAL: one row for each (user_id, changed_at, online)';

CREATE VIEW IF NOT EXISTS tidings.sessions
(
    user_id String COMMENT 'The user',
    session_id String COMMENT 'The session',
    device_id String COMMENT 'The device',
    platform String COMMENT 'Platform of the device, such as ios or web',
    opened_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When it was opened; NULL: before the first record',
    closed_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When it was closed; NULL: it is open',
    seconds Nullable(Float64) COMMENT 'Duration; NULL: it is open'
)
AS SELECT
    changes.user_id AS user_id,
    changes.session_id AS session_id,
    any(changes.device_id) AS device_id,
    toString(any(changes.platform)) AS platform,
    minOrNullIf(changes.changed_at, changes.opened) AS opened_at,
    maxOrNullIf(changes.changed_at, NOT changes.opened) AS closed_at,
    dateDiff('millisecond', opened_at, closed_at) / 1000 AS seconds
FROM tidings.session_changes AS changes
GROUP BY changes.user_id, changes.session_id
COMMENT 'Every session: one row for each (user_id, session_id)';

CREATE VIEW IF NOT EXISTS tidings.delivery_time_by_day AS
SELECT
    toDate(sent.sent_at, {zone:String}) AS day,
    count() AS deliveries,
    quantile(0.5)(dateDiff('millisecond', sent.sent_at, received.at)) / 1000 AS median_seconds,
    quantile(0.99)(dateDiff('millisecond', sent.sent_at, received.at)) / 1000 AS p99_seconds
FROM
(
    SELECT messages.conversation_id AS conversation_id, messages.seq AS seq, messages.sent_at AS sent_at, recipients.user_id AS user_id
    FROM (SELECT conversation_id, seq, sender, sent_at FROM tidings.messages FINAL WHERE startsWith(conversation_id, 'p:')) AS messages
    INNER JOIN (SELECT DISTINCT conversation_id, user_id FROM tidings.receipts) AS recipients ON recipients.conversation_id = messages.conversation_id
    WHERE recipients.user_id != messages.sender
) AS sent
ASOF INNER JOIN
(
    SELECT conversation_id, user_id, seq, min(at) AS at FROM tidings.receipts GROUP BY conversation_id, user_id, seq
) AS received
    ON received.conversation_id = sent.conversation_id AND received.user_id = sent.user_id AND received.seq >= sent.seq
GROUP BY day
COMMENT 'Time until a private message reaches a device of the other user, by day of the message. Parameter zone. Columns: day; deliveries, messages that have arrived; median_seconds; p99_seconds';

CREATE VIEW IF NOT EXISTS tidings.read_time_by_day AS
SELECT
    toDate(sent.sent_at, {zone:String}) AS day,
    count() AS read_messages,
    quantile(0.5)(dateDiff('millisecond', sent.sent_at, read.at)) / 1000 AS median_seconds,
    quantile(0.9)(dateDiff('millisecond', sent.sent_at, read.at)) / 1000 AS p90_seconds
FROM
(
    SELECT messages.conversation_id AS conversation_id, messages.seq AS seq, messages.sent_at AS sent_at, readers.user_id AS user_id
    FROM (SELECT conversation_id, seq, sender, sent_at FROM tidings.messages FINAL WHERE startsWith(conversation_id, 'p:')) AS messages
    INNER JOIN (SELECT DISTINCT conversation_id, user_id FROM tidings.receipts) AS readers ON readers.conversation_id = messages.conversation_id
    WHERE readers.user_id != messages.sender
) AS sent
ASOF INNER JOIN
(
    SELECT conversation_id, user_id, seq, min(at) AS at FROM tidings.receipts WHERE kind = 'read' GROUP BY conversation_id, user_id, seq
) AS read
    ON read.conversation_id = sent.conversation_id AND read.user_id = sent.user_id AND read.seq >= sent.seq
GROUP BY day
COMMENT 'Time until the other user reads a private message, by day of the message. Parameter zone. Columns: day; read_messages; median_seconds; p90_seconds';

-- A message does not change its sender, id or time, so these indexes are right with FINAL, too.
ALTER TABLE tidings.messages ADD INDEX IF NOT EXISTS sender_index sender TYPE bloom_filter(0.01) GRANULARITY 1;
ALTER TABLE tidings.messages ADD INDEX IF NOT EXISTS message_id_index message_id TYPE bloom_filter(0.01) GRANULARITY 1;
ALTER TABLE tidings.messages ADD INDEX IF NOT EXISTS sent_at_index sent_at TYPE minmax GRANULARITY 1;
ALTER TABLE tidings.events ADD INDEX IF NOT EXISTS actor_index actor TYPE bloom_filter(0.01) GRANULARITY 1;
