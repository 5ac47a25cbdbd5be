-- Comments of tables, columns and views in plain terms. Nothing else changes.

ALTER TABLE tidings.events
    COMMENT COLUMN seq 'Position in the conversation: from 1, without gaps, over all sequenced events',
    COMMENT COLUMN sent_at 'Time at which the command was appended to the log',
    COMMENT COLUMN command_id 'Id of the command that caused the event (UUIDv7)',
    COMMENT COLUMN kind 'Kind of the event, such as message_sent; unknown: newer than the sink that wrote the row',
    COMMENT COLUMN actor 'The user who caused the event; empty: the system',
    COMMENT COLUMN raw 'The whole event as serialized protobuf (tidings.v1.ConversationEvent), byte for byte as in the log',
    MODIFY COMMENT 'Every sequenced event of every conversation. Read it with FINAL: one row for each (conversation_id, seq)';

ALTER TABLE tidings.messages
    COMMENT COLUMN client_msg_id 'Id that the client chose for idempotence; unique for the sender in the conversation',
    COMMENT COLUMN sent_at 'Time at which the command was appended to the log',
    COMMENT COLUMN version 'seq of the event that last changed the message; its own seq if the message is unchanged',
    COMMENT COLUMN text 'Body of a text, or caption of an image or a video; empty for other content and if recalled',
    COMMENT COLUMN content 'The content as JSON, by the canonical mapping of protobuf; empty if recalled',
    COMMENT COLUMN edited_at 'Time of the last edit; NULL: never edited',
    COMMENT COLUMN recalled 'The message is recalled: text and content are empty',
    COMMENT COLUMN recalled_by 'The user who recalled it; empty: not recalled, or recalled by the system',
    COMMENT COLUMN mentions 'Users that the message mentions',
    COMMENT COLUMN mention_all 'The message mentions all members',
    COMMENT COLUMN masked 'A moderation rule masked words of the text',
    COMMENT COLUMN reply_to_seq 'seq of the message that this one answers; 0: none',
    COMMENT COLUMN expires_at 'No delivery after this time; NULL: no expiry',
    COMMENT COLUMN forwarded_from_conversation_id 'Conversation of the original message; empty: not forwarded',
    COMMENT COLUMN forwarded_from_seq 'seq of the original message; 0: not forwarded',
    MODIFY COMMENT 'Every message in its current state. Read it with FINAL: one row for each (conversation_id, seq)';

ALTER TABLE tidings.reads
    COMMENT COLUMN user_id 'The user',
    COMMENT COLUMN read_seq 'The user has read up to this seq; never decreases',
    COMMENT COLUMN read_at 'Time at which the command was appended to the log',
    MODIFY COMMENT 'Read position of each user in each conversation. Read it with FINAL: one row for each (conversation_id, user_id)';

ALTER TABLE tidings.message_changes
    COMMENT COLUMN message_seq 'seq of the changed message',
    COMMENT COLUMN event_seq 'seq of the event that changes it',
    COMMENT COLUMN changed_at 'Time at which the command was appended to the log',
    COMMENT COLUMN changed_by 'The user who changed it; empty: the system',
    COMMENT COLUMN recalled 'true: the event recalls the message; false: it edits the message',
    COMMENT COLUMN content_type 'Edit: kind of the new content, as in messages',
    COMMENT COLUMN text 'Edit: the new text, as in messages',
    COMMENT COLUMN content 'Edit: the new content, as in messages',
    COMMENT COLUMN mentions 'Edit: users that the new content mentions',
    COMMENT COLUMN mention_all 'Edit: the new content mentions all members',
    COMMENT COLUMN masked 'Edit: a moderation rule masked words of the new text',
    COMMENT COLUMN raw 'The event as serialized protobuf (tidings.v1.ConversationEvent), byte for byte as in the log',
    COMMENT COLUMN search_terms 'Edit: search terms of the new content, as in messages',
    MODIFY COMMENT 'Every edit and every recall of a message. Read it with FINAL: one row for each (conversation_id, message_seq, event_seq)';

