-- Views for analysts, each named for the question it answers. A view that counts days takes the time zone as a parameter:
--     SELECT * FROM active_users_by_day(zone = 'Asia/Shanghai')
-- ClickHouse keeps no columns for a view with parameters, so its comment describes them.

CREATE VIEW IF NOT EXISTS tidings.active_users_by_day AS
SELECT toDate(at, {zone:String}) AS day, uniqExact(user_id) AS active_users, uniqExactIf(user_id, sent) AS senders
FROM
(
    SELECT actor AS user_id, sent_at AS at, kind = 'message_sent' AS sent FROM tidings.events WHERE actor != ''
    UNION ALL
    SELECT user_id, read_at AS at, false AS sent FROM tidings.reads
    UNION ALL
    SELECT user_id, changed_at AS at, false AS sent FROM tidings.reactions
)
GROUP BY day
COMMENT 'Active users by day of a time zone. Parameter zone: such as Europe/Berlin. Columns: day; active_users, who sent, changed, read or reacted; senders, who sent a message';

CREATE VIEW IF NOT EXISTS tidings.retention_by_week AS
SELECT first_week, toUInt32(dateDiff('day', first_week, week) / 7) AS weeks_later, uniqExact(user_id) AS users
FROM
(
    SELECT user_id, week, min(week) OVER (PARTITION BY user_id) AS first_week
    FROM (SELECT DISTINCT actor AS user_id, toMonday(sent_at, {zone:String}) AS week FROM tidings.events WHERE actor != '')
)
GROUP BY first_week, weeks_later
COMMENT 'Users of each weekly cohort who are active in later weeks. Parameter zone. Columns: first_week, Monday of the week of the first event; weeks_later; users';

CREATE VIEW IF NOT EXISTS tidings.response_time_by_day AS
SELECT
    toDate(sent_at, {zone:String}) AS day,
    count() AS responses,
    quantile(0.5)(seconds) AS median_seconds,
    quantile(0.9)(seconds) AS p90_seconds
