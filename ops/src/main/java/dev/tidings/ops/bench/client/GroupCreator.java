package dev.tidings.ops.bench.client;

import dev.tidings.v1.AddMembers;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.DescribeGroup;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.ServerFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * Creates a group before the run, as its owner on a device of their own: creates it, adds the members in steps, and asks for its
 * description. Each step waits for the answer to the one before. Any failure ends it. Thread-safe.
 */
public final class GroupCreator extends SetupClient<GroupCreator.Outcome> {

    /** The limit of users in one command. */
    static final int MAX_USERS_PER_STEP = 1_000;

    /** The outcome. */
    public sealed interface Outcome {}

    /**
     * The group exists, with all its members.
     *
     * @param seqs of the events that the steps made
     * @param large whether the group's events reach only clients that subscribe to it
     */
    public record Created(List<Long> seqs, boolean large) implements Outcome {}

    /** The group could not be created, or has other members. */
    public record Failed(String reason) implements Outcome {}

    private final String conversationId;
    private final int members;
    private final List<GroupCommand> steps;
    private final List<Long> seqs = new ArrayList<>();
    private int step;

    /**
     * @param members all of them, without repeats, the owner first
     * @param token of the owner
     */
    public GroupCreator(String conversationId, List<String> members, String token, FrameFormat format) {
        super(token, "bench-owner", format);
        this.conversationId = conversationId;
        this.members = members.size();
        this.steps = steps(conversationId, members);
    }

    @Override
    Failed failure(String reason) {
        return new Failed(reason);
    }

    @Override
    void handle(ServerFrame frame) {
        boolean answersStep = frame.getId().equals(step == 0 ? CONNECT_ID : Integer.toString(step));
        switch (frame.getBodyCase()) {
            case CONNECTED -> nextStep();
            case SEQUENCED -> {
                if (answersStep) {
                    seqs.add(frame.getSequenced().getSeq());
                    nextStep();
                }
            }
            case GROUP -> described(frame.getGroup());
            case REFUSED -> {
                Refusal refusal = frame.getRefused();
                fail("refused, reason=" + refusal.getReason() + " message=" + refusal.getMessage());
            }
            case APPLIED -> fail("a step to add members has added none");
            case ERROR ->
                fail("error, code=" + frame.getError().getCode() + " message="
                        + frame.getError().getMessage());
            case DISCONNECT -> fail("disconnect, code=" + frame.getDisconnect().getCode());
            // confirmations before the answer, and what the group's own events bring to the owner
            case ACCEPTED,
                    EVENTS,
                    HEAD,
                    HEARTBEAT,
                    SYNC_PAGE,
                    RECEIPTS,
                    VIEW,
                    PRESENCE,
                    DEVICES,
                    TOKEN_REFRESHED,
                    SEARCH_RESULTS,
                    USERS,
                    BODY_NOT_SET -> {}
        }
    }

    /** Sends the next command. Its operation id makes it the same command if it is sent twice. */
    private void nextStep() {
        GroupCommand command = steps.get(step++);
        ClientFrame.Builder frame = ClientFrame.newBuilder().setGroup(command).setId(Integer.toString(step));
        if (!command.hasDescribe()) {
            frame.setOperationId(conversationId + '-' + step);
        }
        write(frame);
    }

    private void described(GroupDescription group) {
        if (group.getMemberCount() != members) {
            fail("the group has " + group.getMemberCount() + " members; " + members + " were added");
            return;
        }
        complete(new Created(List.copyOf(seqs), group.getLarge()));
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
