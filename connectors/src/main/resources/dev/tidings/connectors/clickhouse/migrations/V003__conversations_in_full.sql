-- What becomes of messages, who belongs to groups, how people stand to each other, and what moderation found.
--
-- Most events say only what they change. So there are tables of changes, whose rows again follow from one event alone,
-- and views with the name of the thing itself (members, groups, relations), which put the changes together. Views need no
-- FINAL. Only messages holds rows that are put together: by the sink, of the message and its changes.

ALTER TABLE tidings.messages ADD COLUMN IF NOT EXISTS edited_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When it was last edited; NULL: never';
ALTER TABLE tidings.messages ADD COLUMN IF NOT EXISTS recalled Bool COMMENT 'Taken back: text and content are empty';
ALTER TABLE tidings.messages ADD COLUMN IF NOT EXISTS recalled_by String COMMENT 'Who took it back; empty with recalled: the system';
ALTER TABLE tidings.messages ADD COLUMN IF NOT EXISTS mentions Array(String) COMMENT 'Users it calls by name';
ALTER TABLE tidings.messages ADD COLUMN IF NOT EXISTS mention_all Bool COMMENT 'It calls everyone';
ALTER TABLE tidings.messages ADD COLUMN IF NOT EXISTS masked Bool COMMENT 'The rules of moderation put stars into it';
ALTER TABLE tidings.messages ADD COLUMN IF NOT EXISTS reply_to_seq Int64 COMMENT 'seq of the message it answers; 0: none';
ALTER TABLE tidings.messages ADD COLUMN IF NOT EXISTS expires_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Not delivered after that; NULL: however late';
ALTER TABLE tidings.messages ADD COLUMN IF NOT EXISTS as_system Bool COMMENT 'Sent with the authority of the operator';
ALTER TABLE tidings.messages ADD COLUMN IF NOT EXISTS forwarded_from_conversation_id String COMMENT 'Conversation where it was first said; empty: it was not forwarded';
ALTER TABLE tidings.messages ADD COLUMN IF NOT EXISTS forwarded_from_seq Int64 COMMENT 'Its seq there; 0: it was not forwarded';
ALTER TABLE tidings.messages COMMENT COLUMN text 'Body of a text, or caption of an image or a video; otherwise, and where recalled, empty';
ALTER TABLE tidings.messages COMMENT COLUMN content 'The content as JSON, by the canonical mapping of protobuf; empty where recalled';

