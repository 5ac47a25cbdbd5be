package dev.tidings.ops.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.clickhouse.client.api.ClickHouseException;
import com.clickhouse.client.api.query.GenericRecord;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
import dev.tidings.connectors.archive.ArchiveClient;
import dev.tidings.connectors.archive.ArchiveConfig;
import dev.tidings.connectors.archive.ArchiveException;
import dev.tidings.connectors.archive.ArchiveObject;
import dev.tidings.connectors.archive.ArchiveRun;
import dev.tidings.connectors.archive.ArchiveServer;
import dev.tidings.connectors.archive.EventArchive;
import dev.tidings.connectors.archive.EventChange;
import dev.tidings.connectors.archive.EventSelection;
import dev.tidings.connectors.retention.HeldRows;
import dev.tidings.connectors.retention.RetentionClass;
import dev.tidings.connectors.retention.RetentionPolicy;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.gateway.readmodel.ReadModelUnavailableException;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.TextContent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The archive of events: a real ClickHouse writes to a real S3 server, and the history of the gateway reads from both. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class ArchiveIT {

    /** Sent in a month that stays in ClickHouse. */
    private static final String RECENTLY = Instant.now().toString();

    private static final InstantSource CLOCK = InstantSource.offset(InstantSource.system(), Duration.ofMinutes(1));

    /** More than Redis keeps of a conversation. */
    private static final int MESSAGES = 30;

    /** Interruptions are tested before each third write, and before other ones in the next run. */
    private static final int STEP = 3;

    private static final int FIRST_WRITE =
            Integer.getInteger("tidings.first-write", Math.floorMod(System.nanoTime(), STEP));

    private DrivenSinks sinks;
    private S3Server s3;
    private ArchiveClient client;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        s3 = S3Server.start();
        sinks = DrivenSinks.start(directory);
        client = sinks.archiveClient();
    }

    @AfterAll
    void stop() {
        client.close();
        sinks.close();
        s3.close();
    }

    @Test
    void months_that_are_due_leave_ClickHouse_and_history_still_has_them() {
        String id = "g:leaving";
        sinks.put(messages(id, 1, 10, "2025-01-20T00:00:00Z"));
        sinks.put(messages(id, 11, 20, "2025-02-20T00:00:00Z"));
        sinks.put(messages(id, 21, MESSAGES, RECENTLY));

        EventArchive.Result result = archive(client, RetentionPolicy.FOR_EVER).run();

        assertEquals(List.of(YearMonth.of(2025, 1), YearMonth.of(2025, 2)), result.months());
        assertEquals(20, result.events());
        assertEquals(List.of("10"), count(id));
        assertEquals(MESSAGES, readAll(id).events().size());
        for (String ending : List.of("json", "parquet")) {
            assertTrue(s3.objects().stream().anyMatch(name -> name.matches("events-2025-01-group-\\d{6}\\." + ending)));
        }
        assertEquals(List.of(), sinks.column("SELECT conversation_id FROM tidings.sequence_gaps"));
        assertEquals(0, archive(client, RetentionPolicy.FOR_EVER).run().events());
    }

    @Test
    void changes_after_archiving_apply_to_archived_messages() {
        String id = "g:changed";
        sinks.put(messages(id, 1, 12, "2025-03-20T00:00:00Z"));
        archive(client, RetentionPolicy.FOR_EVER).run();

        sinks.put(List.of(sentAt(RECENTLY, Events.edit(id, 13, 2)), sentAt(RECENTLY, Events.recall(id, 14, 3))));

        List<ConversationEvent> events = readAll(id).events();
        assertEquals(14, events.size());
        assertEquals(
                "edited by 13",
                events.get(1).getMessageSent().getContent().getText().getBody());
        assertEquals(14, events.get(2).getMessageSent().getState().getRecalledSeq());
        assertTrue(!events.get(2).getMessageSent().hasContent());
    }

    @Test
    void a_conversation_that_is_wholly_archived_has_its_head_and_its_changes() {
        String id = "g:quiet";
        sinks.putIntoClickHouse(messages(id, 1, 5, "2025-04-20T00:00:00Z"));
        sinks.putIntoClickHouse(List.of(sentAt("2025-04-21T00:00:00Z", Events.recall(id, 6, 1))));
        archive(client, RetentionPolicy.FOR_EVER).run();

        HistoryRange all = readAll(id);

        assertEquals(List.of("0"), count(id));
        assertEquals(6, all.headSeq());
        assertEquals(6, all.events().getFirst().getMessageSent().getState().getRecalledSeq());
    }

    @Test
    void a_kill_before_any_write_loses_no_event_and_the_next_run_completes() {
        boolean completed = false;
        for (int writes = FIRST_WRITE; !completed; writes += STEP) {
            String id = "g:kill-" + writes;
            YearMonth month = YearMonth.of(2010, 1).plusMonths(writes);
            sinks.putIntoClickHouse(messages(id, 1, 3, month + "-05T00:00:00Z"));
            KilledServer killed = new KilledServer(client, writes);
            try {
                archive(killed, RetentionPolicy.FOR_EVER).run();
                completed = true;
            } catch (Killed expected) {
                assertEquals(3, readAll(id).events().size(), "killed before write " + writes);
                archive(client, RetentionPolicy.FOR_EVER).run();
            }
            assertEquals(3, readAll(id).events().size(), "completed after a kill before write " + writes);
            assertEquals(List.of("0"), count(id));
        }
        assertEquals(
                List.of(),
                sinks.column(
                        "SELECT name FROM system.tables WHERE database = 'tidings' AND startsWith(name, 'events_leaving')"));
    }

    @Test
    void rows_that_arrive_later_get_an_object_of_the_next_generation_and_repeated_ones_none() {
        String id = "r:later";
        List<ConversationEvent> all = messages(id, 1, 6, "2025-05-20T00:00:00Z");
        sinks.putIntoClickHouse(all.subList(0, 4));
        archive(client, RetentionPolicy.FOR_EVER).run();
        sinks.putIntoClickHouse(all.subList(2, 6));

        assertEquals(2, archive(client, RetentionPolicy.FOR_EVER).run().events());
        sinks.putIntoClickHouse(all);
        assertEquals(0, archive(client, RetentionPolicy.FOR_EVER).run().events());

        assertEquals(
                List.of(4L, 2L),
                archive(client, RetentionPolicy.FOR_EVER).objects().stream()
                        .filter(object ->
                                object.kind().equals("room") && object.month().equals(YearMonth.of(2025, 5)))
                        .map(ArchiveObject::events)
                        .toList());
        assertEquals(List.of("0"), count(id));
        assertEquals(6, readAll(id).events().size());
    }

    @Test
    void a_damaged_object_is_found() throws Exception {
        String id = "s:damaged";
        sinks.putIntoClickHouse(messages(id, 1, 3, "2025-06-20T00:00:00Z"));
        sinks.putIntoClickHouse(messages(id, 4, 5, "2025-07-20T00:00:00Z"));
        EventArchive archive = archive(client, RetentionPolicy.FOR_EVER);
        archive.run();
        List<ArchiveObject> objects = archive.objects().stream()
                .filter(object -> object.kind().equals("system"))
                .toList();
        objects.forEach(archive::verify);
        byte[] right = s3.content(objects.getFirst().name());

        s3.replace(objects.getFirst().name(), s3.content(objects.getLast().name()));

        ArchiveException damaged = assertThrows(ArchiveException.class, () -> archive.verify(objects.getFirst()));
        assertTrue(String.valueOf(damaged.getMessage())
                .startsWith("object " + objects.getFirst().name() + " has 2 events"));
        s3.replace(objects.getFirst().name(), right);
    }

    @Test
    void objects_past_their_retention_are_emptied_and_history_is_complete_without_their_events() throws Exception {
        String id = "b:news";
        sinks.putIntoClickHouse(messages(id, 1, 3, "2024-01-20T00:00:00Z"));
        String hundredDaysAgo = Instant.now().minus(Duration.ofDays(100)).toString();
        sinks.putIntoClickHouse(messages(id, 4, 6, hundredDaysAgo));
        archive(client, RetentionPolicy.FOR_EVER).run();
        RetentionPolicy year = new RetentionPolicy(Map.of(RetentionClass.BROADCAST, 365));

        EventArchive.Result result = archive(client, year).run();

        assertEquals(1, result.deleted().size());
        ArchiveObject deleted = result.deleted().getFirst();
        assertTrue(deleted.name().startsWith("events-2024-01-broadcast-"), deleted::name);
        assertTrue(!new String(s3.content(deleted.name()), StandardCharsets.ISO_8859_1).contains("b:news"));
        HistoryRange all = sinks.history().read(id, 1, Long.MAX_VALUE, MESSAGES);
        assertTrue(all.complete());
        assertEquals(
                List.of(4L, 5L, 6L),
                all.events().stream().map(ConversationEvent::getSeq).toList());
        assertEquals(List.of(), archive(client, year).run().deleted());
    }

    @Test
    void a_run_that_another_one_overtakes_before_any_write_loses_no_event() {
        boolean wasOvertaken = true;
        for (int writes = FIRST_WRITE; wasOvertaken; writes += STEP) {
            String id = "g:overtaken-" + writes;
            YearMonth month = YearMonth.of(2000, 1).plusMonths(writes);
            sinks.putIntoClickHouse(messages(id, 1, 3, month + "-05T00:00:00Z"));
            OvertakenServer overtaken = new OvertakenServer(
                    client,
                    writes,
                    () -> archive(client, RetentionPolicy.FOR_EVER).run());
            try {
                archive(overtaken, RetentionPolicy.FOR_EVER).run();
            } catch (ArchiveException | ClickHouseException expected) {
                // the other run has the archive
            }
            wasOvertaken = overtaken.wasOvertaken();
            assertEquals(3, readAll(id).events().size(), "overtaken before write " + writes);
            archive(client, RetentionPolicy.FOR_EVER).run();
            assertEquals(3, readAll(id).events().size(), "completed after it was overtaken before write " + writes);
            assertEquals(List.of("0"), count(id));
        }
    }

    @Test
    void while_one_process_uses_the_archive_another_one_is_refused() {
        EventArchive patient = new EventArchive(
                client, config(), RetentionPolicy.FOR_EVER, CLOCK, Duration.ZERO, Duration.ofMinutes(30));
        EventArchive other = archive(client, RetentionPolicy.FOR_EVER);

        try (ArchiveRun _ = patient.begin()) {
            ArchiveException busy = assertThrows(ArchiveException.class, other::run);
            assertTrue(
                    String.valueOf(busy.getMessage()).startsWith("another process uses the archive, until 2"),
                    busy::getMessage);
        }

        other.run();
    }

    @Test
    void a_run_that_does_other_work_renews_its_lease() {
        EventArchive archive = new EventArchive(
                client, config(), RetentionPolicy.FOR_EVER, CLOCK, Duration.ZERO, Duration.ofSeconds(2));
        try (ArchiveRun run = archive.begin()) {
            long end = leaseEndMillis();
            while (leaseEndMillis() == end) {
                run.renew();
            }
            assertTrue(leaseEndMillis() > end);
        }
    }

    @Test
    void a_run_that_another_one_has_overtaken_is_an_error_although_its_change_selects_no_event() throws Exception {
        EventSelection none = select("g:unknown", 1);
        try (ArchiveRun overtaken = archive(client, RetentionPolicy.FOR_EVER).begin()) {
            assertEquals(new ArchiveRun.Changes(0, 0), overtaken.change(none, ArchiveIT::changed));

            archive(client, RetentionPolicy.FOR_EVER).run();

            assertThrows(ArchiveException.class, overtaken::renew);
            assertThrows(ArchiveException.class, () -> overtaken.change(none, ArchiveIT::changed));
        }
    }

    @Test
    void a_run_that_another_one_overtakes_while_it_looks_for_objects_is_an_error() throws Exception {
        EventSelection none = select("g:unknown", 1);
        OvertakenServer server = new OvertakenServer(
                client,
                Integer.MAX_VALUE,
                () -> archive(client, RetentionPolicy.FOR_EVER).run());
        try (ArchiveRun overtaken = archive(server, RetentionPolicy.FOR_EVER).begin()) {
            server.overtakeBeforeQueryOf("archived_ranges");

            assertThrows(ArchiveException.class, () -> overtaken.change(none, ArchiveIT::changed));
        }
    }

    @Test
    void the_last_change_of_a_hold_in_the_log_applies_although_its_clock_is_behind() throws Exception {
        long now = System.currentTimeMillis();
        long before = now - 3_600_000;
        sinks.putHold("user:h1", true, 101, now);
        sinks.putHold("user:h1", false, 102, now);
        sinks.putHold("user:h1", true, 103, before);
        sinks.putHold("user:h2", true, 104, now);
        sinks.putHold("user:h2", false, 105, before);
        sinks.execute("INSERT INTO tidings.legal_holds (subject, held, changed_at, operator, reason) VALUES"
                + " ('user:h3', true, now64(3), 'root', ''), ('user:h4', true, now64(3), 'root', '')");
        sinks.putHold("user:h4", false, 0, before);
        assertEquals(List.of("h1", "h3"), heldUsers());

        sinks.putHold("user:h1", true, 101, now);
        sinks.putHold("user:h1", false, 102, now);
        assertEquals(List.of("h1", "h3"), heldUsers(), "after records that the sink reads once more");

        sinks.execute("OPTIMIZE TABLE tidings.legal_holds FINAL");
        assertEquals(List.of("h1", "h3"), heldUsers(), "after a merge");
    }

    @Test
    void a_kill_before_any_write_of_a_change_leaves_whole_events_and_the_next_change_completes() throws Exception {
        boolean completed = false;
        for (int writes = FIRST_WRITE; !completed; writes += STEP) {
            String id = "g:change-" + writes;
            sinks.putIntoClickHouse(messages(id, 1, 3, YearMonth.of(2015, 1).plusMonths(writes) + "-05T00:00:00Z"));
            archive(client, RetentionPolicy.FOR_EVER).run();
            assertEquals("text 2", text(id, 2));
            try {
                completed = change(new KilledServer(client, writes), id, 2).equals(new ArchiveRun.Changes(1, 1));
            } catch (Killed expected) {
                assertEquals(3, readAll(id).events().size(), "killed before write " + writes);
                change(client, id, 2);
            }
            assertEquals("changed", text(id, 2));
            assertEquals("text 3", text(id, 3));
            assertEquals(
                    List.of("0"),
                    sinks.column("SELECT toString(count()) FROM tidings.archived_events WHERE conversation_id = '" + id
                            + "' AND position(body, 'text 2') > 0"),
                    "objects after a kill before write " + writes);
        }
        EventArchive archive = archive(client, RetentionPolicy.FOR_EVER);
        archive.objects().stream()
                .filter(object ->
                        object.month().getYear() >= 2015 && object.month().getYear() < 2020)
                .forEach(archive::verify);
    }

    @Test
    void a_legal_hold_keeps_its_events_when_the_retention_of_their_object_has_ended() {
        sinks.putHold("conversation:b:held", true);
        sinks.putIntoClickHouse(messages("b:held", 1, 3, "2024-03-20T00:00:00Z"));
        sinks.putIntoClickHouse(messages("b:free", 1, 2, "2024-03-20T00:00:00Z"));
        archive(client, RetentionPolicy.FOR_EVER).run();
        EventArchive year = archive(client, new RetentionPolicy(Map.of(RetentionClass.BROADCAST, 365)));

        EventArchive.Result result = year.run();

        assertEquals(3, result.held());
        assertEquals(List.of("1", "2", "3"), seqs("b:held"));
        assertEquals(List.of(), seqs("b:free"));
        assertEquals(3, year.run().held());
        assertEquals(3, sinks.history().read("b:held", 1, 3, MESSAGES).events().size());

        sinks.putHold("conversation:b:held", false);
        assertEquals(1, year.run().deleted().size());
        assertEquals(List.of(), seqs("b:held"));
    }

    @Test
    void while_object_storage_refuses_requests_recent_events_are_read_and_archived_ones_are_an_error()
            throws Exception {
        String id = "p:down:up";
        sinks.putIntoClickHouse(messages(id, 1, 4, "2025-10-20T00:00:00Z"));
        sinks.putIntoClickHouse(messages(id, 5, 6, RECENTLY));
        archive(client, RetentionPolicy.FOR_EVER).run();
        s3.refuseRequests();
        try {
            HistoryRange all = sinks.history().read(id, 1, Long.MAX_VALUE, MESSAGES);
            assertEquals(5, all.fromSeq());
            assertTrue(!all.complete());
            assertThrows(
                    ReadModelUnavailableException.class, () -> sinks.history().read(id, 1, 4, MESSAGES));
        } finally {
            s3.acceptRequests();
        }
        assertEquals(6, readAll(id).events().size());
    }

    private EventArchive archive(ArchiveServer server, RetentionPolicy retention) {
        // a lease that ends at once, so that a run need not wait for one that was killed
        return new EventArchive(server, config(), retention, CLOCK, Duration.ZERO, Duration.ZERO);
    }

    private ArchiveConfig config() {
        return new ArchiveConfig(s3.url(), S3Server.ACCESS_KEY, S3Server.SECRET_KEY, 1);
    }

    /** Selects one event. */
    private EventSelection select(String conversationId, long seq) throws Exception {
        sinks.execute(
                "CREATE OR REPLACE TABLE tidings.changed_positions (conversation_id String COMMENT 'As in events',"
                        + " seq Int64 COMMENT 'As in events') ENGINE = Memory COMMENT 'Of this test'");
        sinks.execute("INSERT INTO tidings.changed_positions VALUES ('" + conversationId + "', " + seq + ')');
        return new EventSelection("tidings.changed_positions", "");
    }

    /** Changes the text of one archived message. */
    private ArchiveRun.Changes change(ArchiveServer server, String conversationId, long seq) throws Exception {
        EventSelection selection = select(conversationId, seq);
        try (ArchiveRun run = archive(server, RetentionPolicy.FOR_EVER).begin()) {
            return run.change(selection, ArchiveIT::changed);
        }
    }

    private static EventChange.@Nullable Changed changed(byte[] raw) {
        try {
            ConversationEvent.Builder event = ConversationEvent.newBuilder().mergeFrom(raw);
            TextContent.Builder text =
                    event.getMessageSentBuilder().getContentBuilder().getTextBuilder();
            if (text.getBody().equals("changed")) {
                return null;
            }
            text.setBody("changed");
            return new EventChange.Changed(event.build().toByteArray(), ProtoJson.print(event));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private String text(String conversationId, int seq) {
        return readAll(conversationId)
                .events()
                .get(seq - 1)
                .getMessageSent()
                .getContent()
                .getText()
                .getBody();
    }

    /** Returns the seqs of a conversation that ClickHouse or the archive has. */
    private List<String> seqs(String conversationId) {
        String of = " WHERE conversation_id = '" + conversationId + '\'';
        return sinks.column("SELECT toString(seq) FROM (SELECT seq FROM tidings.events" + of
                + " UNION DISTINCT SELECT seq FROM tidings.archived_events" + of + ") ORDER BY seq");
    }

    /** Reads the whole conversation, which must be complete and have no gap. */
    private HistoryRange readAll(String conversationId) {
        HistoryRange all = sinks.history().read(conversationId, 1, Long.MAX_VALUE, MESSAGES);
        assertTrue(all.complete(), all::toString);
        assertEquals(
                LongStream.rangeClosed(1, all.toSeq()).boxed().toList(),
                all.events().stream().map(ConversationEvent::getSeq).toList());
        return all;
    }

    private long leaseEndMillis() {
        return Long.parseLong(sinks.column("SELECT comment FROM system.tables WHERE database = 'tidings'"
                        + " AND startsWith(name, 'archive_lease_') ORDER BY name DESC LIMIT 1")
                .getFirst());
    }

    private List<String> heldUsers() {
        return sinks.column("SELECT name FROM (SELECT arrayJoin(['h1', 'h2', 'h3', 'h4', 'h5']) AS name) WHERE "
                + HeldRows.ofUsers("name").isHeld() + " ORDER BY name");
    }

    private List<String> count(String conversationId) {
        return sinks.column(
                "SELECT toString(count()) FROM tidings.events FINAL WHERE conversation_id = '" + conversationId + '\'');
    }

    private static List<ConversationEvent> messages(String conversationId, long fromSeq, long toSeq, String at) {
        return LongStream.rangeClosed(fromSeq, toSeq)
                .mapToObj(seq -> sentAt(at, Events.message(conversationId, seq)))
                .toList();
    }

    private static ConversationEvent sentAt(String at, ConversationEvent event) {
        return event.toBuilder()
                .setSentAt(Timestamps.fromMillis(Instant.parse(at).toEpochMilli() + event.getSeq()))
                .build();
    }

    /** Another run does all its work before a write or a query. */
    private static final class OvertakenServer implements ArchiveServer {

        private final ArchiveServer server;
        private final Runnable other;
        private int writesLeft;
        private @Nullable String table;

        OvertakenServer(ArchiveServer server, int writes, Runnable other) {
            this.server = server;
            this.writesLeft = writes;
            this.other = other;
        }

        void overtakeBeforeQueryOf(String queried) {
            table = queried;
        }

        boolean wasOvertaken() {
            return writesLeft < 0;
        }

        @Override
        public void execute(String sql) {
            if (writesLeft-- == 0) {
                other.run();
            }
            server.execute(sql);
        }

        @Override
        public List<GenericRecord> query(String sql) {
            if (table != null && sql.contains(table)) {
                table = null;
                other.run();
            }
            return server.query(sql);
        }
    }

    /** A process that is killed before a write. */
    private static final class Killed extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    /** Fails before a write and ever after. */
    private static final class KilledServer implements ArchiveServer {

        private final ArchiveServer server;
        private int writesLeft;

        KilledServer(ArchiveServer server, int writes) {
            this.server = server;
            this.writesLeft = writes;
        }

        @Override
        public void execute(String sql) {
            if (writesLeft-- <= 0) {
                throw new Killed();
            }
            server.execute(sql);
        }

        @Override
        public List<GenericRecord> query(String sql) {
            if (writesLeft < 0) {
                throw new Killed();
            }
            return server.query(sql);
        }
    }
}
