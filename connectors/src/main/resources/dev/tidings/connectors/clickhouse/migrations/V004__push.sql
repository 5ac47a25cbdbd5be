-- Who was to be notified away from the screen, and what became of it. Not what the notifications say.

CREATE TABLE IF NOT EXISTS tidings.notifications
(
    notification_id String COMMENT 'Id of the notification: one for each message and user',
    user_id String COMMENT 'The user to be notified',
    conversation_id String COMMENT 'The conversation of the message',
    seq Int64 COMMENT 'seq of the message' CODEC(Delta, ZSTD(1)),
    message_id String COMMENT 'Id of the message',
    sender String COMMENT 'The user who sent it',
    at DateTime64(3, 'UTC') COMMENT 'When the message was appended to the log' CODEC(Delta, ZSTD(1)),
    expires_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Not sent after that; NULL: however late',
    badge Int64 COMMENT 'Messages the user had not read, in all conversations that are not muted',
    unread Int64 COMMENT 'Messages the user had not read, in this conversation',
    mentioned Bool COMMENT 'The message mentions the user',
    targets Int64 COMMENT 'How many devices it was for'
)
ENGINE = ReplacingMergeTree
ORDER BY (user_id, notification_id)
COMMENT 'Every notification as it was asked for. Read it with FINAL: one row for each notification_id';

-- After a crash a notification may be sent again, and its second outcome may be another. It was delivered if it ever was.
CREATE TABLE IF NOT EXISTS tidings.push_outcomes
(
    notification_id String COMMENT 'Id of the notification',
    device_id String COMMENT 'The device it was for',
    user_id String COMMENT 'The user to be notified',
    channel LowCardinality(String) COMMENT 'What was to carry it, such as webhook',
    result LowCardinality(String) COMMENT 'delivered, collapsed (a newer one took its place), expired or failed',
    attempts Int64 COMMENT 'How often it was tried',
    reason String COMMENT 'Of a failure; otherwise empty',
    at DateTime64(3, 'UTC') COMMENT 'When that was settled' CODEC(Delta, ZSTD(1)),
    precedence Int64 COMMENT 'Which of two rows counts: 1 where delivered, otherwise 0'
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY (notification_id, device_id)
COMMENT 'What became of each notification at each device. Read it with FINAL: one row for each (notification_id, device_id)';

CREATE VIEW IF NOT EXISTS tidings.push_success_by_day AS
SELECT
    toDate(at, 'UTC') AS day,
    channel,
    countIf(result = 'delivered') AS delivered,
    countIf(result = 'failed') AS failed,
    countIf(result = 'collapsed') AS collapsed,
    countIf(result = 'expired') AS expired,
    if(delivered + failed = 0, NULL, delivered / (delivered + failed)) AS success_rate
FROM tidings.push_outcomes FINAL
GROUP BY day, channel
COMMENT 'What became of notifications by day (UTC) and channel, and which part of those that were sent has arrived';
