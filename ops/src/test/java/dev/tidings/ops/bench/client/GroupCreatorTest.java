package dev.tidings.ops.bench.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.ops.bench.websocket.WebSocketClient;
import dev.tidings.v1.Applied;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connected;
import dev.tidings.v1.Error;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.ServerFrame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupCreatorTest {

    private static final int MEMBERS = 2_500;

    /** Records the frames that are sent. */
    private static final class Recorded implements WebSocketClient {
        final List<ClientFrame> frames = new ArrayList<>();
        boolean closed;

        @Override
        public void send(byte[] payload) {
            try {
                frames.add(ClientFrame.parseFrom(payload));
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final List<String> members =
            IntStream.range(0, MEMBERS).mapToObj(number -> "u" + number).toList();
    private final GroupCreator creator = new GroupCreator("g:x", members, "token", FrameFormat.PROTO);
    private final Recorded webSocket = new Recorded();

    @Test
    void createsAGroupInStepsOfAtMostAThousandUsers() {
        connect();
        sequenced(1);
        sequenced(2);
        sequenced(3);
        receive(ServerFrame.newBuilder()
                .setGroup(GroupDescription.newBuilder().setMemberCount(MEMBERS).setLarge(true)));

        assertEquals(new GroupCreator.Created(List.of(1L, 2L, 3L), true), creator.outcome(Duration.ZERO));
        assertEquals(
                members.subList(0, 1_000),
                webSocket.frames.get(1).getGroup().getCreate().getMembersList());
        assertEquals(
                members.subList(1_000, 2_000),
                webSocket.frames.get(2).getGroup().getAddMembers().getUserIdsList());
        assertEquals(
                members.subList(2_000, 2_500),
                webSocket.frames.get(3).getGroup().getAddMembers().getUserIdsList());
        assertTrue(webSocket.frames.getLast().getGroup().hasDescribe());
        assertTrue(webSocket.closed);
        assertEquals(
                List.of("g:x-1", "g:x-2", "g:x-3", ""),
                webSocket.frames.subList(1, 5).stream()
                        .map(ClientFrame::getOperationId)
                        .toList());
    }

    @Test
    void waitsForTheAnswerToEachStep() {
        connect();

        assertEquals(2, webSocket.frames.size());
        assertEquals("not done within 0 s", failure());
        assertFalse(webSocket.closed);
    }

    @Test
    void anAnswerThatComesTwiceCountsOnce() {
        connect();
        sequenced(1);
        receive(ServerFrame.newBuilder()
                .setId("1")
                .setSequenced(Sequenced.newBuilder().setSeq(1)));

        assertEquals(3, webSocket.frames.size());
    }

    @Test
    void failsOnARefusalWithItsReason() {
        connect();
        receive(ServerFrame.newBuilder()
                .setRefused(Refusal.newBuilder()
                        .setReason(Refusal.Reason.GROUP_FULL)
                        .setMessage("room for 2")));

        assertEquals("refused, reason=GROUP_FULL message=room for 2", failure());
        assertTrue(webSocket.closed);
    }

    @Test
    void failsOnAnError() {
        creator.opened(webSocket);
        receive(ServerFrame.newBuilder()
                .setError(Error.newBuilder().setCode(Error.Code.INVALID_TOKEN).setMessage("no")));

        assertTrue(failure().contains("INVALID_TOKEN"), this::failure);
    }

    @Test
    void failsIfAStepAddsNoMembers() {
        connect();
        sequenced(1);
        receive(ServerFrame.newBuilder().setApplied(Applied.newBuilder().setUnchanged(true)));

        assertTrue(failure().contains("has added none"), this::failure);
    }

    @Test
    void failsIfTheGroupHasAnotherSize() {
        connect();
        receive(ServerFrame.newBuilder().setGroup(GroupDescription.newBuilder().setMemberCount(7)));

        assertTrue(failure().contains("the group has 7 members; 2500 were added"), this::failure);
    }

    @Test
    void failsIfTheConnectionIsLost() {
        connect();
        creator.closed("gone");

        assertTrue(failure().contains("gone"), this::failure);
    }

    @Test
    void failsOnAnUnreadableFrame() {
        creator.opened(webSocket);
        creator.received(ByteBuffer.wrap(new byte[] {-1, -1, -1}));

        assertTrue(failure().contains("unreadable frame"), this::failure);
    }

    private void connect() {
        creator.opened(webSocket);
        receive(ServerFrame.newBuilder().setConnected(Connected.getDefaultInstance()));
    }

    private void sequenced(long seq) {
        receive(ServerFrame.newBuilder().setSequenced(Sequenced.newBuilder().setSeq(seq)));
    }

    /** The answer to the newest frame, where it names no other. */
    private void receive(ServerFrame.Builder frame) {
        if (frame.getId().isEmpty()) {
            frame.setId(webSocket.frames.getLast().getId());
        }
        creator.received(ByteBuffer.wrap(frame.build().toByteArray()));
    }

    private String failure() {
        return assertInstanceOf(GroupCreator.Failed.class, creator.outcome(Duration.ZERO))
                .reason();
    }
}
