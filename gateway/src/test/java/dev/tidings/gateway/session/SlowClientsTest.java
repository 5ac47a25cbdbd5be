package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import dev.tidings.gateway.api.Access;
import dev.tidings.gateway.api.ClientApi;
import dev.tidings.gateway.auth.BanList;
import dev.tidings.gateway.follow.Following;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.gateway.log.RecordedLog;
import dev.tidings.gateway.session.Transport.CloseReason;
import dev.tidings.v1.AccessAnswer;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Error;
import dev.tidings.v1.EventDelivery;
import dev.tidings.v1.LoginPolicy;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Origin;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.SessionReady;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.TextContent;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Clients that read slowly, or nothing, and ask for much: what they may cost the gateway, and the others. */
class SlowClientsTest {

    private static final int SESSION_BYTES = 1_000_000;
    private static final SessionTerms TERMS = new SessionTerms(
            3,
            8,
            65_536,
            100_000,
            SESSION_BYTES,
            Duration.ofSeconds(10),
            LoginPolicy.ALL_DEVICES,
            WatchPresence.Visibility.FRIENDS);
    private static final ReconnectPace PACE = new ReconnectPace(1_000);
    private static final String PAIR = "p:alice:bob";

    private final RecordedLog log = new RecordedLog();
    private final MetricRegistry metrics = new MetricRegistry();
    private final BufferBudget budget = new BufferBudget(12_000_000);
    private final Queue<Runnable> outside = new ArrayDeque<>();
    private final Following following = new Following(TERMS.slot(), TERMS.epoch(), log);
    private final Access access = new Access(log, Duration.ofMinutes(1));
    private final Sessions sessions = new Sessions(
            following,
            access,
            PACE,
            new BanList(System::currentTimeMillis),
            budget,
            outside::add,
            System::currentTimeMillis,
            metrics);
    private final Openings openings = new Openings(1_000, PACE, Runnable::run, metrics);
    private final ClientApi api = new ClientApi(
            log,
            access,
            (id, from, to, limit) -> new HistoryRange(List.of(said(from, 1)), from, from, true, 9),
            Set.of("webhook", "log"),
            Runnable::run);

    private final FakeTransport transport = new FakeTransport();
    private final ClientSession alice = session(transport);
    private final String alicesId = opened(alice, transport, "alice");

    // --- memory

    @Test
    void a_client_that_acknowledges_nothing_ends_once_it_holds_more_than_a_session_may() {
        long seq = 0;
        while (transport.closed() == null) {
            deliver(alicesId, said(++seq, 10_000));
        }

        assertEquals(CloseReason.SLOW_CONSUMER, transport.closed());
        assertTrue(seq > 90 && seq < 101, "ended at " + seq);
        Disconnect last = transport.heard().getLast().getDisconnect();
        assertEquals(Disconnect.Code.SLOW_CONSUMER, last.getCode());
        assertTrue(last.getReconnect());
        assertEquals(0, budget.heldBytes());
    }

    @Test
    void a_client_whose_socket_takes_nothing_ends_once_it_holds_more_than_a_session_may() {
        transport.waitingBytes(SESSION_BYTES);
        alice.onText("{\"id\":\"1\",\"heartbeat\":{}}");
        assertNull(transport.closed());

        transport.waitingBytes(SESSION_BYTES + 1);
        alice.onText("{\"id\":\"2\",\"heartbeat\":{}}");

        assertEquals(CloseReason.SLOW_CONSUMER, transport.closed());
        assertEquals(0, transport.waitingBytes());
    }

    @Test
    void where_the_gateway_holds_too_much_the_sessions_that_hold_most_end_first() {
        FakeTransport bobs = new FakeTransport();
        String bobsId = opened(session(bobs), bobs, "bob");
        for (long seq = 1; seq <= 50; seq++) {
            deliver(bobsId, said(seq, 10_000));
        }
        deliver(alicesId, said(1, 10_000));
        budget.add(12_000_000 - budget.heldBytes()); // others
        assertNull(bobs.closed());

        deliver(alicesId, said(2, 10_000));

        assertEquals(CloseReason.SLOW_CONSUMER, bobs.closed());
        assertTrue(bobs.aborted());
        assertNull(transport.closed());
        assertEquals(1, metrics.meter("tidings.gateway.sessions.shed").getCount());
    }

    @Test
    void a_gateway_that_is_short_of_memory_takes_no_new_sessions_and_reads_no_history() {
        budget.add(9_000_001);
        FakeTransport bobs = new FakeTransport();

        session(bobs).onText("{\"connect\":{\"token\":\"bob\",\"deviceId\":\"phone\"}}");
        alice.onText("{\"id\":\"1\",\"pull\":{\"conversationId\":\"p:alice:bob\",\"fromSeq\":\"1\"}}");

        Disconnect disconnect = bobs.heard().getLast().getDisconnect();
        assertEquals(Disconnect.Code.OVERLOADED, disconnect.getCode());
        assertTrue(disconnect.getReconnect() && disconnect.getAfterMs() > 0);
        assertEquals(
                Error.Code.OVERLOADED, transport.heard().getLast().getError().getCode());
    }

    // --- ends

    @Test
    void a_socket_that_does_not_close_is_closed_by_force() {
        alice.drain(0, 0);
        long now = System.nanoTime();

        sessions.tick(now);
        assertFalse(transport.aborted());
        sessions.tick(now
                + SessionTerms.CLOSE_WITHIN.toNanos()
                + Duration.ofSeconds(1).toNanos());

        assertTrue(transport.aborted());
    }

