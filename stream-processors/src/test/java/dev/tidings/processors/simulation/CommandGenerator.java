package dev.tidings.processors.simulation;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.TestRecords;
import dev.tidings.v1.AcceptFriend;
import dev.tidings.v1.AddMembers;
import dev.tidings.v1.Ban;
import dev.tidings.v1.BlockUser;
import dev.tidings.v1.Command;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.DecideJoin;
import dev.tidings.v1.DeclineFriend;
import dev.tidings.v1.DeleteForMe;
import dev.tidings.v1.DissolveGroup;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.FriendCommand;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.JoinGroup;
import dev.tidings.v1.JoinPolicy;
import dev.tidings.v1.LeaveGroup;
import dev.tidings.v1.MarkDelivered;
import dev.tidings.v1.MarkRead;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.MuteAll;
import dev.tidings.v1.MuteMember;
import dev.tidings.v1.PinMessage;
import dev.tidings.v1.Policy;
import dev.tidings.v1.Rate;
import dev.tidings.v1.React;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.RemoveFriend;
import dev.tidings.v1.RemoveMembers;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.RequestFriend;
import dev.tidings.v1.Role;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.SendFlags;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.SetRole;
import dev.tidings.v1.SubscribeGateway;
import dev.tidings.v1.TransferOwnership;
import dev.tidings.v1.Typing;
import dev.tidings.v1.UnblockUser;
import dev.tidings.v1.UpdateGroup;
import dev.tidings.v1.WordRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Generates commands of hundreds of users in a few hundred conversations, allowed and forbidden ones, many of them twice. The same seed
 * generates the same commands.
 */
final class CommandGenerator {

    static final int GATEWAYS = 4;

    private static final int USERS = 300;
    private static final int PRIVATE = 120;
    private static final int GROUPS = 60;
    private static final int OTHERS = 12;
    private static final int REMEMBERED = 300;

    private final Random random;
    private final List<GeneratedRecord> recent = new ArrayList<>();
    private final Map<String, Integer> commands = new HashMap<>();
    private final Map<String, String> founders = new HashMap<>();
    private long millis = TestRecords.EPOCH_MILLIS;
    private int number;

    /**
     * A record to append to the log.
     *
     * @param command what the bytes say, or null where they say nothing
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record GeneratedRecord(
            String key, byte[] bytes, @Nullable Command command) {}

    CommandGenerator(long seed) {
        random = new Random(seed);
    }

    /** The time of the next record: mostly at once, sometimes minutes later. */
    long nextMillis() {
        int chance = random.nextInt(10_000);
        millis +=
                chance < 9_000 ? random.nextInt(10) : chance < 9_998 ? random.nextInt(1_000) : random.nextInt(600_000);
        return millis;
    }

    GeneratedRecord next() {
        number++;
        int chance = random.nextInt(10_000);
        if (chance < 5) {
            return new GeneratedRecord("g:group1", new byte[] {(byte) 0xFF, 1, 2}, null);
        }
        if (chance < 500 && !recent.isEmpty()) {
            return recent.get(random.nextInt(recent.size()));
        }
        Command command = chance < 515 ? rules() : chance < 520 ? gone() : wish();
        GeneratedRecord wish = new GeneratedRecord(command.getConversationId(), command.toByteArray(), command);
        if (recent.size() < REMEMBERED) {
            recent.add(wish);
        } else {
            recent.set(random.nextInt(REMEMBERED), wish);
        }
        return wish;
    }

    private Command wish() {
        String conversation = conversation();
        commands.merge(conversation, 1, Integer::sum);
        boolean asSystem = random.nextInt(40) == 0
                || ((conversation.startsWith("b:") || conversation.startsWith("s:")) && random.nextInt(4) > 0);
        Command.Builder command = Command.newBuilder()
                .setCommandId("command" + number)
                .setConversationId(conversation)
                .setActor(asSystem && random.nextBoolean() ? "" : actor(conversation))
                .setAsSystem(asSystem);
        if (asSystem || random.nextInt(8) == 0) {
            command.setOrigin(TestRecords.business("crowd", "request" + number));
        } else {
            command.setOrigin(
                    TestRecords.origin(random.nextInt(GATEWAYS), "session" + random.nextInt(900), "frame" + number));
        }
        body(command, conversation);
        if (random.nextInt(4) == 0) {
            command.setDeliveredSeq(seq(conversation));
        }
        return command.build();
    }

    private String conversation() {
        int chance = random.nextInt(100);
        if (chance < 45) {
            int a = random.nextInt(PRIVATE);
            return "p:user" + (100 + a) + ":user" + (100 + a + 1 + random.nextInt(2));
        }
        if (chance < 92) {
            return "g:group" + random.nextInt(GROUPS);
        }
        return switch (random.nextInt(3)) {
            case 0 -> "r:room" + random.nextInt(OTHERS);
            case 1 -> "s:" + user();
            default -> "b:news" + random.nextInt(3);
        };
    }

