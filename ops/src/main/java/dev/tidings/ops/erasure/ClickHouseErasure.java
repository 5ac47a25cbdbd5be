package dev.tidings.ops.erasure;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.command.CommandResponse;
import com.clickhouse.client.api.query.GenericRecord;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.tidings.schemas.readmodel.ClickHouseCluster;
import dev.tidings.schemas.readmodel.HistoryTables;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ErasedMessage;
import dev.tidings.v1.LegalHold;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds messages in ClickHouse, and removes their words from all rows: those of older versions, too. Each change is a mutation, which
 * rewrites the parts with such rows and waits for its end.
 */
final class ClickHouseErasure implements AutoCloseable {

    private static final int TIMEOUT_MINUTES = 10;

    /** ClickHouse takes statements of 256 KiB. */
    private static final int MAX_STATEMENT_CHARACTERS = 200_000;

    /** Events of one query, which has the place of each. */
    private static final int MAX_PLACES = 500;

    private static final Duration PARTS_TIMEOUT = Duration.ofSeconds(30);
    private static final long POLL_NANOS = Duration.ofMillis(200).toNanos();

    private static final List<String> TABLES = List.of(
            HistoryTables.EVENTS,
            HistoryTables.MESSAGES,
            HistoryTables.MESSAGE_CHANGES,
            HistoryTables.MODERATION_CASES,
            HistoryTables.USERS,
            HistoryTables.USER_NAME_KEYS,
            HistoryTables.AUDIT);

    private static final String MESSAGE_COLUMNS =
            "conversation_id, seq, any(message_id), any(sender), any(client_msg_id), max(recalled)";

    /**
     * The new values of an event, as SQL.
     *
     * @param place conversation id and seq
     */
    private record Replacement(String place, String raw, String body) {

        int characters() {
            return 3 * place.length() + raw.length() + body.length();
        }
    }

    /** Selects messages. */
    sealed interface Subject {

        /** The condition on a row of {@code messages}. */
        String condition();
    }

    /** One message. */
    record OfPlace(String conversationId, long seq) implements Subject {

        @Override
        public String condition() {
            return "conversation_id = " + SqlText.text(conversationId) + " AND seq = " + seq;
        }
    }

    /** The messages of a user. */
    record OfSender(String userId) implements Subject {

        @Override
        public String condition() {
            return "sender = " + SqlText.text(userId);
        }
    }

    private final Client client;
    private final ClickHouseCluster cluster;

    /** The tables have settings that {@link #close} resets. */
    private boolean dropsParts;

    /** @param cluster of which the server is one; or none */
    ClickHouseErasure(String url, String user, String password, ClickHouseCluster cluster) {
        this.cluster = cluster;
        Client.Builder builder = new Client.Builder()
                .addEndpoint(url)
                .setUsername(user)
                .setPassword(password)
                .setSocketTimeout(TIMEOUT_MINUTES, ChronoUnit.MINUTES)
                .setExecutionTimeout(TIMEOUT_MINUTES, ChronoUnit.MINUTES);
        cluster.querySettings().forEach(builder::serverSetting);
        this.client = builder.build();
    }

    /** Returns the message at this place; empty: there is none. */
    List<StoredMessage> message(String conversationId, long seq) {
        return messages(new OfPlace(conversationId, seq).condition(), 1);
    }

    /** Returns the key of a hold that protects one of the messages or a forwarded copy of one; empty: there is none. */
    String firstHeld(Subject subject, Collection<LegalHold> holds) {
        for (LegalHold hold : holds) {
            String isHeld = hold.hasUserId()
                    ? "sender = " + SqlText.text(hold.getUserId())
                    : "conversation_id = " + SqlText.text(hold.getConversationId());
            String query = "SELECT 1 FROM " + HistoryTables.MESSAGES + " WHERE " + isHeld + " AND (("
                    + subject.condition() + ") OR (forwarded_from_conversation_id, forwarded_from_seq) IN"
                    + " (SELECT conversation_id, seq FROM " + HistoryTables.MESSAGES + " WHERE " + subject.condition()
                    + ")) LIMIT 1";
            if (!client.queryAll(query).isEmpty()) {
                return hold.hasUserId()
                        ? LegalHolds.ofUser(hold.getUserId())
                        : LegalHolds.ofConversation(hold.getConversationId());
            }
        }
        return "";
    }

