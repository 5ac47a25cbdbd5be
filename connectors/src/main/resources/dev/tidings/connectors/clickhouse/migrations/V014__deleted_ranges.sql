-- Ranges of events that the retention deletes (decision 64), so that readers do not take them for missing ones.

CREATE TABLE IF NOT EXISTS tidings.deleted_ranges
(
    conversation_id String COMMENT 'The conversation',
    last_seq Int64 COMMENT 'Events up to this seq may be deleted because their retention has ended or ends within hours'
)
ENGINE = ReplacingMergeTree(last_seq)
ORDER BY conversation_id
COMMENT 'Ranges of events that the retention deletes. Read it with FINAL: one row for each conversation_id';

CREATE OR REPLACE VIEW tidings.sequence_gaps
(
    conversation_id String COMMENT 'The conversation',
    last_seq Int64 COMMENT 'Greatest seq',
    missing_events Int64 COMMENT 'Events below it that are missing, without those that the retention deletes'
)
AS SELECT
    events.conversation_id AS conversation_id,
    max(events.seq) AS last_seq,
    max(events.seq) - max(deleted.last_seq) - toInt64(uniqExactIf(events.seq, events.seq > deleted.last_seq)) AS missing_events
FROM tidings.events AS events
LEFT JOIN (SELECT conversation_id, max(last_seq) AS last_seq FROM tidings.deleted_ranges GROUP BY conversation_id) AS deleted
    ON deleted.conversation_id = events.conversation_id
GROUP BY events.conversation_id
HAVING missing_events > 0
COMMENT 'Conversations with missing events. Empty unless records became dead letters';