    @Test
    void what_a_session_tells_the_log_at_its_end_is_written_outside_of_its_turn_and_in_order() {
        alice.onText("{\"id\":\"1\",\"presence\":{\"userIds\":[\"bob\",\"carol\"],\"mode\":\"START\"}}");
        deliver(alicesId, said(1, 10));
        int written = log.userCommands().size();

        alice.onClosed();
        assertEquals(written, log.userCommands().size());
        outside.remove().run();

        assertEquals(
                List.of(
                        UserCommand.BodyCase.WATCH_PRESENCE,
                        UserCommand.BodyCase.WATCH_PRESENCE,
                        UserCommand.BodyCase.UNDELIVERED,
                        UserCommand.BodyCase.CLOSE_SESSION),
                log.userCommands().subList(written, log.userCommands().size()).stream()
                        .map(UserCommand::getBodyCase)
                        .toList());
    }

    @Test
    void a_tick_that_fails_for_one_session_comes_to_the_others() {
        FakeTransport broken = new FakeTransport() {
            @Override
            public void abort() {
                throw new IllegalStateException("broken");
            }
        };
        FakeTransport bobs = new FakeTransport();
        for (FakeTransport each : List.of(broken, bobs)) {
            ClientSession session = session(each);
            sessions.connected(session);
            session.drain(0, 0);
        }

        sessions.tick(System.nanoTime() + Duration.ofSeconds(10).toNanos());

        assertTrue(bobs.aborted());
    }

    // --- reads

    @Test
    void a_session_reads_one_thing_at_a_time() {
        pull("1");
        pull("2");
        assertEquals(1, accessRequests());

        answerAccess();

        assertEquals("1", transport.heard().getLast().getId());
        assertEquals(2, accessRequests());
    }

    @Test
    void of_what_waits_to_be_read_more_than_sixteen_are_refused() {
        for (int i = 0; i <= Reads.MAX_WAITING; i++) {
            pull("wait");
        }
        assertEquals(List.of(), transport.heard());

        pull("more");

        ServerFrame refused = transport.heard().getLast();
        assertEquals("more", refused.getId());
        assertEquals(Error.Code.OVERLOADED, refused.getError().getCode());
        assertTrue(refused.getError().getRetryable());
        assertTrue(refused.getError().getRetryAfterMs() > 0);
    }

    @Test
    void nothing_is_read_while_the_socket_does_not_take_what_was_read() {
        transport.isBehind(true);
        alice.onText("{\"id\":\"1\",\"pullMany\":{\"pulls\":[{\"conversationId\":\"p:alice:bob\",\"fromSeq\":\"1\"},"
                + "{\"conversationId\":\"p:alice:carol\",\"fromSeq\":\"1\"}]}}");
        assertEquals(List.of(), transport.heard());

        transport.isBehind(false);

        assertEquals(
                List.of(PAIR, "p:alice:carol"),
                transport.heard().stream()
                        .map(frame -> frame.getEvents().getConversationId())
                        .toList());
    }

    @Test
    void a_sync_has_its_last_page_before_the_next_begins() {
        alice.onText("{\"id\":\"1\",\"sync\":{\"mode\":\"FULL\"}}");
        alice.onText("{\"id\":\"2\",\"sync\":{\"mode\":\"FAST\"}}");
        assertEquals(1, syncRequests());

        page("1", false);
        assertEquals(1, syncRequests());
        page("1", true);

        assertEquals(2, syncRequests());
    }

    // --- the world around

    private void pull(String id) {
        alice.onText("{\"id\":\"" + id + "\",\"pull\":{\"conversationId\":\"g:club\",\"fromSeq\":\"1\"}}");
    }

    private long accessRequests() {
        return log.userCommands().stream().filter(UserCommand::hasAccessRequest).count();
    }

    private long syncRequests() {
        return log.userCommands().stream().filter(UserCommand::hasSyncRequest).count();
    }

    private void answerAccess() {
        feed(Delivery.newBuilder()
                .setAccessAnswer(AccessAnswer.newBuilder()
                        .setOrigin(
                                log.userCommands().getLast().getAccessRequest().getOrigin())
                        .setFromSeq(1)));
    }

    private void page(String id, boolean done) {
        feed(Delivery.newBuilder()
                .setSyncAnswer(SyncAnswer.newBuilder()
                        .setOrigin(Origin.newBuilder()
                                .setGatewaySlot(TERMS.slot())
                                .setSessionId(alicesId)
                                .setFrameId(id))
                        .setDone(done)));
    }

    private void deliver(String sessionId, ConversationEvent event) {
        feed(Delivery.newBuilder()
                .setEvent(EventDelivery.newBuilder().setEvent(event).addSessionIds(sessionId)));
    }

    private void feed(Delivery.Builder delivery) {
        sessions.accept(delivery.setGatewaySlot(TERMS.slot()).build());
    }

    private ClientSession session(FakeTransport to) {
        return new ClientSession(to, TERMS, sessions, following, api, token -> token, openings);
    }

    private String opened(ClientSession session, FakeTransport to, String userId) {
        sessions.connected(session);
        session.onText("{\"connect\":{\"token\":\"" + userId + "\",\"deviceId\":\"phone\"}}");
        String id = log.userCommands().getLast().getOpenSession().getSession().getSessionId();
        feed(Delivery.newBuilder().setSessionReady(SessionReady.newBuilder().setSessionId(id)));
        assertTrue(to.heard().getLast().hasConnected());
        return id;
    }

    private static ConversationEvent said(long seq, int bytes) {
        return ConversationEvent.newBuilder()
                .setConversationId(PAIR)
                .setSeq(seq)
                .setMessageSent(MessageSent.newBuilder()
                        .setSender("carol")
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder().setBody("x".repeat(bytes)))))
                .build();
    }
}