-- In the order in which history asks: for the changes of some messages of one conversation.
CREATE TABLE IF NOT EXISTS tidings.message_changes
(
    conversation_id String COMMENT 'The conversation',
    message_seq Int64 COMMENT 'seq of the message that is changed' CODEC(Delta, ZSTD(1)),
    event_seq Int64 COMMENT 'seq of the event that changes it' CODEC(Delta, ZSTD(1)),
    changed_at DateTime64(3, 'UTC') COMMENT 'When the command was appended to the log' CODEC(Delta, ZSTD(1)),
    changed_by String COMMENT 'Who did it; empty: the system',
    recalled Bool COMMENT 'It is taken back; otherwise edited',
    content_type LowCardinality(String) COMMENT 'Of an edit: kind of the new content, as in messages',
    text String COMMENT 'Of an edit: the new text, as in messages' CODEC(ZSTD(3)),
    content String COMMENT 'Of an edit: the new content, as in messages' CODEC(ZSTD(3)),
    mentions Array(String) COMMENT 'Of an edit: users it calls by name from here on',
    mention_all Bool COMMENT 'Of an edit: it calls everyone from here on',
    masked Bool COMMENT 'Of an edit: the rules of moderation put stars into it',
    raw String COMMENT 'The event as serialized protobuf (tidings.v1.ConversationEvent), as it lies in the log' CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY (conversation_id, message_seq, event_seq)
COMMENT 'Every edit and every recall as it happened. Read it with FINAL: one row for each (conversation_id, message_seq, event_seq)';

CREATE TABLE IF NOT EXISTS tidings.reactions
(
    conversation_id String COMMENT 'The conversation',
    seq Int64 COMMENT 'seq of the message' CODEC(Delta, ZSTD(1)),
    user_id String COMMENT 'The user who reacts',
    reaction String COMMENT 'An emoji or a short code',
    removed Bool COMMENT 'It was taken away again',
    changed_at DateTime64(3, 'UTC') COMMENT 'When the user said so' CODEC(Delta, ZSTD(1)),
    version Int64 COMMENT 'seq of the event that last changed it'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (conversation_id, seq, user_id, reaction)
COMMENT 'Reactions to messages, those taken away included. Read it with FINAL: one row for each (conversation_id, seq, user_id, reaction)';

CREATE TABLE IF NOT EXISTS tidings.member_changes
(
    conversation_id String COMMENT 'The group; or a room, where users are muted without being members',
    user_id String COMMENT 'The user it concerns',
    event_seq Int64 COMMENT 'seq of the event' CODEC(Delta, ZSTD(1)),
    changed_at DateTime64(3, 'UTC') COMMENT 'When the command was appended to the log' CODEC(Delta, ZSTD(1)),
    changed_by String COMMENT 'Who did it; the user: of his own accord; empty: the system',
    belongs Nullable(Bool) COMMENT 'Whether the user is a member from here on; NULL: as before',
    role LowCardinality(Nullable(String)) COMMENT 'member, admin or owner from here on; NULL: as before',
    muted_until Nullable(DateTime64(3, 'UTC')) COMMENT 'Muted until then from here on; 1970: may talk again; NULL: as before'
)
ENGINE = ReplacingMergeTree
ORDER BY (conversation_id, user_id, event_seq)
COMMENT 'What happened to the members of groups. Read it with FINAL: one row for each (conversation_id, user_id, event_seq)';

CREATE TABLE IF NOT EXISTS tidings.group_changes
(
    conversation_id String COMMENT 'The group; or a room, where everyone is muted',
    event_seq Int64 COMMENT 'seq of the event' CODEC(Delta, ZSTD(1)),
    changed_at DateTime64(3, 'UTC') COMMENT 'When the command was appended to the log' CODEC(Delta, ZSTD(1)),
    changed_by String COMMENT 'Who did it; empty: the system',
    name Nullable(String) COMMENT 'The name from here on; NULL: as before',
    avatar_url Nullable(String) COMMENT 'URL of the picture from here on; NULL: as before',
    description Nullable(String) COMMENT 'The description from here on; NULL: as before' CODEC(ZSTD(3)),
    announcement Nullable(String) COMMENT 'The announcement from here on; NULL: as before' CODEC(ZSTD(3)),
    join_policy LowCardinality(Nullable(String)) COMMENT 'open, by_approval or by_invitation from here on; NULL: as before',
    history_from_start Nullable(Bool) COMMENT 'Whether members see from here on what was said before they joined; NULL: as before',
    max_members Nullable(Int64) COMMENT 'How many members it may have from here on, 0: by policy; NULL: as before',
    owner Nullable(String) COMMENT 'The owner from here on, empty: the operator; NULL: as before',
    member_count Nullable(Int64) COMMENT 'How many members there are from here on; NULL: as before',
    all_muted Nullable(Bool) COMMENT 'Whether only the owner and admins may talk from here on; NULL: as before',
    dissolved Bool COMMENT 'The group is at its end'
)
ENGINE = ReplacingMergeTree
ORDER BY (conversation_id, event_seq)
COMMENT 'What happened to groups as a whole. Read it with FINAL: one row for each (conversation_id, event_seq)';

-- Much of it happens outside the sequence. So it is ordered by time, and within a millisecond by the command, whose id
-- begins with the time, too.
CREATE TABLE IF NOT EXISTS tidings.relation_changes
(
    conversation_id String COMMENT 'The private conversation',
    user_id String COMMENT 'The one of its two users whom it concerns',
    changed_at DateTime64(3, 'UTC') COMMENT 'When the command was appended to the log' CODEC(Delta, ZSTD(1)),
    command_id String COMMENT 'The command that it follows from',
    friends Nullable(Bool) COMMENT 'Whether the two are friends from here on; NULL: as before',
    requested Nullable(Bool) COMMENT 'Whether this user has asked to be friends, and waits, from here on; NULL: as before',
    blocked Nullable(Bool) COMMENT 'Whether this user has blocked the other one from here on; NULL: as before'
)
ENGINE = ReplacingMergeTree
ORDER BY (conversation_id, user_id, changed_at, command_id)
COMMENT 'What happened between people. Read it with FINAL: one row for each (conversation_id, user_id, changed_at, command_id)';

CREATE TABLE IF NOT EXISTS tidings.moderation_cases
(
    conversation_id String COMMENT 'The conversation',
    seq Int64 COMMENT 'seq of the event: the message, or the edit' CODEC(Delta, ZSTD(1)),
    message_seq Int64 COMMENT 'seq of the message' CODEC(Delta, ZSTD(1)),
    message_id String COMMENT 'Id of the message',
    sender String COMMENT 'The user who sent it',
    content_type LowCardinality(String) COMMENT 'Kind of the content, as in messages',
    text String COMMENT 'The text as it was sent, unmasked; as in messages' CODEC(ZSTD(3)),
    content String COMMENT 'The content as it was sent, unmasked; as in messages' CODEC(ZSTD(3)),
    finding_kinds Array(LowCardinality(String)) COMMENT 'Of each finding: word, link or media',
    finding_values Array(String) COMMENT 'Of each finding: the word of the rule, the host of the link, type and size of the medium',
    finding_actions Array(LowCardinality(String)) COMMENT 'Of each finding: flag or mask',
    found_at DateTime64(3, 'UTC') COMMENT 'When the command was appended to the log' CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (conversation_id, seq)
COMMENT 'Messages that somebody should look at. Read it with FINAL: one row for each (conversation_id, seq)';

CREATE VIEW IF NOT EXISTS tidings.members AS
SELECT
    changes.conversation_id AS conversation_id,
    changes.user_id AS user_id,
    ifNull(argMax(changes.belongs, changes.event_seq), false) AS belongs,
    if(belongs, ifNull(argMax(changes.role, changes.event_seq), ''), '') AS role,
    maxIf(changes.changed_at, changes.belongs) AS joined_at,
    maxIf(changes.event_seq, changes.belongs) AS joined_seq,
    if(belongs, NULL, maxIf(changes.changed_at, NOT changes.belongs)) AS left_at,
    nullIf(argMax(changes.muted_until, changes.event_seq), toDateTime64(0, 3, 'UTC')) AS muted_until,
    max(changes.event_seq) AS version
FROM tidings.member_changes AS changes
GROUP BY changes.conversation_id, changes.user_id
HAVING count(changes.belongs) > 0
COMMENT 'Who belongs to which group, and who once did, as it stands now: one row for each (conversation_id, user_id)';

CREATE VIEW IF NOT EXISTS tidings.groups AS
SELECT
    changes.conversation_id AS conversation_id,
    ifNull(argMax(changes.name, changes.event_seq), '') AS name,
    ifNull(argMax(changes.avatar_url, changes.event_seq), '') AS avatar_url,
    ifNull(argMax(changes.description, changes.event_seq), '') AS description,
    ifNull(argMax(changes.announcement, changes.event_seq), '') AS announcement,
    ifNull(argMax(changes.join_policy, changes.event_seq), '') AS join_policy,
    ifNull(argMax(changes.history_from_start, changes.event_seq), false) AS history_from_start,
    ifNull(argMax(changes.max_members, changes.event_seq), 0) AS max_members,
    ifNull(argMax(changes.owner, changes.event_seq), '') AS owner,
    ifNull(argMax(changes.member_count, changes.event_seq), 0) AS member_count,
    ifNull(argMax(changes.all_muted, changes.event_seq), false) AS all_muted,
    max(changes.dissolved) AS dissolved,
    min(changes.changed_at) AS created_at,
    max(changes.event_seq) AS version
FROM tidings.group_changes AS changes
WHERE startsWith(changes.conversation_id, 'g:')
GROUP BY changes.conversation_id
COMMENT 'Every group as it stands now, the dissolved ones included: one row for each conversation_id';

CREATE VIEW IF NOT EXISTS tidings.relations AS
SELECT
    changes.conversation_id AS conversation_id,
    changes.user_id AS user_id,
    ifNull(argMax(changes.friends, (changes.changed_at, changes.command_id)), false) AS friends,
    ifNull(argMax(changes.requested, (changes.changed_at, changes.command_id)), false) AS requested,
    ifNull(argMax(changes.blocked, (changes.changed_at, changes.command_id)), false) AS blocked,
    max(changes.changed_at) AS changed_at
FROM tidings.relation_changes AS changes
GROUP BY changes.conversation_id, changes.user_id
COMMENT 'How each user of a private conversation stands to the other one now: one row for each (conversation_id, user_id)';

CREATE VIEW IF NOT EXISTS tidings.group_sizes AS
SELECT
    conversation_id,
    name,
    member_count AS members,
    created_at
FROM tidings.groups
WHERE NOT dissolved
COMMENT 'How many members each group has';

CREATE VIEW IF NOT EXISTS tidings.recall_rate_by_day AS
SELECT
    toDate(sent_at, 'UTC') AS day,
    count() AS messages,
    countIf(edited_at IS NOT NULL) AS edited_messages,
    countIf(recalled) AS recalled_messages,
    recalled_messages / messages AS recall_rate
FROM tidings.messages FINAL
GROUP BY day
COMMENT 'How many of the messages of a day (UTC) were edited since, and how many taken back';

CREATE VIEW IF NOT EXISTS tidings.reaction_use AS
SELECT
    reaction,
    count() AS times,
    uniqExact(user_id) AS users
FROM tidings.reactions FINAL
WHERE NOT removed
GROUP BY reaction
COMMENT 'How often each reaction stands under messages, and by how many users';

CREATE VIEW IF NOT EXISTS tidings.moderation_by_day AS
SELECT
    toDate(found_at, 'UTC') AS day,
    kind,
    action,
    uniqExact((conversation_id, seq)) AS cases
FROM tidings.moderation_cases FINAL
ARRAY JOIN finding_kinds AS kind, finding_actions AS action
GROUP BY day, kind, action
COMMENT 'In how many messages and edits moderation found what, by day (UTC)';
