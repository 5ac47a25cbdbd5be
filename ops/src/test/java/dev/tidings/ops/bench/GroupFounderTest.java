package dev.tidings.ops.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
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

class GroupFounderTest {

    private static final int MEMBERS = 2_500;

    /** Keeps what was sent. */
    private static final class Recorded implements Wire {
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
    private final GroupFounder founder = new GroupFounder("g:x", members, "token", FrameFormat.PROTO);
    private final Recorded wire = new Recorded();

    @Test
    void foundsAGroupInStepsThatEachNameAThousandUsersAtMost() {
        connect();
        sequenced(1);
        sequenced(2);
        sequenced(3);
        receive(ServerFrame.newBuilder()
                .setGroup(GroupDescription.newBuilder().setMemberCount(MEMBERS).setLarge(true)));

        assertEquals(new GroupFounder.Founded(List.of(1L, 2L, 3L), true), founder.outcome(Duration.ZERO));
        assertEquals(
                members.subList(0, 1_000),
                wire.frames.get(1).getGroup().getCreate().getMembersList());
        assertEquals(
                members.subList(1_000, 2_000),
                wire.frames.get(2).getGroup().getAddMembers().getUserIdsList());
        assertEquals(
                members.subList(2_000, 2_500),
                wire.frames.get(3).getGroup().getAddMembers().getUserIdsList());
        assertTrue(wire.frames.getLast().getGroup().hasDescribe());
        assertTrue(wire.closed);
    }

    @Test
    void waitsForTheAnswerToEachStep() {
        connect();

        assertEquals(2, wire.frames.size());
        assertEquals("not done within 0 s", failure());
        assertFalse(wire.closed);
    }

    @Test
    void anAnswerThatComesTwiceCountsOnce() {
        connect();
        sequenced(1);
        receive(ServerFrame.newBuilder()
                .setId("1")
                .setSequenced(Sequenced.newBuilder().setSeq(1)));

        assertEquals(3, wire.frames.size());
    }

    @Test
    void aRefusalIsTheEndAndSaysWhy() {
        connect();
        receive(ServerFrame.newBuilder()
                .setRefused(Refusal.newBuilder()
                        .setReason(Refusal.Reason.GROUP_FULL)
                        .setMessage("room for 2")));

        assertEquals("refused, reason=GROUP_FULL message=room for 2", failure());
        assertTrue(wire.closed);
    }

    @Test
    void anErrorIsTheEnd() {
        founder.opened(wire);
        receive(ServerFrame.newBuilder()
                .setError(Error.newBuilder().setCode(Error.Code.INVALID_TOKEN).setMessage("no")));

        assertTrue(failure().contains("INVALID_TOKEN"), this::failure);
    }

    @Test
    void membersWhoBelongedAlreadyAreTheEnd() {
        connect();
        sequenced(1);
        receive(ServerFrame.newBuilder().setApplied(Applied.newBuilder().setUnchanged(true)));

        assertTrue(failure().contains("added none"), this::failure);
    }

    @Test
    void aGroupOfAnotherSizeIsTheEnd() {
        connect();
        receive(ServerFrame.newBuilder().setGroup(GroupDescription.newBuilder().setMemberCount(7)));

        assertTrue(failure().contains("it has 7 members"), this::failure);
    }

    @Test
    void aLostConnectionIsTheEnd() {
        connect();
        founder.closed("gone");

        assertTrue(failure().contains("gone"), this::failure);
    }

    @Test
    void whatIsNoFrameIsTheEnd() {
        founder.opened(wire);
        founder.received(ByteBuffer.wrap(new byte[] {-1, -1, -1}));

        assertTrue(failure().contains("unreadable frame"), this::failure);
    }

    private void connect() {
        founder.opened(wire);
        receive(ServerFrame.newBuilder().setConnected(Connected.getDefaultInstance()));
    }

    private void sequenced(long seq) {
        receive(ServerFrame.newBuilder().setSequenced(Sequenced.newBuilder().setSeq(seq)));
    }

    /** The answer to the newest frame, where it names no other. */
    private void receive(ServerFrame.Builder frame) {
        if (frame.getId().isEmpty()) {
            frame.setId(wire.frames.getLast().getId());
        }
        founder.received(ByteBuffer.wrap(frame.build().toByteArray()));
    }

    private String failure() {
        return assertInstanceOf(GroupFounder.Failed.class, founder.outcome(Duration.ZERO))
                .why();
    }
}
