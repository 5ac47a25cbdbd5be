package dev.tidings.connectors.clickhouse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One row of one table: values in the order of its table's columns. Times are milliseconds since 1970 in UTC. */
sealed interface Row {

    Table table();

    void writeTo(RowBinary out);

    /**
     * An event as it happened.
     *
     * @param kind the event's field in the contract, such as {@code message_sent}
     * @param actor who did it; empty where nobody did
     * @param body the event as JSON
     * @param raw the event as it lies in the log
     */
    record Event(
            String conversationId,
            long seq,
            long messageIndex,
            long sentAtMillis,
            String commandId,
            String kind,
            String actor,
            String body,
            byte[] raw)
            implements Row {

        @Override
        public Table table() {
            return Table.EVENTS;
        }

        @Override
        public void writeTo(RowBinary out) {
            out.string(conversationId)
                    .int64(seq)
                    .int64(messageIndex)
                    .int64(sentAtMillis)
                    .string(commandId)
                    .string(kind)
                    .string(actor)
                    .string(body)
                    .string(raw);
        }
    }

    /**
     * What is said in a message.
     *
     * @param contentType the content's field in the contract, such as {@code text}
     * @param text the body of a text, or the caption of a medium; otherwise empty
     * @param content the content as JSON
     * @param masked whether the rules of moderation put stars into it
     */
    record Said(
            String contentType,
            String text,
            String content,
            List<String> mentions,
            boolean mentionAll,
            boolean masked) {

        public Said {
            mentions = List.copyOf(mentions);
        }
    }

    /**
     * A message as it was sent. What became of it since is put into its row by {@link ChangedMessages}.
     *
     * @param replyToSeq 0: it answers none
     * @param forwardedFromConversationId empty: it was not forwarded
     */
    record Message(
            String conversationId,
            long seq,
            String messageId,
            String sender,
            String clientMsgId,
            Said said,
            long messageIndex,
            long sentAtMillis,
            long replyToSeq,
            @Nullable Long expiresAtMillis,
            boolean asSystem,
            String forwardedFromConversationId,
            long forwardedFromSeq)
            implements Row {

        @Override
        public Table table() {
            return Table.MESSAGES;
        }

        @Override
        public void writeTo(RowBinary out) {
            out.string(conversationId)
                    .int64(seq)
                    .string(messageId)
                    .string(sender)
                    .string(clientMsgId)
                    .string(said.contentType())
                    .string(said.text())
                    .string(said.content())
                    .int64(messageIndex)
                    .int64(sentAtMillis)
                    .int64(seq) // version: nothing has changed it yet
                    .nullableInt64(null) // edited_at
                    .bool(false) // recalled
                    .string("") // recalled_by
                    .strings(said.mentions())
                    .bool(said.mentionAll())
                    .bool(said.masked())
                    .int64(replyToSeq)
                    .nullableInt64(expiresAtMillis)
                    .bool(asSystem)
                    .string(forwardedFromConversationId)
                    .int64(forwardedFromSeq);
        }
    }

    /**
     * A message was edited or recalled.
     *
     * @param said what the message says from here on; null: it is recalled
     * @param raw the event as it lies in the log
     */
    record MessageChange(
            String conversationId,
            long messageSeq,
            long eventSeq,
            long changedAtMillis,
            String changedBy,
            @Nullable Said said,
            byte[] raw)
            implements Row {

        private static final Said NOTHING = new Said("", "", "", List.of(), false, false);

        @Override
        public Table table() {
            return Table.MESSAGE_CHANGES;
        }

        @Override
        public void writeTo(RowBinary out) {
            Said now = said == null ? NOTHING : said;
            out.string(conversationId)
                    .int64(messageSeq)
                    .int64(eventSeq)
                    .int64(changedAtMillis)
                    .string(changedBy)
                    .bool(said == null)
                    .string(now.contentType())
                    .string(now.text())
                    .string(now.content())
                    .strings(now.mentions())
                    .bool(now.mentionAll())
                    .bool(now.masked())
                    .string(raw);
        }
    }

    /** Whether a user's reaction stands under a message. */
    record Reaction(
            String conversationId,
            long seq,
            String userId,
            String reaction,
            boolean removed,
            long changedAtMillis,
            long version)
            implements Row {

        @Override
        public Table table() {
            return Table.REACTIONS;
        }

        @Override
        public void writeTo(RowBinary out) {
            out.string(conversationId)
                    .int64(seq)
                    .string(userId)
                    .string(reaction)
                    .bool(removed)
                    .int64(changedAtMillis)
                    .int64(version);
        }
    }

    /** A message is pinned from an event on, or no longer. */
    record PinChange(
            String conversationId,
            long messageSeq,
            long eventSeq,
            long changedAtMillis,
            String changedBy,
            boolean pinned)
            implements Row {

        @Override
        public Table table() {
            return Table.PIN_CHANGES;
        }

        @Override
        public void writeTo(RowBinary out) {
            out.string(conversationId)
                    .int64(messageSeq)
                    .int64(eventSeq)
                    .int64(changedAtMillis)
                    .string(changedBy)
                    .bool(pinned);
        }
    }

    /** How far a user has read a conversation. */
    record Read(String conversationId, String userId, long readSeq, long readIndex, long readAtMillis) implements Row {

        @Override
        public Table table() {
            return Table.READS;
        }

        @Override
        public void writeTo(RowBinary out) {
            out.string(conversationId)
                    .string(userId)
                    .int64(readSeq)
                    .int64(readIndex)
                    .int64(readAtMillis);
        }
    }

