package dev.tidings.ops.bench.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.ops.bench.websocket.WebSocketClient;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connected;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Error;
import dev.tidings.v1.Events;
import dev.tidings.v1.ServerFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages of three events of a conversation of ten. */
class HistoryReaderTest {

    private final List<ClientFrame> sent = new ArrayList<>();
    private final WebSocketClient webSocket = new WebSocketClient() {
        @Override
        public void send(byte[] payload) {
            try {
                sent.add(ClientFrame.parseFrom(payload));
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {}
    };
    private final HistoryReader reader = new HistoryReader(
            "p:ann:bob", 10, 3, "token", FrameFormat.PROTO, new TrafficCounters(), listener -> webSocket);
    private final HistoryReads reads = new HistoryReads(0);

    @BeforeEach
    void connect() {
        reader.tick(System.nanoTime());
        reader.opened(webSocket);
        receive(ServerFrame.newBuilder().setConnected(Connected.getDefaultInstance()));
        reader.tick(System.nanoTime() + TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void is_ready_when_the_newest_page_is_complete() {
        String probe = lastHistory().getId();
        page(probe, 8, 9);
        assertFalse(reader.isReady());

        page(probe, 8, 9, 10);

        assertTrue(reader.isReady());
    }

    @Test
    void a_page_with_exactly_its_events_is_no_violation() {
        reader.read(5, 1, reads);
        page(lastHistory().getId(), 2, 3, 4);
        reader.read(3, 1, reads);
        page(lastHistory().getId(), 1, 2);

        assertEquals(0, reads.wrongPages());
        assertEquals(2, reads.dueToAnswered().getTotalCount());
        assertTrue(reads.isSettled());
    }

    @Test
    void a_page_with_a_gap_or_without_its_end_is_wrong() {
        reader.read(5, 1, reads);
        page(lastHistory().getId(), 2, 4);
        reader.read(5, 1, reads);
        page(lastHistory().getId(), 2, 3);

        assertEquals(2, reads.wrongPages());
        assertEquals(
                List.of(
                        "wrong page: p:ann:bob before 5 has seq 4 instead of 3",
                        "wrong page: p:ann:bob before 5 ends before seq 4"),
                reads.evidence());
    }

    @Test
    void an_error_and_a_lost_connection_are_failures() {
        reader.read(5, 1, reads);
        receive(ServerFrame.newBuilder()
                .setId(lastHistory().getId())
                .setError(Error.newBuilder().setCode(Error.Code.UNAVAILABLE)));
        reader.read(5, 1, reads);
        assertFalse(reads.isSettled());
        reader.closed("reset");

        assertEquals(2, reads.failedReads());
        assertTrue(reads.isSettled());
    }

    private ClientFrame lastHistory() {
        return sent.stream().filter(ClientFrame::hasHistory).toList().getLast();
    }

    private void page(String id, long... seqs) {
        Events.Builder events = Events.newBuilder().setConversationId("p:ann:bob");
        for (long seq : seqs) {
            events.addEvents(ConversationEvent.newBuilder().setSeq(seq));
        }
        receive(ServerFrame.newBuilder().setId(id).setEvents(events));
    }

    private void receive(ServerFrame.Builder frame) {
        reader.received(ByteBuffer.wrap(frame.build().toByteArray()));
    }
}
