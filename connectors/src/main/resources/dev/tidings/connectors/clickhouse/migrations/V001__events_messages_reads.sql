-- History as it happened, and what follows from it at once: messages as they stand, and how far people have read.
--
-- Rows are a pure function of the log, so they may be written more than once. The engine keeps one row of each key; it
-- does so when it merges, and for certain where a query says FINAL.

-- Partitioned by month: an event's sent_at stands in the event, so every replay lands in the same partition as the
-- first time, and rows of one key always meet.
CREATE TABLE IF NOT EXISTS tidings.events
(
    conversation_id String COMMENT 'p:<user>:<user> private, g:<id> group, r:<id> room, s:<id> system account, b:<id> broadcast',
    seq Int64 COMMENT 'Position in the conversation: from 1, without gaps, over all events' CODEC(Delta, ZSTD(1)),
    message_index Int64 COMMENT 'Countable messages in the conversation up to and including this event' CODEC(Delta, ZSTD(1)),
    sent_at DateTime64(3, 'UTC') COMMENT 'When the command was appended to the log' CODEC(Delta, ZSTD(1)),
    command_id String COMMENT 'The command that this event follows from (UUIDv7)',
    kind LowCardinality(String) COMMENT 'What happened, such as message_sent; unknown: the sink was older than the event',
    actor String COMMENT 'The user who did it; empty where nobody did',
    body String COMMENT 'The whole event as JSON, by the canonical mapping of protobuf' CODEC(ZSTD(3)),
    raw String COMMENT 'The whole event as serialized protobuf (tidings.v1.ConversationEvent), as it lies in the log' CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(sent_at)
ORDER BY (conversation_id, seq)
COMMENT 'Every event of every conversation as it happened. Read it with FINAL: one row for each (conversation_id, seq)';

-- Not partitioned: what changes a message later need not know when it was sent, and rows of one key must share a partition.
CREATE TABLE IF NOT EXISTS tidings.messages
(
    conversation_id String COMMENT 'The conversation',
    seq Int64 COMMENT 'Position in the conversation of the event that sent the message' CODEC(Delta, ZSTD(1)),
    message_id String COMMENT 'Id of the message (UUIDv7, the id of its command)',
    sender String COMMENT 'The user who sent it',
    client_msg_id String COMMENT 'Name the sender gave it; unique for the sender in the conversation',
    content_type LowCardinality(String) COMMENT 'text, image, audio, video, file, location, card, custom or encrypted',
    text String COMMENT 'Body of a text, or caption of an image or a video; otherwise empty' CODEC(ZSTD(3)),
    content String COMMENT 'The content as JSON, by the canonical mapping of protobuf' CODEC(ZSTD(3)),
    message_index Int64 COMMENT 'Countable messages in the conversation up to and including this one' CODEC(Delta, ZSTD(1)),
    sent_at DateTime64(3, 'UTC') COMMENT 'When it was appended to the log' CODEC(Delta, ZSTD(1)),
    version Int64 COMMENT 'seq of the event that last changed the message; its own seq where nothing did'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (conversation_id, seq)
COMMENT 'Every message as it stands now. Read it with FINAL: one row for each (conversation_id, seq)';

CREATE TABLE IF NOT EXISTS tidings.reads
(
    conversation_id String COMMENT 'The conversation',
    user_id String COMMENT 'The user who read',
    read_seq Int64 COMMENT 'Read up to this seq; only ever grows',
    read_index Int64 COMMENT 'The message_index at read_seq',
    read_at DateTime64(3, 'UTC') COMMENT 'When the user said so'
)
ENGINE = ReplacingMergeTree(read_seq)
ORDER BY (conversation_id, user_id)
COMMENT 'How far each user has read each conversation. Read it with FINAL: one row for each (conversation_id, user_id)';
