package dev.tidings.ops.erasure;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.tidings.connectors.archive.ArchiveClient;
import dev.tidings.connectors.archive.ArchiveConfig;
import dev.tidings.connectors.archive.ArchiveException;
import dev.tidings.connectors.archive.ArchiveRun;
import dev.tidings.connectors.archive.EventArchive;
import dev.tidings.connectors.archive.EventChange;
import dev.tidings.connectors.archive.EventSelection;
import dev.tidings.ops.connect.ConnectorsConfig;
import dev.tidings.schemas.readmodel.HistoryTables;
import dev.tidings.schemas.readmodel.SqlLiterals;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.ConversationEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Removes the words of erased messages and users from the archive: objects with such events are replaced. No other process writes to the
 * archive from the begin to the end of an erasure, because an archive run copies events that the erasure has not changed yet.
 */
final class ArchiveErasure implements AutoCloseable {

    private static final String POSITIONS = "erased_positions_";
    private static final int SUFFIX_CHARACTERS = 8;

    private final ArchiveClient server;
    private final @Nullable ArchiveRun run;
    private final String positions = HistoryTables.DATABASE
            + '.'
            + POSITIONS
            + UUID.randomUUID().toString().substring(0, SUFFIX_CHARACTERS);

    private ArchiveErasure(ArchiveClient server, @Nullable ArchiveRun run) {
        this.server = server;
        this.run = run;
    }

    /**
     * Takes the archive, if there is one.
     *
     * @throws CannotEraseException if another process uses the archive, or it has objects and no address in the settings
     */
    static ArchiveErasure begin(ConnectorsConfig config) {
        ArchiveClient server = new ArchiveClient(
                config.clickHouseUrl(),
                config.clickHouseUser(),
                config.clickHousePassword(),
                config.clickHouseCluster());
        try {
            ArchiveErasure erasure = new ArchiveErasure(server, begin(server, config));
            erasure.prepare();
            return erasure;
        } catch (ArchiveException e) {
            server.close();
            throw new CannotEraseException("the archive cannot be erased: " + e.getMessage());
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static @Nullable ArchiveRun begin(ArchiveClient server, ConnectorsConfig config) {
        ArchiveConfig archive = config.archive();
        if (archive != null) {
            return new EventArchive(server, archive, config.retention(), InstantSource.system(), Duration.ZERO).begin();
        }
        if (!server.query("SELECT 1 FROM tidings.archive_objects FINAL WHERE NOT deleted LIMIT 1")
                .isEmpty()) {
            throw new CannotEraseException(
                    "the archive has objects, and archive.s3-url is not set; set it as for connectors");
        }
        return null;
    }

    /** Releases the archive if it fails. */
    private void prepare() {
        if (run != null) {
            try {
                createPositions();
            } catch (RuntimeException e) {
                run.close();
                throw e;
            }
        }
    }

    /** Drops the tables of interrupted erasures, too: no other erasure runs. */
    private void createPositions() {
        server.query("SELECT name FROM system.tables WHERE database = 'tidings' AND startsWith(name, '" + POSITIONS
                        + "') ORDER BY name")
                .forEach(row -> server.execute("DROP TABLE IF EXISTS tidings." + row.getString(1) + " SYNC"));
        server.execute("CREATE TABLE " + positions + " (conversation_id String COMMENT 'The conversation',"
                + " seq Int64 COMMENT 'Position in the conversation') ENGINE = MergeTree ORDER BY (conversation_id, seq)"
                + " COMMENT 'Events that the erasure which runs now changes'");
    }

    /** Whether there is an archive. */
    boolean exists() {
        return run != null;
    }

    /**
     * Selects events, and keeps the archive for the rest of the erasure.
     *
     * @param events tuples of conversation and seq, in SQL
     * @throws CannotEraseException if another process has taken over the archive
     */
    void add(Collection<String> events) {
        if (run != null) {
            renew(run);
            SqlLiterals.lists(List.copyOf(events))
                    .forEach(list -> server.execute("INSERT INTO " + positions + " VALUES " + list));
        }
    }

    /**
     * Selects events, and keeps the archive for the rest of the erasure.
     *
     * @param query of conversations and seqs
     * @throws CannotEraseException if another process has taken over the archive
     */
    void addAll(String query) {
        if (run != null) {
            renew(run);
            server.execute("INSERT INTO " + positions + ' ' + query);
        }
    }

    private static void renew(ArchiveRun run) {
        try {
            run.renew();
        } catch (ArchiveException e) {
            throw notErased(e);
        }
    }

    private static CannotEraseException notErased(ArchiveException e) {
        return new CannotEraseException("the archive is not erased: " + e.getMessage() + "; repeat the erasure");
    }

    /**
     * Replaces the objects that have words in selected events.
     *
     * @param actor their events are selected, too; empty: none
     */
    ArchiveRun.Changes erase(Redaction redaction, String actor, long atMillis) {
        if (run == null) {
            return new ArchiveRun.Changes(0, 0);
        }
        addEdits();
        try {
            return run.change(new EventSelection(positions, actor), raw -> changed(raw, redaction, atMillis));
        } catch (ArchiveException e) {
            throw notErased(e);
        }
    }

    /** A repeated erasure does not find the edits in ClickHouse any more. */
    private void addEdits() {
        addAll("SELECT conversation_id, seq FROM " + HistoryTables.ARCHIVED_EVENTS
                + " WHERE kind = 'message_edited' AND conversation_id IN (SELECT conversation_id FROM " + positions
                + ") AND (conversation_id, toInt64OrZero(JSONExtractString(body, 'messageEdited', 'seq'))) IN"
                + " (SELECT conversation_id, seq FROM " + positions + ')');
    }

    private static EventChange.@Nullable Changed changed(byte[] raw, Redaction redaction, long atMillis) {
        try {
            ConversationEvent event = ConversationEvent.parseFrom(raw);
            Message redacted = redaction.redacted(event, RecordScope.at(atMillis));
            return redacted == event
                    ? null
                    : new EventChange.Changed(redacted.toByteArray(), ProtoJson.print(redacted));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the archive has an event that cannot be parsed", e);
        }
    }

    @Override
    public void close() {
        try (server;
                ArchiveRun _ = run) {
            if (run != null) {
                server.execute("DROP TABLE IF EXISTS " + positions + " SYNC");
            }
        }
    }
}