ALTER TABLE tidings.reactions
    COMMENT COLUMN user_id 'The user who reacted',
    COMMENT COLUMN removed 'The user removed the reaction',
    COMMENT COLUMN changed_at 'Time at which the command was appended to the log',
    COMMENT COLUMN version 'seq of the event that last changed the reaction',
    MODIFY COMMENT 'Reactions to messages, removed ones included. Read it with FINAL: one row for each (conversation_id, seq, user_id, reaction)';

ALTER TABLE tidings.member_changes
    COMMENT COLUMN conversation_id 'The group, or a room: users of a room can be muted although a room has no members',
    COMMENT COLUMN user_id 'The member',
    COMMENT COLUMN changed_at 'Time at which the command was appended to the log',
    COMMENT COLUMN changed_by 'The user who changed it: the member, or an admin; empty: the system',
    COMMENT COLUMN belongs 'Whether the user is a member from this event on; NULL: unchanged',
    COMMENT COLUMN role 'member, admin or owner from this event on; NULL: unchanged',
    COMMENT COLUMN muted_until 'End of the mute from this event on; 1970: not muted; NULL: unchanged',
    MODIFY COMMENT 'Every change of a membership, a role or a mute. Read it with FINAL: one row for each (conversation_id, user_id, event_seq)';

ALTER TABLE tidings.group_changes
    COMMENT COLUMN conversation_id 'The group, or a room in which all users are muted',
    COMMENT COLUMN changed_at 'Time at which the command was appended to the log',
    COMMENT COLUMN changed_by 'The user who changed it; empty: the system',
    COMMENT COLUMN name 'The name from this event on; NULL: unchanged',
    COMMENT COLUMN avatar_url 'URL of the picture from this event on; NULL: unchanged',
    COMMENT COLUMN description 'The description from this event on; NULL: unchanged',
    COMMENT COLUMN announcement 'The announcement from this event on; NULL: unchanged',
    COMMENT COLUMN join_policy 'open, by_approval or by_invitation from this event on; NULL: unchanged',
    COMMENT COLUMN history_from_start 'Whether new members see earlier messages from this event on; NULL: unchanged',
    COMMENT COLUMN max_members 'Largest number of members from this event on, 0: by policy; NULL: unchanged',
    COMMENT COLUMN owner 'The owner from this event on, empty: the operator; NULL: unchanged',
    COMMENT COLUMN member_count 'Number of members after this event; NULL: unchanged',
    COMMENT COLUMN all_muted 'Whether only the owner and admins may send from this event on; NULL: unchanged',
    COMMENT COLUMN dissolved 'The event dissolves the group',
    MODIFY COMMENT 'Every change of a group as a whole. Read it with FINAL: one row for each (conversation_id, event_seq)';

ALTER TABLE tidings.relation_changes
    COMMENT COLUMN user_id 'One of its two users',
    COMMENT COLUMN changed_at 'Time at which the command was appended to the log',
    COMMENT COLUMN command_id 'Id of the command that caused the change',
    COMMENT COLUMN friends 'Whether the two users are friends from this event on; NULL: unchanged',
    COMMENT COLUMN requested 'Whether this user has a pending friend request from this event on; NULL: unchanged',
    COMMENT COLUMN blocked 'Whether this user blocks the other one from this event on; NULL: unchanged',
    MODIFY COMMENT 'Friend requests, friendships and blocks. Read it with FINAL: one row for each (conversation_id, user_id, changed_at, command_id)';

ALTER TABLE tidings.moderation_cases
    COMMENT COLUMN text 'The text before masking; as in messages',
    COMMENT COLUMN content 'The content before masking; as in messages',
    COMMENT COLUMN finding_kinds 'Kind of each finding: word, link or media',
    COMMENT COLUMN finding_values 'Match of each finding: the word of the rule, the host of the link, type and size of the medium',
    COMMENT COLUMN finding_actions 'Action of each finding: flag or mask',
    COMMENT COLUMN found_at 'Time at which the command was appended to the log',
    MODIFY COMMENT 'Messages and edits that a moderator should review. Read it with FINAL: one row for each (conversation_id, seq)';

