-- What is pinned for everyone in a conversation.

CREATE TABLE IF NOT EXISTS tidings.pin_changes
(
    conversation_id String COMMENT 'The conversation',
    message_seq Int64 COMMENT 'seq of the message' CODEC(Delta, ZSTD(1)),
    event_seq Int64 COMMENT 'seq of the event' CODEC(Delta, ZSTD(1)),
    changed_at DateTime64(3, 'UTC') COMMENT 'When the command was appended to the log' CODEC(Delta, ZSTD(1)),
    changed_by String COMMENT 'Who did it; empty: the system',
    pinned Bool COMMENT 'It is pinned from here on; otherwise no longer'
)
ENGINE = ReplacingMergeTree
ORDER BY (conversation_id, message_seq, event_seq)
COMMENT 'Every time a message was pinned or taken down. Read it with FINAL: one row for each (conversation_id, message_seq, event_seq)';

-- What was pinned before there was this table. The sink would write the same rows.
INSERT INTO tidings.pin_changes (conversation_id, message_seq, event_seq, changed_at, changed_by, pinned)
SELECT
    conversation_id,
    toInt64(JSONExtractString(body, 'pinChanged', 'seq')),
    seq,
    sent_at,
    actor,
    NOT JSONExtractBool(body, 'pinChanged', 'unpinned')
FROM tidings.events
WHERE kind = 'pin_changed';

-- Recalling a message takes it down without an event of its own.
CREATE VIEW IF NOT EXISTS tidings.pins AS
SELECT
    changes.conversation_id AS conversation_id,
    changes.message_seq AS seq,
    argMax(changes.changed_by, changes.event_seq) AS pinned_by,
    argMax(changes.changed_at, changes.event_seq) AS pinned_at,
    max(changes.event_seq) AS version
FROM tidings.pin_changes AS changes
WHERE (changes.conversation_id, changes.message_seq) NOT IN
(
    SELECT conversation_id, message_seq FROM tidings.message_changes WHERE recalled
)
GROUP BY changes.conversation_id, changes.message_seq
HAVING argMax(changes.pinned, changes.event_seq)
COMMENT 'What is pinned now: one row for each (conversation_id, seq). A room forgets it when all have left, which is not seen here';
