package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.monitoring.LatencyHistogram;
import dev.tidings.v1.Answer;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.EventDelivery;
import dev.tidings.v1.Sequenced;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionMetricsTest {

    private static final long SENT_AT = 1_800_000_000_000L;

    private final TestGateway gateway = new TestGateway.Builder().build();
    private final FakeTransport transport = new FakeTransport();
    private final ClientSession alice = gateway.session(transport);
    private final String sessionId = gateway.open(alice, transport, "alice");

    @BeforeEach
    void fifty_milliseconds_have_passed() {
        gateway.logMillis.set(SENT_AT + 50);
    }

    @Test
    void a_delivery_is_measured_from_the_time_in_the_log() {
        deliver(1);

        assertEquals(0, count("delivered", 0.02));
        assertEquals(1, count("delivered", 0.05));
        assertEquals(0, count("acknowledged", Double.POSITIVE_INFINITY));
    }

    @Test
    void an_acknowledgement_is_measured_when_it_comes() {
        deliver(1);
        deliver(2);
        gateway.logMillis.set(SENT_AT + 200);

        alice.onText(TestGateway.json("{'ack':{'upTo':'2'}}"));

        assertEquals(0, count("acknowledged", 0.1));
        assertEquals(2, count("acknowledged", 0.2));
    }

    @Test
    void an_answer_is_measured_unless_it_is_a_duplicate() {
        Sequenced sequenced = Sequenced.newBuilder()
                .setMessageId("id")
                .setSeq(1)
                .setSentAt(Timestamps.fromMillis(SENT_AT))
                .build();

        answer(sequenced);
        answer(sequenced.toBuilder().setDuplicate(true).build());

        assertEquals(1, count("sequenced", Double.POSITIVE_INFINITY));
    }

    @Test
    void a_frame_that_is_sent_again_counts_as_repeated_and_not_as_a_second_delivery() {
        deliver(1);

        alice.tick(System.nanoTime() + TimeUnit.SECONDS.toNanos(15));

        assertEquals(1, meter("deliveries.repeated"));
        assertEquals(1, count("delivered", Double.POSITIVE_INFINITY));
    }

    @Test
    void ends_are_counted_by_their_code() {
        alice.drain(0, 0);
        alice.onClosed();

        assertEquals(1, meter("disconnects.draining"));
        assertEquals(0, meter("disconnects.by_client"));
    }

    @Test
    void a_socket_that_the_gateway_has_not_ended_was_closed_by_the_client() {
        alice.onClosed();

        assertEquals(1, meter("disconnects.by_client"));
    }

    private void deliver(long seq) {
        ConversationEvent event = TestGateway.message("p:alice:bob", seq, "bob").toBuilder()
                .setSentAt(Timestamps.fromMillis(SENT_AT))
                .build();
        gateway.deliver(Delivery.newBuilder()
                .setEvent(EventDelivery.newBuilder().setEvent(event).addSessionIds(sessionId)));
    }

    private void answer(Sequenced sequenced) {
        gateway.deliver(Delivery.newBuilder()
                .setAnswer(Answer.newBuilder()
                        .setOrigin(TestGateway.CONFIG.origin(sessionId, "1"))
                        .setSequenced(sequenced)));
    }

    private long count(String name, double seconds) {
        return assertInstanceOf(
                        LatencyHistogram.class,
                        gateway.metrics.getMetrics().get("tidings.gateway.message." + name + ".seconds"))
                .countUpTo(seconds);
    }

    private long meter(String name) {
        return gateway.metrics.meter("tidings.gateway." + name).getCount();
    }
}
