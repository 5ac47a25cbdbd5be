package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.gateway.log.RecordedLog;
import dev.tidings.gateway.session.Transport.CloseReason;
import dev.tidings.v1.AccessAnswer;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Error;
import dev.tidings.v1.EventDelivery;
import dev.tidings.v1.LoginPolicy;
import dev.tidings.v1.Origin;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Clients that read slowly or not at all: the limits of what they cost the gateway and other clients. */
class SlowClientsTest {

    private static final int SESSION_BYTES = 1_000_000;
    private static final SessionConfig CONFIG = new SessionConfig(
            3,
            8,
            65_536,
            100_000,
            SESSION_BYTES,
            Duration.ofSeconds(10),
            LoginPolicy.ALL_DEVICES,
            WatchPresence.Visibility.FRIENDS);
    private static final String PAIR = "p:alice:bob";

    private final Queue<Runnable> background = new ArrayDeque<>();
    private final TestGateway gateway = new TestGateway.Builder()
            .config(CONFIG)
            .budgetBytes(12_000_000)
            .background(background::add)
            .history((id, from, to, limit) -> new HistoryRange(List.of(message(from, 1)), from, from, true, 9))
            .build();
    private final RecordedLog log = gateway.log;
    private final BufferBudget budget = gateway.budget;
    private final Sessions sessions = gateway.sessions;
    private final FakeTransport transport = new FakeTransport();
    private final ClientSession alice = gateway.session(transport);
    private final String alicesId = gateway.open(alice, transport, "alice");

    // --- memory

    @Test
    void a_session_that_acknowledges_nothing_ends_above_its_memory_limit() {
        long seq = 0;
        while (transport.closed() == null) {
            deliver(alicesId, message(++seq, 10_000));
        }

        assertEquals(CloseReason.SLOW_CONSUMER, transport.closed());
        assertTrue(seq > 90 && seq < 101, "ended at " + seq);
        Disconnect last = transport.received().getLast().getDisconnect();
        assertEquals(Disconnect.Code.SLOW_CONSUMER, last.getCode());
        assertTrue(last.getReconnect());
        assertEquals(0, budget.heldBytes());
    }

    @Test
    void a_session_whose_socket_takes_nothing_ends_above_its_memory_limit() {
        transport.setWaitingBytes(SESSION_BYTES);
        alice.onText("{\"id\":\"1\",\"heartbeat\":{}}");
        assertNull(transport.closed());

        transport.setWaitingBytes(SESSION_BYTES + 1);
        alice.onText("{\"id\":\"2\",\"heartbeat\":{}}");

        assertEquals(CloseReason.SLOW_CONSUMER, transport.closed());
        assertEquals(0, transport.waitingBytes());
    }

    @Test
    void the_sessions_that_hold_most_end_first_when_the_gateway_is_over_budget() {
        FakeTransport bobs = new FakeTransport();
        String bobsId = gateway.open(gateway.session(bobs), bobs, "bob");
        for (long seq = 1; seq <= 50; seq++) {
            deliver(bobsId, message(seq, 10_000));
        }
        deliver(alicesId, message(1, 10_000));
        budget.add(12_000_000 - budget.heldBytes()); // others
        assertNull(bobs.closed());

        deliver(alicesId, message(2, 10_000));

        assertEquals(CloseReason.SLOW_CONSUMER, bobs.closed());
        assertTrue(bobs.aborted());
        assertNull(transport.closed());
        assertEquals(1, gateway.metrics.meter("tidings.gateway.sessions.shed").getCount());
    }

    @Test
    void a_gateway_that_is_short_of_memory_accepts_no_sessions_and_reads_no_history() {
        budget.add(9_000_001);
        FakeTransport bobs = new FakeTransport();

        gateway.session(bobs).onText("{\"connect\":{\"token\":\"bob\",\"deviceId\":\"phone\"}}");
        alice.onText("{\"id\":\"1\",\"pull\":{\"conversationId\":\"p:alice:bob\",\"fromSeq\":\"1\"}}");

        Disconnect disconnect = bobs.received().getLast().getDisconnect();
        assertEquals(Disconnect.Code.OVERLOADED, disconnect.getCode());
        assertTrue(disconnect.getReconnect() && disconnect.getAfterMs() > 0);
        assertEquals(
                Error.Code.OVERLOADED, transport.received().getLast().getError().getCode());
    }

    // --- ends