    /**
     * What an event says of one member of a group; null where it says nothing.
     *
     * @param belongs whether the user is a member from here on
     * @param role such as {@code admin}
     * @param mutedUntilMillis 0: may talk again
     */
    record MemberChange(
            String conversationId,
            String userId,
            long eventSeq,
            long changedAtMillis,
            String changedBy,
            @Nullable Boolean belongs,
            @Nullable String role,
            @Nullable Long mutedUntilMillis)
            implements Row {

        @Override
        public Table table() {
            return Table.MEMBER_CHANGES;
        }

        @Override
        public void writeTo(RowBinary out) {
            out.string(conversationId)
                    .string(userId)
                    .int64(eventSeq)
                    .int64(changedAtMillis)
                    .string(changedBy)
                    .nullableBool(belongs)
                    .nullableString(role)
                    .nullableInt64(mutedUntilMillis);
        }
    }

    /**
     * How a group presents itself.
     *
     * @param joinPolicy such as {@code by_approval}
     * @param maxMembers 0: as many as the policy allows
     */
    record Profile(
            String name,
            String avatarUrl,
            String description,
            String announcement,
            String joinPolicy,
            boolean historyFromStart,
            long maxMembers) {}

    /** What an event says of a group as a whole; null where it says nothing. */
    record GroupChange(
            String conversationId,
            long eventSeq,
            long changedAtMillis,
            String changedBy,
            @Nullable Profile profile,
            @Nullable String owner,
            @Nullable Long memberCount,
            @Nullable Boolean allMuted,
            boolean dissolved)
            implements Row {

        @Override
        public Table table() {
            return Table.GROUP_CHANGES;
        }

        @Override
        public void writeTo(RowBinary out) {
            out.string(conversationId)
                    .int64(eventSeq)
                    .int64(changedAtMillis)
                    .string(changedBy)
                    .nullableString(profile == null ? null : profile.name())
                    .nullableString(profile == null ? null : profile.avatarUrl())
                    .nullableString(profile == null ? null : profile.description())
                    .nullableString(profile == null ? null : profile.announcement())
                    .nullableString(profile == null ? null : profile.joinPolicy())
                    .nullableBool(profile == null ? null : profile.historyFromStart())
                    .nullableInt64(profile == null ? null : profile.maxMembers())
                    .nullableString(owner)
                    .nullableInt64(memberCount)
                    .nullableBool(allMuted)
                    .bool(dissolved);
        }
    }

    /** What an event says of one user's relation to the other one of a private conversation; null where it says nothing. */
    record RelationChange(
            String conversationId,
            String userId,
            long changedAtMillis,
            String commandId,
            @Nullable Boolean friends,
            @Nullable Boolean requested,
            @Nullable Boolean blocked)
            implements Row {

        @Override
        public Table table() {
            return Table.RELATION_CHANGES;
        }

        @Override
        public void writeTo(RowBinary out) {
            out.string(conversationId)
                    .string(userId)
                    .int64(changedAtMillis)
                    .string(commandId)
                    .nullableBool(friends)
                    .nullableBool(requested)
                    .nullableBool(blocked);
        }
    }

    /**
     * A message that somebody should look at.
     *
     * @param kinds of each finding, such as {@code word}
     * @param found of each finding: the rule's word, the link's host, the medium's type and size
     * @param actions of each finding, such as {@code mask}
     */
    record ModerationCase(
            String conversationId,
            long seq,
            long messageSeq,
            String messageId,
            String sender,
            String contentType,
            String text,
            String content,
            List<String> kinds,
            List<String> found,
            List<String> actions,
            long atMillis)
            implements Row {

        public ModerationCase {
            kinds = List.copyOf(kinds);
            found = List.copyOf(found);
            actions = List.copyOf(actions);
        }

        @Override
        public Table table() {
            return Table.MODERATION_CASES;
        }

        @Override
        public void writeTo(RowBinary out) {
            out.string(conversationId)
                    .int64(seq)
                    .int64(messageSeq)
                    .string(messageId)
                    .string(sender)
                    .string(contentType)
                    .string(text)
                    .string(content)
                    .strings(kinds)
                    .strings(found)
                    .strings(actions)
                    .int64(atMillis);
        }
    }

    /**
     * Who was to be notified of what, without what it said.
     *
     * @param atMillis when the message was appended to the log
     * @param targets how many devices it was for
     */
    record Notification(
            String notificationId,
            String userId,
            String conversationId,
            long seq,
            String messageId,
            String sender,
            long atMillis,
            @Nullable Long expiresAtMillis,
            long badge,
            long unread,
            boolean mentioned,
            long targets)
            implements Row {

        @Override
        public Table table() {
            return Table.NOTIFICATIONS;
        }

        @Override
        public void writeTo(RowBinary out) {
            out.string(notificationId)
                    .string(userId)
                    .string(conversationId)
                    .int64(seq)
                    .string(messageId)
                    .string(sender)
                    .int64(atMillis)
                    .nullableInt64(expiresAtMillis)
                    .int64(badge)
                    .int64(unread)
                    .bool(mentioned)
                    .int64(targets);
        }
    }

    /**
     * What became of a notification at one device. It may be told twice, after a crash: then delivered is what counts.
     *
     * @param result such as {@code delivered}
     * @param reason of a failure; otherwise empty
     */
    record PushOutcome(
            String notificationId,
            String deviceId,
            String userId,
            String channel,
            String result,
            long attempts,
            String reason,
            long atMillis,
            boolean delivered)
            implements Row {

        @Override
        public Table table() {
            return Table.PUSH_OUTCOMES;
        }

        @Override
        public void writeTo(RowBinary out) {
            out.string(notificationId)
                    .string(deviceId)
                    .string(userId)
                    .string(channel)
                    .string(result)
                    .int64(attempts)
                    .string(reason)
                    .int64(atMillis)
                    .int64(delivered ? 1 : 0);
        }
    }
}
