package dev.tidings.ops.erasure;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.command.CommandResponse;
import com.clickhouse.client.api.query.GenericRecord;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.tidings.schemas.readmodel.ClickHouseCluster;
import dev.tidings.schemas.readmodel.HistoryTables;
import dev.tidings.schemas.readmodel.SqlLiterals;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ErasedMessage;
import java.nio.charset.StandardCharsets;
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
 * Removes the words of messages and users from all rows of ClickHouse: those of older versions, too. Each change is a mutation, which
 * rewrites the parts with such rows and waits for its end.
 */
final class ClickHouseErasure implements AutoCloseable {

    private static final int TIMEOUT_MINUTES = 10;

    /** ClickHouse takes statements of 256 KiB. */
    private static final int MAX_STATEMENT_CHARACTERS = 200_000;

    /** Events of one query, which has the place of each. */
    private static final int MAX_PLACES = 500;

    /** The time in which the servers of a cluster must complete a mutation. */
    private static final int MUTATION_SECONDS = 600;

    private static final Duration PARTS_TIMEOUT = Duration.ofMinutes(2);

    private static final long POLL_NANOS = Duration.ofSeconds(1).toNanos();

    private static final List<String> TABLES = List.of(
            HistoryTables.EVENTS,
            HistoryTables.MESSAGES,
            HistoryTables.MESSAGE_CHANGES,
            HistoryTables.MODERATION_CASES,
            HistoryTables.USERS,
            HistoryTables.USER_NAME_KEYS,
            HistoryTables.AUDIT);

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

    /** Returns the messages in this ClickHouse. */
    StoredMessages stored() {
        return new StoredMessages(client);
    }

    /**
     * Removes the words of messages from all tables, and the quotes of them.
     *
     * @return the changed events, as tuples of conversation and seq in SQL. They can be in the archive, too
     */
    Set<String> eraseMessages(Collection<ErasedMessage> messages, Redaction redaction, long atMillis) {
        if (messages.isEmpty()) {
            return Set.of();
        }
        String positions = StoredMessages.positions(messages);
        String inConversations = "conversation_id IN (" + conversations(messages) + ')';
        Set<String> places = new LinkedHashSet<>();
        messages.forEach(message -> places.add(SqlLiterals.position(message.getConversationId(), message.getSeq())));
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
        return places;
    }

    /** Removes the profile, the names and the notes of a user, and the quotes of messages that the retention has deleted. */
    void eraseUser(String userId, Redaction redaction, long atMillis) {
        String user = SqlLiterals.quoted(userId);
        redactEvents("actor = " + user, redaction, atMillis);
        redactEvents(
                "(conversation_id, seq) IN (" + StoredMessages.withWordsOf(userId, "reply_to_seq > 0", false) + ')',
                redaction,
                atMillis);
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
                .map(row -> SqlLiterals.position(row.getString(1), row.getLong(2)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** A list for IN of conversation ids. */
    private static String conversations(Collection<ErasedMessage> messages) {
        return messages.stream()
                .map(ErasedMessage::getConversationId)
                .distinct()
                .map(SqlLiterals::quoted)
                .collect(Collectors.joining(", "));
    }

    /** Writes redacted events in place of those that meet the condition, page by page. */
    private void redactEvents(String condition, Redaction redaction, long atMillis) {
        String after = SqlLiterals.position("", 0);
        List<GenericRecord> page;
        do {
            page = client.queryAll("SELECT conversation_id, seq, hex(raw) FROM " + HistoryTables.EVENTS
                    + " FINAL WHERE " + condition + " AND (conversation_id, seq) > " + after
                    + " ORDER BY conversation_id, seq LIMIT " + MAX_PLACES);
            redactEvents(page, redaction, atMillis);
            if (!page.isEmpty()) {
                GenericRecord last = page.getLast();
                after = SqlLiterals.position(last.getString(1), last.getLong(2));
            }
        } while (page.size() == MAX_PLACES);
    }

    private void redactEvents(List<GenericRecord> rows, Redaction redaction, long atMillis) {
        List<Replacement> replacements = new ArrayList<>();
        int characters = 0;
        for (GenericRecord row : rows) {
            ConversationEvent event = parse(row.getString(3));
            Message redacted = redaction.redacted(event, RecordScope.at(atMillis));
            if (redacted == event) {
                continue;
            }
            Replacement replacement = new Replacement(
                    SqlLiterals.position(row.getString(1), row.getLong(2)),
                    SqlLiterals.bytes(redacted.toByteArray()),
                    SqlLiterals.bytes(ProtoJson.print(redacted).getBytes(StandardCharsets.UTF_8)));
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
     * @return false if some are still there after two minutes
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
        execute(cluster.alterTable(table) + ' ' + change
                + " SETTINGS mutations_sync = 2, distributed_ddl_task_timeout = " + MUTATION_SECONDS);
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
        try (client) {
            if (dropsParts) {
                TABLES.forEach(table -> execute(cluster.alterTable(table)
                        + " RESET SETTING old_parts_lifetime, merge_tree_clear_old_parts_interval_seconds"));
            }
        }
    }
}