    @Test
    void a_socket_that_does_not_close_is_closed_by_force() {
        alice.drain(0, 0);
        long now = System.nanoTime();

        sessions.tick(now);
        assertFalse(transport.aborted());
        sessions.tick(now
                + SessionConfig.CLOSE_TIMEOUT.toNanos()
                + Duration.ofSeconds(1).toNanos());

        assertTrue(transport.aborted());
    }

    @Test
    void the_last_commands_of_a_session_are_appended_without_its_lock_and_in_order() {
        alice.onText("{\"id\":\"1\",\"presence\":{\"userIds\":[\"bob\",\"carol\"],\"mode\":\"START\"}}");
        deliver(alicesId, message(1, 10));
        int written = log.userCommands().size();

        alice.onClosed();
        assertEquals(written, log.userCommands().size());
        background.remove().run();

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
    void a_tick_that_fails_for_one_session_reaches_the_others() {
        FakeTransport broken = new FakeTransport() {
            @Override
            public void abort() {
                throw new IllegalStateException("broken");
            }
        };
        FakeTransport bobs = new FakeTransport();
        for (FakeTransport each : List.of(broken, bobs)) {
            ClientSession session = gateway.session(each);
            sessions.connected(session);
            session.drain(0, 0);
        }

        sessions.tick(System.nanoTime() + Duration.ofSeconds(10).toNanos());

        assertTrue(bobs.aborted());
    }

    // --- reads

    @Test
    void a_session_runs_one_read_at_a_time() {
        pull("1");
        pull("2");
        assertEquals(1, accessRequests());

        answerAccess();

        assertEquals("1", transport.received().getLast().getId());
        assertEquals(2, accessRequests());
    }

    @Test
    void a_read_is_refused_while_sixteen_are_queued() {
        for (int i = 0; i <= ReadQueue.MAX_QUEUED; i++) {
            pull("wait");
        }
        assertEquals(List.of(), transport.received());

        pull("more");

        ServerFrame refused = transport.received().getLast();
        assertEquals("more", refused.getId());
        assertEquals(Error.Code.OVERLOADED, refused.getError().getCode());
        assertTrue(refused.getError().getRetryable());
        assertTrue(refused.getError().getRetryAfterMs() > 0);
    }

    @Test
    void reads_wait_while_the_socket_does_not_take_what_was_read() {
        transport.setBehind(true);
        alice.onText("{\"id\":\"1\",\"pullMany\":{\"pulls\":[{\"conversationId\":\"p:alice:bob\",\"fromSeq\":\"1\"},"
                + "{\"conversationId\":\"p:alice:carol\",\"fromSeq\":\"1\"}]}}");
        assertEquals(List.of(), transport.received());

        transport.setBehind(false);

        assertEquals(
                List.of(PAIR, "p:alice:carol"),
                transport.received().stream()
                        .map(frame -> frame.getEvents().getConversationId())
                        .toList());
    }

    @Test
    void a_sync_starts_after_the_last_page_of_the_one_before() {
        alice.onText("{\"id\":\"1\",\"sync\":{\"mode\":\"FULL\"}}");
        alice.onText("{\"id\":\"2\",\"sync\":{\"mode\":\"FAST\"}}");
        assertEquals(1, syncRequests());

        page("1", false);
        assertEquals(1, syncRequests());
        page("1", true);

        assertEquals(2, syncRequests());
    }

    // --- helpers

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
        gateway.deliver(Delivery.newBuilder()
                .setAccessAnswer(AccessAnswer.newBuilder()
                        .setOrigin(
                                log.userCommands().getLast().getAccessRequest().getOrigin())
                        .setFromSeq(1)));
    }

    private void page(String id, boolean done) {
        gateway.deliver(Delivery.newBuilder()
                .setSyncAnswer(SyncAnswer.newBuilder()
                        .setOrigin(Origin.newBuilder()
                                .setGatewaySlot(CONFIG.slot())
                                .setSessionId(alicesId)
                                .setFrameId(id))
                        .setDone(done)));
    }

    private void deliver(String sessionId, ConversationEvent event) {
        gateway.deliver(Delivery.newBuilder()
                .setEvent(EventDelivery.newBuilder().setEvent(event).addSessionIds(sessionId)));
    }

    private static ConversationEvent message(long seq, int bytes) {
        return TestGateway.message(PAIR, seq, "carol", "x".repeat(bytes));
    }
}