    /**
     * Returns a page of the messages of a user, in the order of conversation and seq.
     *
     * @param after the last message of the page before; the default instance: none
     */
    List<StoredMessage> messagesOf(String userId, ErasedMessage after, int limit) {
        return messages(
                new OfSender(userId).condition() + " AND (conversation_id, seq) > ("
                        + SqlText.text(after.getConversationId()) + ", " + after.getSeq() + ")",
                limit);
    }

    /** Returns the forwarded copies of messages. */
    List<StoredMessage> copiesOf(Collection<ErasedMessage> messages) {
        return messages.isEmpty()
                ? List.of()
                : messages(
                        "(forwarded_from_conversation_id, forwarded_from_seq) IN (" + SqlText.positions(messages) + ")",
                        Integer.MAX_VALUE);
    }

    /** Returns the users who are or were members of a group. */
    List<String> membersOf(String conversationId) {
        return client
                .queryAll("SELECT DISTINCT user_id FROM " + HistoryTables.MEMBER_CHANGES + " WHERE conversation_id = "
                        + SqlText.text(conversationId))
                .stream()
                .map(row -> row.getString(1))
                .toList();
    }

    private List<StoredMessage> messages(String condition, int limit) {
        return client
                .queryAll("SELECT " + MESSAGE_COLUMNS + " FROM " + HistoryTables.MESSAGES + " WHERE " + condition
                        + " GROUP BY conversation_id, seq ORDER BY conversation_id, seq LIMIT " + limit)
                .stream()
                .map(row -> new StoredMessage(
                        ErasedMessage.newBuilder()
                                .setConversationId(row.getString(1))
                                .setSeq(row.getLong(2))
                                .setMessageId(row.getString(3))
                                .setSender(row.getString(4))
                                .setClientMsgId(row.getString(5))
                                .build(),
                        row.getBoolean(6)))
                .toList();
    }

    /** Removes the words of messages from all tables, and the quotes of them. */
    void eraseMessages(Collection<ErasedMessage> messages, Redaction redaction, long atMillis) {
        if (messages.isEmpty()) {
            return;
        }
        String positions = SqlText.positions(messages);
        String inConversations = "conversation_id IN (" + SqlText.conversations(messages) + ')';
        Set<String> places = new LinkedHashSet<>();
        messages.forEach(message -> places.add(SqlText.positions(List.of(message))));
        places.addAll(places("SELECT conversation_id, event_seq FROM " + HistoryTables.MESSAGE_CHANGES + " WHERE "
                + inConversations + " AND NOT recalled AND (conversation_id, message_seq) IN (" + positions + ')'));
        places.addAll(places("SELECT conversation_id, seq FROM " + HistoryTables.MESSAGES + " WHERE " + inConversations
                + " AND (conversation_id, reply_to_seq) IN (" + positions + ')'));
        List<String> all = List.copyOf(places);
        for (int from = 0; from < all.size(); from += MAX_PLACES) {
            List<String> some = all.subList(from, Math.min(from + MAX_PLACES, all.size()));
            redactEvents("(conversation_id, seq) IN (" + String.join(", ", some) + ')', redaction, atMillis);
        }
        mutate(
                HistoryTables.MESSAGES,
                "UPDATE text = '', content = '', search_terms = [] WHERE (conversation_id, seq) IN (" + positions
                        + ')');
        mutate(
                HistoryTables.MESSAGE_CHANGES,
                "DELETE WHERE NOT recalled AND (conversation_id, message_seq) IN (" + positions + ')');
        mutate(
                HistoryTables.MODERATION_CASES,
                "UPDATE text = '', content = '' WHERE (conversation_id, message_seq) IN (" + positions + ')');
    }

    /** Removes the profile, the names and the notes of a user. */
    void eraseUser(String userId, Redaction redaction, long atMillis) {
        String user = SqlText.text(userId);
        redactEvents("actor = " + user + " AND kind = 'friend_requested'", redaction, atMillis);
        mutate(
                HistoryTables.USERS,
                "DELETE WHERE user_id = " + user + " AND NOT (display_name = '' AND avatar_url = '' AND custom = ''"
                        + " AND locale = '' AND time_zone = '')");
        mutate(HistoryTables.USER_NAME_KEYS, "DELETE WHERE user_id = " + user);
        mutate(
                HistoryTables.AUDIT,
                "UPDATE detail = '' WHERE has(user_ids, " + user + ") AND at <= fromUnixTimestamp64Milli(toInt64("
                        + atMillis + "))");
        mutate(HistoryTables.MODERATION_CASES, "UPDATE text = '', content = '' WHERE sender = " + user);
    }