    /** A user, mostly one who is active in the conversation. */
    private String actor(String conversation) {
        if (random.nextInt(12) == 0) {
            return "stranger" + random.nextInt(20);
        }
        String founder = founders.get(conversation);
        if (founder != null && random.nextInt(4) == 0) {
            return founder;
        }
        String[] parts = conversation.split(":");
        return switch (conversation.charAt(0)) {
            case 'p' -> parts[1 + random.nextInt(2)];
            case 's' -> parts[1];
            case 'g' -> member(conversation);
            default -> user();
        };
    }

    /** Each group has users who are active in it, some more than others. */
    private String member(String group) {
        int circle = Integer.parseInt(group.substring("g:group".length()));
        int size = circle % 5 == 0 ? 60 : 12;
        return "user" + (100 + (circle * 7 + Math.min(random.nextInt(size), random.nextInt(size))) % USERS);
    }

    private String user() {
        return "user" + (100 + random.nextInt(USERS));
    }

    private String anyUser(String conversation) {
        return conversation.startsWith("g:") && random.nextInt(6) > 0 ? member(conversation) : user();
    }

    private long seq(String conversation) {
        int about = commands.getOrDefault(conversation, 1);
        int back = random.nextInt(10) == 0 ? random.nextInt(2_000) : random.nextInt(12);
        return Math.max(1, about * 3 / 10 - back + random.nextInt(6));
    }

    private void body(Command.Builder command, String conversation) {
        int chance = random.nextInt(100);
        if (chance < 52) {
            command.setSendMessage(message(conversation));
        } else if (chance < 57) {
            command.setEditMessage(
                    EditMessage.newBuilder().setSeq(seq(conversation)).setContent(TestRecords.text(words())));
        } else if (chance < 62) {
            command.setRecallMessage(RecallMessage.newBuilder().setSeq(seq(conversation)));
        } else if (chance < 68) {
            command.setReact(React.newBuilder()
                    .setSeq(seq(conversation))
                    .setReaction("r" + random.nextInt(3))
                    .setRemove(random.nextInt(3) == 0));
        } else if (chance < 70) {
            command.setPinMessage(
                    PinMessage.newBuilder().setSeq(seq(conversation)).setUnpin(random.nextInt(3) == 0));
        } else if (chance < 71) {
            command.setDeleteForMe(DeleteForMe.newBuilder().addSeqs(seq(conversation)));
        } else if (chance < 77) {
            command.setMarkRead(MarkRead.newBuilder().setSeq(seq(conversation)));
        } else if (chance < 79) {
            command.setMarkDelivered(MarkDelivered.newBuilder().setSeq(seq(conversation)));
        } else if (chance < 80) {
            command.setTyping(Typing.getDefaultInstance());
        } else if (chance < 83) {
            command.clearOrigin()
                    .clearActor()
                    .setSubscribeGateway(SubscribeGateway.newBuilder()
                            .setGatewaySlot(random.nextInt(GATEWAYS))
                            .setGatewayEpoch(epoch())
                            .setSessions(random.nextInt(4)));
        } else if (conversation.startsWith("p:")) {
            command.setFriend(friend());
        } else {
            command.setGroup(group(conversation));
            if (command.getGroup().hasCreate() && !command.getActor().isEmpty()) {
                founders.putIfAbsent(conversation, command.getActor());
            }
        }
    }

    private SendMessage message(String conversation) {
        // about every tenth id has been used before
        SendMessage.Builder message = SendMessage.newBuilder()
                .setClientMsgId("m" + (random.nextInt(10) == 0 ? random.nextInt(200) : number))
                .setContent(TestRecords.text(words()));
        switch (random.nextInt(20)) {
            case 0 -> message.setReplyTo(ReplyTo.newBuilder().setSeq(seq(conversation)));
            case 1 ->
                message.setMentions(
                        Mentions.newBuilder().addUserIds(anyUser(conversation)).setAll(random.nextInt(4) == 0));
            case 2 -> message.setExpiresAt(time(random.nextInt(2_000) - 1_000));
            case 3 -> message.setFlags(SendFlags.newBuilder().setNoUnread(true));
            default -> {}
        }
        return message.build();
    }

    private String words() {
        return switch (random.nextInt(40)) {
            case 0 -> "that is verboten";
            case 1 -> "damn, 说坏词";
            case 2 -> "psst";
            case 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 -> "again";
            default -> "says " + number;
        };
    }

    private FriendCommand.Builder friend() {
        FriendCommand.Builder friend = FriendCommand.newBuilder();
        return switch (random.nextInt(9)) {
            case 0, 1 -> friend.setRequest(RequestFriend.getDefaultInstance());
            case 2, 3 -> friend.setAccept(AcceptFriend.getDefaultInstance());
            case 4 -> friend.setDecline(DeclineFriend.getDefaultInstance());
            case 5 -> friend.setRemove(RemoveFriend.getDefaultInstance());
            case 6 -> friend.setBlock(BlockUser.getDefaultInstance());
            default -> friend.setUnblock(UnblockUser.getDefaultInstance());
        };
    }