ALTER TABLE tidings.notifications
    COMMENT COLUMN at 'Time at which the message was appended to the log',
    COMMENT COLUMN expires_at 'Not sent after this time; NULL: no expiry',
    COMMENT COLUMN badge 'Unread messages of the user in all conversations that are not muted',
    COMMENT COLUMN unread 'Unread messages of the user in this conversation',
    COMMENT COLUMN targets 'Number of devices to notify',
    MODIFY COMMENT 'Every requested push notification, without its text. Read it with FINAL: one row for each notification_id';

ALTER TABLE tidings.push_outcomes
    COMMENT COLUMN device_id 'The device',
    COMMENT COLUMN channel 'Push channel, such as webhook',
    COMMENT COLUMN result 'delivered, collapsed (a newer notification replaced it), expired or failed',
    COMMENT COLUMN attempts 'Number of attempts',
    COMMENT COLUMN reason 'Reason of a failure; otherwise empty',
    COMMENT COLUMN at 'Time of the outcome',
    COMMENT COLUMN precedence 'FINAL keeps the row with the greatest value: 1 if delivered, otherwise 0',
    MODIFY COMMENT 'Outcome of each notification on each device. Read it with FINAL: one row for each (notification_id, device_id)';

ALTER TABLE tidings.pin_changes
    COMMENT COLUMN changed_at 'Time at which the command was appended to the log',
    COMMENT COLUMN changed_by 'The user who changed it; empty: the system',
    COMMENT COLUMN pinned 'true: the event pins the message; false: it unpins the message',
    MODIFY COMMENT 'Every pin and unpin of a message. Read it with FINAL: one row for each (conversation_id, message_seq, event_seq)';

ALTER TABLE tidings.daily_active_users MODIFY COMMENT 'Users who caused an event, by day (UTC)';
ALTER TABLE tidings.message_volume_by_hour MODIFY COMMENT 'Messages, senders and conversations by hour (UTC)';
ALTER TABLE tidings.message_volume_by_content_type MODIFY COMMENT 'Messages by day (UTC) and kind of content';
ALTER TABLE tidings.conversation_activity MODIFY COMMENT 'Messages, senders, first and last message of each conversation';
ALTER TABLE tidings.read_lag MODIFY COMMENT 'Messages after the read position of each user, own messages included; only conversations that the user has read';
ALTER TABLE tidings.sequence_gaps MODIFY COMMENT 'Conversations with missing events. Empty unless records became dead letters';
ALTER TABLE tidings.members MODIFY COMMENT 'Current and former members of groups: one row for each (conversation_id, user_id)';
ALTER TABLE tidings.groups MODIFY COMMENT 'Every group in its current state, dissolved ones included: one row for each conversation_id';
ALTER TABLE tidings.relations MODIFY COMMENT 'Current friendships, friend requests and blocks: one row for each (conversation_id, user_id)';
ALTER TABLE tidings.group_sizes MODIFY COMMENT 'Number of members of each group';
ALTER TABLE tidings.recall_rate_by_day MODIFY COMMENT 'Messages by day (UTC), with the number of those edited and recalled since';
ALTER TABLE tidings.reaction_use MODIFY COMMENT 'Number of uses and users of each reaction';
ALTER TABLE tidings.moderation_by_day MODIFY COMMENT 'Messages and edits with findings by day (UTC), kind and action of the finding';
ALTER TABLE tidings.push_success_by_day MODIFY COMMENT 'Outcomes of notifications by day (UTC) and channel';
ALTER TABLE tidings.pins MODIFY COMMENT 'Pinned messages: one row for each (conversation_id, seq). A room loses its pins when the last user leaves, which this view does not show';

ALTER TABLE tidings.find_messages MODIFY COMMENT 'Messages that contain all of the words, in their current state. Parameter words: separated by spaces; Chinese, Japanese and Korean text as single characters or pairs. Columns: conversation_id; seq; sender; sent_at; content_type; text';

ALTER TABLE tidings.schema_migrations
    COMMENT COLUMN name 'Name of its file',
    COMMENT COLUMN applied_at 'Time at which it was applied, by the last worker that applied it',
    MODIFY COMMENT 'Migrations of the schema that were applied';
