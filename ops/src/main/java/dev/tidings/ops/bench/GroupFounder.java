package dev.tidings.ops.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.v1.AddMembers;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Connect;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.DescribeGroup;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.Platform;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.ServerFrame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The owner of a group, on a device of his own, before the run: founds the group, adds its members step by step, and asks
 * how it stands then. Each step waits for the answer to the one before; whatever goes wrong is the end of it.
 */
final class GroupFounder implements Wire.Listener {

    /** As many users as one command names at most. */
    static final int MAX_USERS_PER_STEP = 1_000;

    private static final String CONNECT_ID = "c";

    /** What came of it. */
    sealed interface Outcome {}

    /**
     * @param seqs of the events that the founding took
     * @param large its events come to who follows it
     */
    record Founded(List<Long> seqs, boolean large) implements Outcome {}

    /** There is to be no such group. */
    record Failed(String why) implements Outcome {}

    private final String token;
    private final FrameFormat format;
    private final int members;
    private final List<GroupCommand> steps;
    private final List<Long> seqs = new ArrayList<>();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private @Nullable Wire wire;
    private int step;

    /**
     * @param token of the owner, who is one of the members
     * @param members all of them, without repeats
     */
    GroupFounder(String conversationId, List<String> members, String token, FrameFormat format) {
        this.token = token;
        this.format = format;
        this.members = members.size();
        this.steps = steps(conversationId, members);
    }

    /** Waits for it, but no longer than so. */
    Outcome outcome(Duration patience) {
        Failed tooLate = new Failed("not done within " + patience.toSeconds() + " s");
        return outcome.completeOnTimeout(tooLate, patience.toNanos(), TimeUnit.NANOSECONDS)
                .join();
    }

    @Override
    public void opened(Wire opened) {
        wire = opened;
        write(ClientFrame.newBuilder()
                .setId(CONNECT_ID)
                .setConnect(Connect.newBuilder()
                        .setToken(token)
                        .setDeviceId("bench-founder")
                        .setPlatform(Platform.SERVER)));
    }

    @Override
    public void received(ByteBuffer payload) {
        try {
            handle(format.decode(payload));
        } catch (InvalidProtocolBufferException e) {
            fail("unreadable frame: " + e.getMessage());
        }
    }

    @Override
    public void closed(String reason) {
        fail(reason);
    }

    private void handle(ServerFrame frame) {
        boolean answer = frame.getId().equals(step == 0 ? CONNECT_ID : Integer.toString(step));
        switch (frame.getBodyCase()) {
            case CONNECTED -> next();
            case SEQUENCED -> {
                if (answer) {
                    seqs.add(frame.getSequenced().getSeq());
                    next();
                }
            }
            case GROUP -> stands(frame.getGroup());
            case REFUSED -> {
                Refusal refusal = frame.getRefused();
                fail("refused, reason=" + refusal.getReason() + " message=" + refusal.getMessage());
            }
            case APPLIED -> fail("a step that was to add members added none");
            case ERROR ->
                fail("error, code=" + frame.getError().getCode() + " message="
                        + frame.getError().getMessage());
            case DISCONNECT -> fail("disconnect, code=" + frame.getDisconnect().getCode());
            // The answers to come, and what the group's own events bring to the owner.
            case ACCEPTED, EVENTS, HEAD, HEARTBEAT, SYNC_PAGE, RECEIPTS, VIEW, PRESENCE, DEVICES, BODY_NOT_SET -> {}
        }
    }

    private void next() {
        write(ClientFrame.newBuilder().setGroup(steps.get(step++)).setId(Integer.toString(step)));
    }

    private void stands(GroupDescription group) {
        if (group.getMemberCount() != members) {
            fail("it has " + group.getMemberCount() + " members");
            return;
        }
        end(new Founded(List.copyOf(seqs), group.getLarge()));
    }

    private void fail(String why) {
        end(new Failed(why));
    }

    private void end(Outcome what) {
        if (outcome.complete(what) && wire != null) {
            wire.close();
        }
    }

    private void write(ClientFrame.Builder frame) {
        if (wire != null) {
            wire.send(format.encode(frame.build()));
        }
    }

    private static List<GroupCommand> steps(String conversationId, List<String> members) {
        List<GroupCommand> steps = new ArrayList<>();
        for (int from = 0; from < members.size(); from += MAX_USERS_PER_STEP) {
            List<String> some = members.subList(from, Math.min(from + MAX_USERS_PER_STEP, members.size()));
            GroupCommand.Builder step = GroupCommand.newBuilder().setConversationId(conversationId);
            steps.add((from == 0 ? step.setCreate(create(some)) : step.setAddMembers(add(some))).build());
        }
        steps.add(GroupCommand.newBuilder()
                .setConversationId(conversationId)
                .setDescribe(DescribeGroup.newBuilder().setLimit(1))
                .build());
        return steps;
    }

    private static CreateGroup create(List<String> members) {
        return CreateGroup.newBuilder()
                .setProfile(GroupProfile.newBuilder().setName("bench"))
                .addAllMembers(members)
                .build();
    }

    private static AddMembers add(List<String> members) {
        return AddMembers.newBuilder().addAllUserIds(members).build();
    }
}