FROM
(
    SELECT
        sent_at,
        sender,
        lagInFrame(sender) OVER preceding AS previous_sender,
        dateDiff('millisecond', lagInFrame(sent_at) OVER preceding, sent_at) / 1000 AS seconds
    FROM tidings.messages FINAL
    WHERE startsWith(conversation_id, 'p:')
    WINDOW preceding AS (PARTITION BY conversation_id ORDER BY seq ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
)
WHERE previous_sender != '' AND previous_sender != sender
GROUP BY day
COMMENT 'Time until the other user of a private conversation answers, by day of the answer. Parameter zone. Columns: day; responses; median_seconds; p90_seconds';

CREATE VIEW IF NOT EXISTS tidings.read_rate_by_day AS
SELECT
    toDate(messages.sent_at, {zone:String}) AS day,
    count() AS messages,
    countIf(arrayExists(position -> position.1 != messages.sender AND position.2 >= messages.seq, reads.positions)) AS read_messages,
    read_messages / messages AS read_rate
FROM (SELECT conversation_id, seq, sender, sent_at FROM tidings.messages FINAL WHERE startsWith(conversation_id, 'p:') AND NOT recalled) AS messages
LEFT JOIN
(
    SELECT conversation_id, groupArray((user_id, read_seq)) AS positions FROM tidings.reads FINAL GROUP BY conversation_id
) AS reads ON reads.conversation_id = messages.conversation_id
GROUP BY day
COMMENT 'Private messages that the other user has read by now, by day of the message. Parameter zone. Columns: day; messages; read_messages; read_rate, 0 to 1';

CREATE VIEW IF NOT EXISTS tidings.push_funnel_by_day AS
SELECT
    toDate(asked.at, {zone:String}) AS day,
    uniqExact(asked.notification_id) AS notifications,
    uniqExactIf(asked.notification_id, outcome.notification_id != '') AS settled,
    uniqExactIf(asked.notification_id, outcome.result = 'delivered') AS delivered,
    uniqExactIf(asked.notification_id, outcome.result = 'delivered' AND read.up_to >= asked.seq) AS read_afterwards
FROM (SELECT * FROM tidings.notifications FINAL) AS asked
LEFT JOIN (SELECT notification_id, result FROM tidings.push_outcomes FINAL) AS outcome ON outcome.notification_id = asked.notification_id
LEFT JOIN
(
    SELECT conversation_id, user_id, max(read_seq) AS up_to FROM tidings.reads GROUP BY conversation_id, user_id
) AS read ON read.conversation_id = asked.conversation_id AND read.user_id = asked.user_id
GROUP BY day
COMMENT 'Notifications from request to reading, by day. Parameter zone. Columns: day; notifications; settled, with an outcome; delivered to at least one device; read_afterwards, delivered and the message is read by now';

CREATE VIEW IF NOT EXISTS tidings.where_is_my_message AS
SELECT
    messages.conversation_id AS conversation_id,
    messages.seq AS seq,
    messages.sender AS sender,
    messages.sent_at AS sent_at,
    messages.edited_at AS edited_at,
    messages.recalled AS recalled,
    arraySort(arrayMap(position -> position.1, arrayFilter(position -> position.1 != messages.sender AND position.2 >= messages.seq, reads.positions))) AS read_by,
    pushes.delivered AS pushes_delivered
FROM (SELECT * FROM tidings.messages FINAL WHERE message_id = {message_id:String}) AS messages
LEFT JOIN
(
    SELECT conversation_id, groupArray((user_id, read_seq)) AS positions FROM tidings.reads FINAL GROUP BY conversation_id
) AS reads ON reads.conversation_id = messages.conversation_id
CROSS JOIN
(
    SELECT countIf(result = 'delivered') AS delivered
    FROM tidings.push_outcomes FINAL
    WHERE notification_id IN (SELECT notification_id FROM tidings.notifications WHERE message_id = {message_id:String})
) AS pushes
COMMENT 'What is known of one message. Parameter message_id. Columns: conversation_id; seq; sender; sent_at; edited_at; recalled; read_by, users whose read position has reached it; pushes_delivered, devices that a notification has reached';

CREATE VIEW IF NOT EXISTS tidings.find_messages AS
SELECT conversation_id, seq, sender, sent_at, content_type, text
FROM tidings.messages FINAL
WHERE hasAllTokens(search_terms, splitByWhitespace(caseFoldUTF8(removeDiacriticsUTF8(normalizeUTF8NFKC({words:String})))))
COMMENT 'Messages that have all of the words, as they stand. Parameter words: separated by spaces; Chinese, Japanese and Korean text as single characters or pairs. Columns: conversation_id; seq; sender; sent_at; content_type; text';

CREATE VIEW IF NOT EXISTS tidings.messages_by_hour_and_kind
(
    hour DateTime('UTC') COMMENT 'Begin of the hour (UTC)',
    conversation_kind String COMMENT 'private, group, room, system or broadcast',
    content_type String COMMENT 'Kind of content, as in messages',
    messages UInt64 COMMENT 'Messages sent in the hour',
    senders UInt64 COMMENT 'Different users who sent them'
)
AS SELECT
    toStartOfHour(toDateTime(sent_at, 'UTC')) AS hour,
    transform(substring(conversation_id, 1, 2), ['p:', 'g:', 'r:', 's:', 'b:'], ['private', 'group', 'room', 'system', 'broadcast'], 'other') AS conversation_kind,
    toString(content_type) AS content_type,
    count() AS messages,
    uniqExact(sender) AS senders
FROM tidings.messages FINAL
GROUP BY hour, conversation_kind, content_type
COMMENT 'Messages by hour, kind of conversation and kind of content';

CREATE VIEW IF NOT EXISTS tidings.largest_groups
(
    conversation_id String COMMENT 'The group',
    name String COMMENT 'Its name',
    members Int64 COMMENT 'Members now',
    created_at DateTime64(3, 'UTC') COMMENT 'When it was created'
)
AS SELECT conversation_id, name, members, created_at FROM tidings.group_sizes ORDER BY members DESC, conversation_id
COMMENT 'Groups by number of members, the largest first';

CREATE VIEW IF NOT EXISTS tidings.moderation_outcomes
(
    conversation_id String COMMENT 'The conversation',
    seq Int64 COMMENT 'seq of the message or edit with a finding',
    sender String COMMENT 'The user who sent it',
    found_at DateTime64(3, 'UTC') COMMENT 'When the rules found it',
    actions Array(String) COMMENT 'Different actions of the findings: flag, mask',
    recalled Bool COMMENT 'The message is recalled by now',
    recalled_by String COMMENT 'The user who recalled it; empty: not recalled, or by the system'
)
AS SELECT
    cases.conversation_id AS conversation_id,
    cases.seq AS seq,
    cases.sender AS sender,
    cases.found_at AS found_at,
    arrayMap(action -> toString(action), arraySort(arrayDistinct(cases.finding_actions))) AS actions,
    messages.recalled AS recalled,
    messages.recalled_by AS recalled_by
FROM (SELECT * FROM tidings.moderation_cases FINAL) AS cases
LEFT JOIN (SELECT conversation_id, seq, recalled, recalled_by FROM tidings.messages FINAL) AS messages
    ON messages.conversation_id = cases.conversation_id AND messages.seq = cases.message_seq
COMMENT 'Messages with findings of the moderation rules, and whether they are recalled by now';

-- The columns of the older views.
ALTER TABLE tidings.daily_active_users COMMENT COLUMN day 'Day (UTC)';
ALTER TABLE tidings.daily_active_users COMMENT COLUMN active_users 'Different users with an event';
ALTER TABLE tidings.message_volume_by_hour COMMENT COLUMN hour 'Begin of the hour (UTC)';
ALTER TABLE tidings.message_volume_by_hour COMMENT COLUMN messages 'Messages sent';
ALTER TABLE tidings.message_volume_by_hour COMMENT COLUMN senders 'Different users who sent them';
ALTER TABLE tidings.message_volume_by_hour COMMENT COLUMN conversations 'Different conversations';
ALTER TABLE tidings.message_volume_by_content_type COMMENT COLUMN day 'Day (UTC)';
ALTER TABLE tidings.message_volume_by_content_type COMMENT COLUMN content_type 'Kind of content, as in messages';
ALTER TABLE tidings.message_volume_by_content_type COMMENT COLUMN messages 'Messages sent';
ALTER TABLE tidings.conversation_activity COMMENT COLUMN conversation_id 'The conversation';
ALTER TABLE tidings.conversation_activity COMMENT COLUMN conversation_kind 'private, group, room, system or broadcast';
ALTER TABLE tidings.conversation_activity COMMENT COLUMN messages 'Messages sent';
ALTER TABLE tidings.conversation_activity COMMENT COLUMN senders 'Different users who sent them';
ALTER TABLE tidings.conversation_activity COMMENT COLUMN first_message_at 'When the first message was sent';
ALTER TABLE tidings.conversation_activity COMMENT COLUMN last_message_at 'When the last message was sent';
ALTER TABLE tidings.read_lag COMMENT COLUMN conversation_id 'The conversation';
ALTER TABLE tidings.read_lag COMMENT COLUMN user_id 'The user';
ALTER TABLE tidings.read_lag COMMENT COLUMN read_seq 'Read up to this seq';
ALTER TABLE tidings.read_lag COMMENT COLUMN read_at 'When the user read';
ALTER TABLE tidings.read_lag COMMENT COLUMN messages_behind 'Messages after the read position, own ones included';
ALTER TABLE tidings.sequence_gaps COMMENT COLUMN conversation_id 'The conversation';
ALTER TABLE tidings.sequence_gaps COMMENT COLUMN last_seq 'Greatest seq';
ALTER TABLE tidings.sequence_gaps COMMENT COLUMN missing_events 'Events below it that are missing';
ALTER TABLE tidings.members COMMENT COLUMN conversation_id 'The group';
ALTER TABLE tidings.members COMMENT COLUMN user_id 'The user';
ALTER TABLE tidings.members COMMENT COLUMN belongs 'The user is a member now';
ALTER TABLE tidings.members COMMENT COLUMN role 'member, admin or owner; empty for a former member';
ALTER TABLE tidings.members COMMENT COLUMN joined_at 'When the user joined last';
ALTER TABLE tidings.members COMMENT COLUMN joined_seq 'seq of that event';
ALTER TABLE tidings.members COMMENT COLUMN left_at 'When the user left; NULL: a member now';
ALTER TABLE tidings.members COMMENT COLUMN muted_until 'Muted until then; NULL: not muted';
ALTER TABLE tidings.members COMMENT COLUMN version 'seq of the last change';
ALTER TABLE tidings.groups COMMENT COLUMN conversation_id 'The group';
ALTER TABLE tidings.groups COMMENT COLUMN name 'Name';
ALTER TABLE tidings.groups COMMENT COLUMN avatar_url 'URL of the picture';
ALTER TABLE tidings.groups COMMENT COLUMN description 'Description';
ALTER TABLE tidings.groups COMMENT COLUMN announcement 'Announcement';
ALTER TABLE tidings.groups COMMENT COLUMN join_policy 'open, by_approval or by_invitation';
ALTER TABLE tidings.groups COMMENT COLUMN history_from_start 'New members see earlier messages';
ALTER TABLE tidings.groups COMMENT COLUMN max_members 'Most members; 0: by policy';
ALTER TABLE tidings.groups COMMENT COLUMN owner 'The owner; empty: the operator';
ALTER TABLE tidings.groups COMMENT COLUMN member_count 'Members now';
ALTER TABLE tidings.groups COMMENT COLUMN all_muted 'Only the owner and admins may send';
ALTER TABLE tidings.groups COMMENT COLUMN dissolved 'The group is dissolved';
ALTER TABLE tidings.groups COMMENT COLUMN created_at 'When it was created';
ALTER TABLE tidings.groups COMMENT COLUMN version 'seq of the last change';
ALTER TABLE tidings.relations COMMENT COLUMN conversation_id 'The private conversation';
ALTER TABLE tidings.relations COMMENT COLUMN user_id 'One of its two users';
ALTER TABLE tidings.relations COMMENT COLUMN friends 'The two are friends';
ALTER TABLE tidings.relations COMMENT COLUMN requested 'This user has a pending friend request';
ALTER TABLE tidings.relations COMMENT COLUMN blocked 'This user has blocked the other one';
ALTER TABLE tidings.relations COMMENT COLUMN changed_at 'When that changed last';
ALTER TABLE tidings.group_sizes COMMENT COLUMN conversation_id 'The group';
ALTER TABLE tidings.group_sizes COMMENT COLUMN name 'Name';
ALTER TABLE tidings.group_sizes COMMENT COLUMN members 'Members now';
ALTER TABLE tidings.group_sizes COMMENT COLUMN created_at 'When it was created';
ALTER TABLE tidings.recall_rate_by_day COMMENT COLUMN day 'Day (UTC) of the messages';
ALTER TABLE tidings.recall_rate_by_day COMMENT COLUMN messages 'Messages sent';
ALTER TABLE tidings.recall_rate_by_day COMMENT COLUMN edited_messages 'Those edited since';
ALTER TABLE tidings.recall_rate_by_day COMMENT COLUMN recalled_messages 'Those recalled since';
ALTER TABLE tidings.recall_rate_by_day COMMENT COLUMN recall_rate 'recalled_messages / messages';
ALTER TABLE tidings.reaction_use COMMENT COLUMN reaction 'Emoji or short code';
ALTER TABLE tidings.reaction_use COMMENT COLUMN times 'Reactions now';
ALTER TABLE tidings.reaction_use COMMENT COLUMN users 'Different users';
ALTER TABLE tidings.moderation_by_day COMMENT COLUMN day 'Day (UTC)';
ALTER TABLE tidings.moderation_by_day COMMENT COLUMN kind 'Kind of the finding: word, link or media';
ALTER TABLE tidings.moderation_by_day COMMENT COLUMN action 'flag or mask';
ALTER TABLE tidings.moderation_by_day COMMENT COLUMN cases 'Messages and edits with such a finding';
ALTER TABLE tidings.push_success_by_day COMMENT COLUMN day 'Day (UTC) of the outcome';
ALTER TABLE tidings.push_success_by_day COMMENT COLUMN channel 'Channel, such as webhook';
ALTER TABLE tidings.push_success_by_day COMMENT COLUMN delivered 'Delivered';
ALTER TABLE tidings.push_success_by_day COMMENT COLUMN failed 'Failed';
ALTER TABLE tidings.push_success_by_day COMMENT COLUMN collapsed 'Replaced by a newer notification';
ALTER TABLE tidings.push_success_by_day COMMENT COLUMN expired 'Expired';
ALTER TABLE tidings.push_success_by_day COMMENT COLUMN success_rate 'delivered / (delivered + failed); NULL: none';
ALTER TABLE tidings.pins COMMENT COLUMN conversation_id 'The conversation';
ALTER TABLE tidings.pins COMMENT COLUMN seq 'seq of the pinned message';
ALTER TABLE tidings.pins COMMENT COLUMN pinned_by 'The user who pinned it; empty: the system';
ALTER TABLE tidings.pins COMMENT COLUMN pinned_at 'When it was pinned';
ALTER TABLE tidings.pins COMMENT COLUMN version 'seq of the last change';