    private Set<String> places(String query) {
        return client.queryAll(query).stream()
                .map(row -> '(' + SqlText.text(row.getString(1)) + ", " + row.getLong(2) + ')')
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Writes redacted events in place of those that meet the condition. */
    private void redactEvents(String condition, Redaction redaction, long atMillis) {
        List<Replacement> replacements = new ArrayList<>();
        int characters = 0;
        for (GenericRecord row : client.queryAll(
                "SELECT conversation_id, seq, hex(raw) FROM " + HistoryTables.EVENTS + " FINAL WHERE " + condition)) {
            ConversationEvent event = parse(row.getString(3));
            Message redacted = redaction.redacted(event, RecordScope.at(atMillis));
            if (redacted == event) {
                continue;
            }
            Replacement replacement = new Replacement(
                    '(' + SqlText.text(row.getString(1)) + ", " + row.getLong(2) + ')',
                    SqlText.bytes(redacted.toByteArray()),
                    SqlText.text(ProtoJson.print(redacted)));
            if (characters + replacement.characters() > MAX_STATEMENT_CHARACTERS) {
                replaceEvents(replacements);
                replacements.clear();
                characters = 0;
            }
            replacements.add(replacement);
            characters += replacement.characters();
        }
        if (!replacements.isEmpty()) {
            replaceEvents(replacements);
        }
    }

    private void replaceEvents(List<Replacement> replacements) {
        mutate(
                HistoryTables.EVENTS,
                "UPDATE raw = multiIf(" + cases(replacements, Replacement::raw) + ", raw), body = multiIf("
                        + cases(replacements, Replacement::body) + ", body) WHERE (conversation_id, seq) IN ("
                        + replacements.stream().map(Replacement::place).collect(Collectors.joining(", ")) + ')');
    }

    private static String cases(List<Replacement> replacements, Function<Replacement, String> value) {
        return replacements.stream()
                .map(one -> "(conversation_id, seq) = " + one.place() + ", " + value.apply(one))
                .collect(Collectors.joining(", "));
    }

    private static ConversationEvent parse(String hex) {
        try {
            return ConversationEvent.parseFrom(HexFormat.of().parseHex(hex));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("ClickHouse has an event that cannot be parsed", e);
        }
    }

    /** From now on, ClickHouse deletes the files of replaced parts at once, and not after eight minutes. */
    void startDroppingParts() {
        dropsParts = true;
        TABLES.forEach(table -> execute(cluster.alterTable(table)
                + " MODIFY SETTING old_parts_lifetime = 0, merge_tree_clear_old_parts_interval_seconds = 0"));
    }

    /**
     * Waits until the files of all parts that are replaced now are deleted.
     *
     * @return false if some are still there after 30 s
     */
    boolean awaitDroppedParts() {
        Set<String> replaced = replacedParts();
        long deadline = System.nanoTime() + PARTS_TIMEOUT.toNanos();
        while (!replaced.isEmpty()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
            replaced.retainAll(replacedParts());
        }
        return true;
    }

    private Set<String> replacedParts() {
        String tables = TABLES.stream()
                .map(table -> '\'' + table.substring(HistoryTables.DATABASE.length() + 1) + '\'')
                .collect(Collectors.joining(", "));
        return client
                .queryAll("SELECT concat(hostName(), ' ', table, ' ', name) FROM " + cluster.systemTable("system.parts")
                        + " WHERE database = '" + cluster.storedDatabase()
                        + "' AND NOT active AND rows > 0 AND table IN (" + tables + ')')
                .stream()
                .map(row -> row.getString(1))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private void mutate(String table, String change) {
        execute(cluster.alterTable(table) + ' ' + change + " SETTINGS mutations_sync = 2");
    }

    private void execute(String statement) {
        try (CommandResponse _ = client.execute(statement).get()) {
            // the answer has no rows
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for ClickHouse", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("closing ClickHouse's answer failed", e);
        }
    }

    @Override
    public void close() {
        if (dropsParts) {
            TABLES.forEach(table -> execute(cluster.alterTable(table)
                    + " RESET SETTING old_parts_lifetime, merge_tree_clear_old_parts_interval_seconds"));
        }
        client.close();
    }
}
