-- Views, each named for the question it answers. They say FINAL themselves where it matters.

CREATE VIEW IF NOT EXISTS tidings.daily_active_users AS
SELECT
    toDate(sent_at, 'UTC') AS day,
    uniqExact(actor) AS active_users
FROM tidings.events
WHERE actor != ''
GROUP BY day
COMMENT 'How many different users did something that became an event, by day (UTC)';

CREATE VIEW IF NOT EXISTS tidings.message_volume_by_hour AS
SELECT
    toStartOfHour(sent_at, 'UTC') AS hour,
    count() AS messages,
    uniqExact(sender) AS senders,
    uniqExact(conversation_id) AS conversations
FROM tidings.messages FINAL
GROUP BY hour
COMMENT 'How many messages were sent, by how many users, in how many conversations, by hour (UTC)';

CREATE VIEW IF NOT EXISTS tidings.message_volume_by_content_type AS
SELECT
    toDate(sent_at, 'UTC') AS day,
    content_type,
    count() AS messages
FROM tidings.messages FINAL
GROUP BY day, content_type
COMMENT 'How many messages of which kind of content were sent, by day (UTC)';

CREATE VIEW IF NOT EXISTS tidings.conversation_activity AS
SELECT
    conversation_id,
    transform(substring(conversation_id, 1, 2), ['p:', 'g:', 'r:', 's:', 'b:'], ['private', 'group', 'room', 'system', 'broadcast'], 'other') AS conversation_kind,
    count() AS messages,
    uniqExact(sender) AS senders,
    min(sent_at) AS first_message_at,
    max(sent_at) AS last_message_at
FROM tidings.messages FINAL
GROUP BY conversation_id
COMMENT 'How much was said in each conversation, by how many users, from when to when';

CREATE VIEW IF NOT EXISTS tidings.read_lag AS
SELECT
    reads.conversation_id AS conversation_id,
    reads.user_id AS user_id,
    reads.read_seq AS read_seq,
    reads.read_at AS read_at,
    greatest(heads.last_index - reads.read_index, 0) AS messages_behind
FROM (SELECT * FROM tidings.reads FINAL) AS reads
INNER JOIN
(
    SELECT conversation_id, max(message_index) AS last_index
    FROM tidings.events
    GROUP BY conversation_id
) AS heads ON heads.conversation_id = reads.conversation_id
COMMENT 'How many messages came after what each user has read, his own ones included, for who has read at least once';

CREATE VIEW IF NOT EXISTS tidings.sequence_gaps AS
SELECT
    conversation_id,
    max(seq) AS last_seq,
    last_seq - uniqExact(seq) AS missing_events
FROM tidings.events
GROUP BY conversation_id
HAVING missing_events > 0
COMMENT 'Which conversations lack events up to their last one. Empty, unless records were reported as poison';
