package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.EPOCH_MICROS;
import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static dev.tidings.processors.TestRecords.MICROS_PER_SECOND;
import static dev.tidings.processors.TestRecords.at;
import static dev.tidings.processors.TestRecords.close;
import static dev.tidings.processors.TestRecords.open;
import static dev.tidings.processors.TestRecords.origin;
import static dev.tidings.processors.TestRecords.read;
import static dev.tidings.processors.TestRecords.sent;
import static dev.tidings.processors.TestRecords.session;
import static dev.tidings.processors.TestRecords.sync;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.inbox.state.SyncClock;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.EventDelivery;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.OpenSession;
import dev.tidings.v1.Session;
import dev.tidings.v1.SessionReady;
import dev.tidings.v1.SessionReplaced;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InboxTopologyTest {

    private static final TopicLayout LAYOUT = new TopicLayout(1, 1, 3, (short) 1);
    private static final String PAIR = "p:alice:bob";
    private static final Session PHONE = session("bob-phone", "phone", 0, 1);
    private static final Session LAPTOP = session("bob-laptop", "laptop", 2, 1);

    private final DrivenTopology inbox = DrivenTopology.inbox(LAYOUT, StateStore.Kind.MEMORY);

    @AfterEach
    void close_driver() {
        inbox.close();
    }

    @Test
    void a_session_is_ready_at_its_gateway_and_known() {
        pipe(5, open("bob", LAPTOP));

        assertEquals(
                List.of(Delivery.newBuilder()
                        .setGatewaySlot(2)
                        .setSessionReady(SessionReady.newBuilder().setSessionId("bob-laptop"))
                        .build()),
                inbox.readValues(Topics.DELIVERIES));
        assertEquals(
                UserEvent.newBuilder()
                        .setUserId("bob")
                        .setAt(at(5))
                        .setSessionOpened(LAPTOP.toBuilder().setOpenedAt(at(5)))
                        .build(),
                inbox.readValues(Topics.USER_EVENTS).getFirst());
    }

    @Test
    void a_session_of_the_same_device_replaces_the_earlier_one() {
        pipe(1, open("bob", PHONE));
        inbox.readBytes();

        pipe(2, open("bob", session("bob-phone-2", "phone", 1, 1)));

        assertEquals(
                List.of(
                        Delivery.newBuilder()
                                .setGatewaySlot(0)
                                .setSessionReplaced(SessionReplaced.newBuilder()
                                        .setSessionId("bob-phone")
                                        .setReason(SessionReplaced.Reason.SAME_DEVICE))
                                .build(),
                        Delivery.newBuilder()
                                .setGatewaySlot(1)
                                .setSessionReady(SessionReady.newBuilder().setSessionId("bob-phone-2"))
                                .build()),
                inbox.readValues(Topics.DELIVERIES));
        assertEquals(
                List.of(UserEvent.BodyCase.SESSION_CLOSED, UserEvent.BodyCase.SESSION_OPENED),
                inbox.readValues(Topics.USER_EVENTS).stream()
                        .map(UserEvent::getBodyCase)
                        .toList());
    }

    @Test
    void an_event_goes_once_to_each_gateway_with_the_sessions_there() {
        pipe(1, open("bob", PHONE));
        pipe(2, open("bob", LAPTOP));
        pipe(3, open("alice", session("alice-web", "web", 2, 1)));
        inbox.readBytes();

        pipe(4, sent(PAIR, 1, "alice", "m1"), "", "alice", "bob");

        List<TestRecord<Integer, Delivery>> deliveries = inbox.read(Topics.DELIVERIES);
        assertEquals(List.of(0, 2), deliveries.stream().map(TestRecord::key).toList());
        assertEquals(
                List.of(
                        EventDelivery.newBuilder()
                                .setEvent(sent(PAIR, 1, "alice", "m1"))
                                .addSessionIds("bob-phone")
                                .build(),
                        EventDelivery.newBuilder()
                                .setEvent(sent(PAIR, 1, "alice", "m1"))
                                .addSessionIds("alice-web")
                                .addSessionIds("bob-laptop")
                                .build()),
                deliveries.stream().map(record -> record.value().getEvent()).toList());
    }

    @Test
    void the_requesting_session_gets_no_copy_but_the_users_other_sessions_do() {
        pipe(1, open("bob", PHONE));
        pipe(2, open("bob", LAPTOP));
        inbox.readBytes();

        pipe(3, sent(PAIR, 1, "bob", "m1"), "bob-phone", "bob");

        assertEquals(
                List.of(List.of("bob-laptop")),
                inbox.readValues(Topics.DELIVERIES).stream()
                        .map(delivery -> List.copyOf(delivery.getEvent().getSessionIdsList()))
                        .toList());
    }

    @Test
    void a_message_writes_one_record_of_state_per_recipient() {
        pipe(1, open("alice", session("alice-phone", "phone", 1, 1)));
        pipe(2, open("bob", PHONE));
        pipe(3, sent(PAIR, 1, "alice", "m1"), "alice-phone", "alice", "bob");
        inbox.readBytes();

        pipe(4, sent(PAIR, 2, "alice", "m2"), "alice-phone", "alice", "bob");

        TreeMap<String, Integer> written = new TreeMap<>();
        inbox.readBytes().forEach((topic, records) -> {
            String store = inbox.storeOf(topic);
            if (store != null && !store.equals(SyncClock.STORE.name())) {
                written.put(store, records.size());
            }
        });
        assertEquals(Map.of("views", 2), written);
    }

    @Test
    void the_view_of_a_user_without_a_session_changes_and_nothing_is_delivered() {
        pipe(1, sent(PAIR, 1, "alice", "m1"), "", "bob");

        assertTrue(inbox.readValues(Topics.DELIVERIES).isEmpty());
        pipe(2, read(PAIR, "bob", 1, 1), "", "bob");
        UserEvent changed = inbox.readValues(Topics.USER_EVENTS).getFirst();
        assertEquals(1, changed.getViewChanged().getLastSeq());
        assertEquals(1, changed.getViewChanged().getReadSeq());
        assertEquals(
                EPOCH_MICROS + 2 * MICROS_PER_SECOND, changed.getViewChanged().getVersion());
    }

    @Test
    void a_repeated_event_changes_nothing_and_is_delivered_again() {
        pipe(1, open("bob", PHONE));
        pipe(2, sent(PAIR, 1, "alice", "m1"), "", "bob");
        pipe(3, read(PAIR, "bob", 1, 1), "", "bob");
        inbox.readBytes();
        var before = inbox.contents();

        pipe(2, sent(PAIR, 1, "alice", "m1"), "", "bob");
        pipe(3, read(PAIR, "bob", 1, 1), "", "bob");

        assertEquals(before, inbox.contents());
        assertTrue(inbox.readValues(Topics.USER_EVENTS).isEmpty());
        assertEquals(
                List.of(sent(PAIR, 1, "alice", "m1"), read(PAIR, "bob", 1, 1)),
                inbox.readValues(Topics.DELIVERIES).stream()
                        .map(delivery -> delivery.getEvent().getEvent())
                        .toList());
    }

    @Test
    void a_closed_session_gets_nothing_more() {
        pipe(1, open("bob", PHONE));
        pipe(2, close("bob", "bob-phone"));
        inbox.readBytes();

        pipe(3, sent(PAIR, 1, "alice", "m1"), "", "bob");

        assertTrue(inbox.readValues(Topics.DELIVERIES).isEmpty());
    }

    @Test
    void closing_a_session_that_is_not_open_writes_nothing() {
        pipe(1, close("bob", "bob-phone"));

        assertTrue(inbox.hasWrittenNothing());
    }

    @Test
    void a_late_opening_by_a_lost_gateway_ends_no_newer_session() {
        Session living = session("bob-phone-2", "phone", 0, 2);
        pipe(1, open("bob", living));
        inbox.readBytes();

        pipe(2, open("bob", PHONE));
        pipe(3, sent(PAIR, 1, "alice", "m1"), "", "bob");

        List<Delivery> deliveries = inbox.readValues(Topics.DELIVERIES);
        assertEquals(1, deliveries.size());
        assertEquals(List.of("bob-phone-2"), deliveries.getFirst().getEvent().getSessionIdsList());
    }

    @Test
    void fast_sync_answers_the_newest_100_on_one_page() {
        manyConversations(250);

        List<SyncAnswer> pages = syncOf(SyncMode.FAST, 0);

        assertEquals(1, pages.size());
        assertEquals(100, pages.getFirst().getViewsCount());
        assertEquals(EPOCH_MICROS + 250 * MICROS_PER_SECOND, pages.getFirst().getVersion());
        assertEquals("p:bob:u250", pages.getFirst().getViews(0).getConversationId());
    }

    @Test
    void full_sync_answers_all_on_several_pages_each_with_its_origin() {
        manyConversations(250);

        List<SyncAnswer> pages = syncOf(SyncMode.FULL, 0);

        assertEquals(
                List.of(100, 100, 50),
                pages.stream().map(SyncAnswer::getViewsCount).toList());
        assertEquals(
                List.of(false, false, true),
                pages.stream().map(SyncAnswer::getDone).toList());
        pages.forEach(page -> assertEquals(origin(1, "bob-web", "f7"), page.getOrigin()));
    }

    @Test
    void incremental_sync_answers_what_changed_since() {
        manyConversations(250);
        pipe(999, sent("p:bob:u3", 2, "u3", "again"), "", "bob");
        inbox.readBytes();

        List<SyncAnswer> pages = syncOf(SyncMode.INCREMENTAL, EPOCH_MICROS + 249 * MICROS_PER_SECOND);

        assertEquals(1, pages.size());
        assertEquals(EPOCH_MICROS + 999 * MICROS_PER_SECOND, pages.getFirst().getVersion());
        assertEquals(
                List.of("p:bob:u250", "p:bob:u3"),
                pages.getFirst().getViewsList().stream()
                        .map(view -> view.getConversationId())
                        .toList());
    }

    @Test
    void sync_answers_from_any_page_on_lead_to_the_same_end() {
        manyConversations(250);
        List<SyncAnswer> pages = syncOf(SyncMode.FULL, 0);

        List<SyncAnswer> rest = syncOf(SyncMode.INCREMENTAL, pages.getFirst().getVersion());

        assertEquals(pages.subList(1, 3), rest);
    }

    @Test
    void a_user_sees_no_conversation_of_a_user_with_a_common_id_prefix() {
        pipe(1, sent("p:bo:zoe", 1, "zoe", "m1"), "", "bo", "zoe");
        pipe(2, sent("p:bob:zoe", 1, "zoe", "m1"), "", "bob", "zoe");
        pipe(3, sent("p:bob.x:zoe", 1, "zoe", "m1"), "", "bob.x", "zoe");
        inbox.readBytes();

        assertEquals(
                List.of("p:bob:zoe"),
                syncOf(SyncMode.FULL, 0).getFirst().getViewsList().stream()
                        .map(view -> view.getConversationId())
                        .toList());
    }

    @Test
    void undecodable_bytes_go_to_the_dead_letters_unchanged() {
        byte[] bad = {(byte) 0xFF, 0x01};
        Headers headers = new RecordHeaders().add("traceparent", bytes("00-abc"));

        inbox.pipeBytes(Topics.USER_COMMANDS, bytes("bob"), bad, headers, EPOCH_MILLIS);
        inbox.pipeBytes(Topics.INBOX, new byte[] {0, 0, 0, 0}, bad, headers, EPOCH_MILLIS);
        inbox.pipeBytes(Topics.INBOX, new byte[] {0}, new byte[0], headers, EPOCH_MILLIS);

        List<TestRecord<byte[], byte[]>> letters = inbox.read(Topics.DEAD_LETTERS);
        assertEquals(3, letters.size());
        assertArrayEquals(bytes("bob"), letters.getFirst().key());
        assertArrayEquals(bad, letters.getFirst().value());
        letters.forEach(letter ->
                assertEquals(headers.lastHeader("traceparent"), letter.headers().lastHeader("traceparent")));
        assertGoesOn();
    }

    @Test
    void records_without_a_body_go_to_the_dead_letters() {
        pipe(1, UserCommand.newBuilder().setUserId("bob").build());
        pipe(2, open("bob", Session.getDefaultInstance()));
        pipe(
                3,
                UserCommand.newBuilder()
                        .setUserId("bob")
                        .setOpenSession(OpenSession.getDefaultInstance())
                        .build());
        pipe(4, ConversationEvent.newBuilder().setConversationId(PAIR).build(), "", "bob");
        inbox.pipeBytes(Topics.USER_COMMANDS, bytes("bob"), null, new RecordHeaders(), EPOCH_MILLIS);
        inbox.pipeBytes(Topics.INBOX, new byte[] {0, 0, 0, 0}, null, new RecordHeaders(), EPOCH_MILLIS);

        assertEquals(6, inbox.read(Topics.DEAD_LETTERS).size());
        assertTrue(inbox.readValues(Topics.DELIVERIES).isEmpty());
        assertGoesOn();
    }

    @Test
    void a_command_under_another_users_key_goes_to_the_dead_letters() {
        inbox.pipe(Topics.USER_COMMANDS, "alice", open("bob", PHONE), EPOCH_MILLIS);

        assertEquals(1, inbox.read(Topics.DEAD_LETTERS).size());
        assertGoesOn();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void an_unknown_gateway_slot_goes_to_the_dead_letters_and_stops_nothing(int slot) {
        pipe(1, open("bob", session("bob-phone", "phone", slot, 1)));
        pipe(2, sync("bob", origin(slot, "bob-phone", "f1"), SyncMode.FULL, 0));

        assertEquals(2, inbox.read(Topics.DEAD_LETTERS).size());
        assertGoesOn();
    }

    private void assertGoesOn() {
        inbox.readBytes();
        pipe(90, open("bob", PHONE));
        pipe(91, sent(PAIR, 1, "alice", "m1"), "", "bob");
        assertEquals(
                List.of(Delivery.BodyCase.SESSION_READY, Delivery.BodyCase.EVENT),
                inbox.readValues(Topics.DELIVERIES).stream()
                        .map(Delivery::getBodyCase)
                        .toList());
    }

    private void manyConversations(int count) {
        IntStream.rangeClosed(1, count)
                .forEach(n -> pipe(
                        n,
                        sent("p:bob:u" + n, 1, "u" + n, "m" + n).toBuilder()
                                .setSentAt(at(n))
                                .build(),
                        "",
                        "bob"));
        inbox.readBytes();
    }

    private List<SyncAnswer> syncOf(SyncMode mode, long since) {
        pipe(1000, sync("bob", origin(1, "bob-web", "f7"), mode, since));
        List<TestRecord<Integer, Delivery>> deliveries = inbox.read(Topics.DELIVERIES);
        deliveries.forEach(record -> assertEquals(1, record.key()));
        return deliveries.stream().map(record -> record.value().getSyncAnswer()).toList();
    }

    private void pipe(long seconds, UserCommand command) {
        inbox.pipe(Topics.USER_COMMANDS, command.getUserId(), command, EPOCH_MILLIS + seconds * 1000);
    }

    private void pipe(long seconds, ConversationEvent event, String originSession, String... recipients) {
        InboxRecord record = InboxRecord.newBuilder()
                .setEvent(event)
                .addAllRecipients(List.of(recipients))
                .setOriginSessionId(originSession)
                .build();
        inbox.pipe(Topics.INBOX, 0, record, EPOCH_MILLIS + seconds * 1000);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
