-- The catalog of the archive on object storage (decision 64).

CREATE TABLE IF NOT EXISTS tidings.archive_objects
(
    object String COMMENT 'Name of the object',
    month LowCardinality(String) COMMENT 'Month (UTC) of its events, such as 2026-03',
    kind LowCardinality(String) COMMENT 'Kind of its conversations: private, group, room, system, broadcast or other',
    generation UInt32 COMMENT '1: the first object of the month and kind; later ones have events that ClickHouse got after it',
    events UInt64 COMMENT 'Number of events',
    checksum UInt64 COMMENT 'Sum of the hashes of all events, modulo 2^64',
    deleted Bool COMMENT 'The retention has deleted its events',
    changed_at DateTime64(3, 'UTC') COMMENT 'When this row was written'
)
ENGINE = ReplacingMergeTree(changed_at)
ORDER BY object
COMMENT 'Objects of the archive. Read it with FINAL: one row for each object';

CREATE TABLE IF NOT EXISTS tidings.archived_ranges
(
    conversation_id String COMMENT 'The conversation',
    object String COMMENT 'Name of an object with events of the conversation',
    first_seq Int64 COMMENT 'First seq in the object' CODEC(Delta, ZSTD(1)),
    last_seq Int64 COMMENT 'Last seq in the object' CODEC(Delta, ZSTD(1)),
    first_sent_at DateTime64(3, 'UTC') COMMENT 'Time of the first event in the object' CODEC(Delta, ZSTD(1)),
    last_sent_at DateTime64(3, 'UTC') COMMENT 'Time of the last event in the object' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (conversation_id, object)
COMMENT 'Archived events of each conversation by object. Read it with FINAL: one row for each (conversation_id, object)';

CREATE OR REPLACE VIEW tidings.sequence_gaps
(
    conversation_id String COMMENT 'The conversation',
    last_seq Int64 COMMENT 'Greatest seq',
    missing_events Int64 COMMENT 'Events below it that are missing, without archived ones and those that the retention deletes'
)
AS SELECT
    events.conversation_id AS conversation_id,
    max(events.seq) AS last_seq,
    max(events.seq) - max(gone.last_seq) - toInt64(uniqExactIf(events.seq, events.seq > gone.last_seq)) AS missing_events
FROM tidings.events AS events
LEFT JOIN
(
    SELECT conversation_id, max(last_seq) AS last_seq
    FROM
    (
        SELECT conversation_id, last_seq FROM tidings.deleted_ranges
        UNION ALL
        SELECT conversation_id, last_seq FROM tidings.archived_ranges
    )
    GROUP BY conversation_id
) AS gone ON gone.conversation_id = events.conversation_id
GROUP BY events.conversation_id
HAVING missing_events > 0
COMMENT 'Conversations with missing events. Empty unless records became dead letters';
