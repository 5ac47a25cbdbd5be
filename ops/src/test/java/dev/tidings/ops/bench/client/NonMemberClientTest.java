package dev.tidings.ops.bench.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.ops.bench.check.CheckResult;
import dev.tidings.ops.bench.check.Checker;
import dev.tidings.ops.bench.websocket.WebSocketClient;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connected;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Error;
import dev.tidings.v1.Events;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.Receipts;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.SearchHit;
import dev.tidings.v1.SearchResults;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.SyncPage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway that answers a user who is no member. */
class NonMemberClientTest {

    private static final String GROUP = "g:team";
    private static final int KINDS_OF_REQUESTS = 7;

    private final Checker checker = new Checker();
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
    private final NonMemberClient client =
            new NonMemberClient("token", FrameFormat.PROTO, new TrafficCounters(), listener -> webSocket);
    private long now = System.nanoTime();

    @BeforeEach
    void connect() {
        client.add(new BenchConversation(
                GROUP,
                Content.getDefaultInstance(),
                false,
                checker.open(List.of("ann", "bob"), Content.getDefaultInstance())));
        client.tick(now);
        client.opened(webSocket);
        receive(ServerFrame.newBuilder().setConnected(Connected.getDefaultInstance()));
        sent.clear();
        for (int i = 0; i < KINDS_OF_REQUESTS; i++) {
            now += TimeUnit.SECONDS.toNanos(1);
            client.tick(now);
        }
        sent.removeIf(ClientFrame::hasHeartbeat);
    }

    @Test
    void every_way_to_read_and_to_send_is_tried() {
        Set<ClientFrame.BodyCase> tried = EnumSet.noneOf(ClientFrame.BodyCase.class);
        sent.forEach(frame -> tried.add(frame.getBodyCase()));

        assertEquals(KINDS_OF_REQUESTS, tried.size(), tried::toString);
    }

    @Test
    void rejections_are_counted_and_no_violation() {
        receive(answer(ClientFrame.BodyCase.PULL).setError(Error.newBuilder().setCode(Error.Code.FORBIDDEN)));
        receive(answer(ClientFrame.BodyCase.SEND).setRefused(Refusal.getDefaultInstance()));
        receive(answer(ClientFrame.BodyCase.SEARCH)
                .setError(Error.newBuilder().setCode(Error.Code.UNAVAILABLE).setRetryable(true)));
        receive(answer(ClientFrame.BodyCase.SYNC).setSyncPage(SyncPage.getDefaultInstance()));

        assertTrue(audit().isClean());
        assertEquals(2, audit().rejectedNonMembers);
    }

    @Test
    void everything_of_the_conversation_is_a_violation() {
        receive(answer(ClientFrame.BodyCase.PULL)
                .setEvents(Events.newBuilder()
                        .setConversationId(GROUP)
                        .addEvents(ConversationEvent.getDefaultInstance())));
        receive(answer(ClientFrame.BodyCase.SEARCH)
                .setSearchResults(SearchResults.newBuilder().addHits(SearchHit.getDefaultInstance())));
        receive(answer(ClientFrame.BodyCase.RECEIPTS).setReceipts(Receipts.getDefaultInstance()));
        receive(answer(ClientFrame.BodyCase.GROUP).setGroup(GroupDescription.getDefaultInstance()));
        receive(answer(ClientFrame.BodyCase.SEND).setSequenced(Sequenced.getDefaultInstance()));
        receive(answer(ClientFrame.BodyCase.SYNC)
                .setSyncPage(SyncPage.newBuilder()
                        .addViews(ConversationView.newBuilder().setConversationId(GROUP))));

        assertEquals(List.of("6 read by a non-member"), audit().flaws());
    }

    @Test
    void a_live_event_is_a_violation() {
        receive(ServerFrame.newBuilder()
                .setEvents(Events.newBuilder()
                        .setDeliverySeq(1)
                        .setConversationId(GROUP)
                        .addEvents(ConversationEvent.getDefaultInstance())));

        assertEquals(List.of("1 read by a non-member"), audit().flaws());
    }

    private ServerFrame.Builder answer(ClientFrame.BodyCase request) {
        return ServerFrame.newBuilder()
                .setId(sent.stream()
                        .filter(frame -> frame.getBodyCase() == request)
                        .findFirst()
                        .orElseThrow()
                        .getId());
    }

    private void receive(ServerFrame.Builder frame) {
        client.received(ByteBuffer.wrap(frame.build().toByteArray()));
    }

    private CheckResult audit() {
        return checker.audit(0, Long.MAX_VALUE);
    }
}