    private GroupCommand.Builder group(String conversation) {
        GroupCommand.Builder group = GroupCommand.newBuilder();
        return switch (random.nextInt(40)) {
            case 0, 1, 2, 3, 4, 5 -> group.setCreate(create(conversation));
            case 6, 7, 8 ->
                group.setUpdate(UpdateGroup.newBuilder()
                        .setName("name" + random.nextInt(5))
                        .setJoinPolicy(JoinPolicy.forNumber(1 + random.nextInt(3))));
            case 9, 10, 11, 12, 13, 14, 15 ->
                group.setAddMembers(AddMembers.newBuilder()
                        .addUserIds(anyUser(conversation))
                        .addUserIds(anyUser(conversation))
                        .addUserIds(anyUser(conversation)));
            case 16, 17, 18, 19, 20 -> group.setJoin(JoinGroup.getDefaultInstance());
            case 21, 22 ->
                group.setDecideJoin(
                        DecideJoin.newBuilder().setUserId(anyUser(conversation)).setApprove(random.nextBoolean()));
            case 23, 24 -> group.setLeave(LeaveGroup.getDefaultInstance());
            case 25, 26 -> group.setRemoveMembers(RemoveMembers.newBuilder().addUserIds(anyUser(conversation)));
            case 27, 28, 29 ->
                group.setSetRole(SetRole.newBuilder()
                        .setUserId(anyUser(conversation))
                        .setRole(random.nextBoolean() ? Role.ADMIN : Role.MEMBER));
            case 30 -> group.setTransferOwnership(TransferOwnership.newBuilder().setUserId(anyUser(conversation)));
            case 31, 32, 33, 34, 35 ->
                group.setMuteMember(mute(anyUser(conversation), random.nextInt(600_000) - 60_000));
            case 36, 37, 38 -> group.setMuteAll(MuteAll.newBuilder().setMuted(random.nextInt(3) == 0));
            default ->
                random.nextInt(40) == 0
                        ? group.setDissolve(DissolveGroup.getDefaultInstance())
                        : group.setLeave(LeaveGroup.getDefaultInstance());
        };
    }

    private CreateGroup create(String conversation) {
        TreeSet<String> members = new TreeSet<>();
        for (int i = 0; i < 8; i++) {
            members.add(anyUser(conversation));
        }
        return CreateGroup.newBuilder()
                .setProfile(GroupProfile.newBuilder()
                        .setName("a group")
                        .setJoinPolicy(JoinPolicy.forNumber(1 + random.nextInt(3))))
                .addAllMembers(members)
                .build();
    }

    private Command rules() {
        RulesCommand.Builder rules = RulesCommand.newBuilder();
        switch (random.nextInt(6)) {
            case 0 ->
                rules.addSetWords(word("verboten", ModerationAction.REFUSE))
                        .addSetWords(word("坏词", ModerationAction.MASK))
                        .addSetWords(word("psst", ModerationAction.FLAG));
            case 1 -> rules.addRemoveWords("verboten").addRemoveWords("psst");
            case 2 -> rules.addBan(Ban.newBuilder().setUserId(user()).setUntil(time(random.nextInt(3_600_000))));
            case 3 ->
                rules.addBan(Ban.newBuilder().setUserId("stranger" + random.nextInt(5)))
                        .addBan(Ban.newBuilder().setUserId(user()));
            case 4 -> IntStream.range(100, 100 + USERS).forEach(user -> rules.addUnban("user" + user));
            default ->
                rules.setPolicy(Policy.newBuilder()
                        .setLargeGroupThreshold(random.nextBoolean() ? 20 : 500)
                        .setStrangersMayWrite(random.nextInt(3) > 0)
                        .setFlood(
                                Rate.newBuilder().setMessages(random.nextInt(3)).setSeconds(20))
                        .setRepeats(
                                Rate.newBuilder().setMessages(random.nextInt(3)).setSeconds(600)));
        }
        return Command.newBuilder()
                .setCommandId("rules" + number)
                .setAsSystem(true)
                .setOrigin(TestRecords.business("crowd", "rules" + number))
                .setRules(rules)
                .build();
    }

    private Command gone() {
        return Command.newBuilder()
                .setCommandId("gone" + number)
                .setGatewayGone(GatewayGone.newBuilder()
                        .setGatewaySlot(random.nextInt(GATEWAYS))
                        .setGatewayEpoch(epoch() - random.nextInt(2)))
                .build();
    }

    /** Gateways restart now and then, and some commands of an earlier epoch come late. */
    private int epoch() {
        return 1 + number / 50_000 + random.nextInt(2);
    }

    private static WordRule word(String word, ModerationAction action) {
        return WordRule.newBuilder().setWord(word).setAction(action).build();
    }

    /** Mutes, ends a mute, or is refused because the time has passed. */
    private MuteMember.Builder mute(String userId, int inMillis) {
        MuteMember.Builder mute = MuteMember.newBuilder().setUserId(userId);
        return inMillis < -20_000 ? mute : mute.setUntil(time(inMillis));
    }

    private Timestamp time(int inMillis) {
        return Timestamps.fromMillis(millis + inMillis);
    }
}
