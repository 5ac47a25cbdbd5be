package dev.tidings.processors.limits;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.schemas.check.UserCommandCheck;
import dev.tidings.v1.AcceptFriend;
import dev.tidings.v1.AddMembers;
import dev.tidings.v1.AttachGateway;
import dev.tidings.v1.Ban;
import dev.tidings.v1.BlockUser;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.Command;
import dev.tidings.v1.Content;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.DecideJoin;
import dev.tidings.v1.DeclineFriend;
import dev.tidings.v1.DeleteForMe;
import dev.tidings.v1.DescribeGroup;
import dev.tidings.v1.DescribeReceipts;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.ForwardedFrom;
import dev.tidings.v1.FriendCommand;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.JoinGroup;
import dev.tidings.v1.JoinPolicy;
import dev.tidings.v1.LeaveGroup;
import dev.tidings.v1.LinkPolicy;
import dev.tidings.v1.MarkRead;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.MuteAll;
import dev.tidings.v1.MuteMember;
import dev.tidings.v1.NotificationSettings;
import dev.tidings.v1.Origin;
import dev.tidings.v1.PinMessage;
import dev.tidings.v1.Policy;
import dev.tidings.v1.React;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.RemoveFriend;
import dev.tidings.v1.RemoveMembers;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.RequestFriend;
import dev.tidings.v1.Role;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.SendFlags;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.SetRemark;
import dev.tidings.v1.SetRole;
import dev.tidings.v1.TextContent;
import dev.tidings.v1.UnblockUser;
import dev.tidings.v1.UpdateGroup;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WordRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Commands that are as large as their checks allow, or just below, with ids of 64 characters and with unknown fields. What
 * they say is drawn from a seed.
 */
final class LargestCommands {

    static final String GROUP = "g:" + "G".repeat(64);
    static final int SLOTS = 3;

    private static final Timestamp LATER = Timestamp.newBuilder()
            .setSeconds(1_800_000_000L)
            .setNanos(999_999_999)
            .build();

    private static final UnknownFieldSet UNKNOWN = UnknownFieldSet.newBuilder()
            .addField(
                    9_999,
                    UnknownFieldSet.Field.newBuilder()
                            .addLengthDelimited(ByteString.copyFrom(new byte[400_000]))
                            .build())
            .build();

    private final Random random;
    private int count;

    LargestCommands(Random random) {
        this.random = random;
    }

    static String user(int number) {
        return "u".repeat(56) + String.format("%08d", number);
    }

    static String pair(int one, int other) {
        return "p:" + user(Math.min(one, other)) + ':' + user(Math.max(one, other));
    }

    static List<String> users(int from, int to) {
        List<String> users = new ArrayList<>();
        for (int i = from; i < to; i++) {
            users.add(user(i));
        }
        return users;
    }

    Command create(int members) {
        return in(GROUP, 0)
                .setGroup(GroupCommand.newBuilder()
                        .setCreate(
                                CreateGroup.newBuilder().setProfile(profile()).addAllMembers(users(0, members))))
                .build();
    }

    Command add(int from, int to) {
        return in(GROUP, 0)
                .setGroup(GroupCommand.newBuilder()
                        .setAddMembers(AddMembers.newBuilder().addAllUserIds(users(from, to))))
                .build();
    }

    /** The threshold is the greatest there is, and the policy is as large as can be in one command. */
    Command policy() {
        LinkPolicy.Builder links = LinkPolicy.newBuilder().setAction(ModerationAction.FLAG);
        for (int i = 0; i < 1_000; i++) {
            links.addAllowedHosts("h".repeat(249) + i);
        }
        return command("")
                .setAsSystem(true)
                .setRules(RulesCommand.newBuilder()
                        .setPolicy(Policy.newBuilder()
                                .setLargeGroupThreshold(5_000)
                                .setLinks(links)))
                .build();
    }

    /** @param seq of a message in the conversation */
    Command command(Command.BodyCase body, long seq, int members) {
        int actor = random.nextInt(3) == 0 ? 0 : random.nextInt(members);
        String conversation = random.nextInt(3) == 0 ? pair(actor, actor == 0 ? 1 : 0) : GROUP;
        Command.Builder command = in(conversation, actor);
        switch (body) {
            case SEND_MESSAGE -> command.setSendMessage(send(seq, members));
            case MARK_READ -> command.setMarkRead(MarkRead.newBuilder().setSeq(seq));
            case EDIT_MESSAGE ->
                command.setEditMessage(EditMessage.newBuilder()
                        .setSeq(seq)
                        .setContent(content())
                        .setMentions(mentions(members)));
            case RECALL_MESSAGE ->
                command.setRecallMessage(RecallMessage.newBuilder().setSeq(seq));
            case DELETE_FOR_ME -> command.setDeleteForMe(deletion(seq));
            case REACT ->
                command.setReact(React.newBuilder().setSeq(seq).setReaction(text(CommandCheck.MAX_REACTION_BYTES)));
            case PIN_MESSAGE ->
                command.setPinMessage(PinMessage.newBuilder().setSeq(seq).setUnpin(random.nextInt(4) == 0));
            case GROUP -> command.setConversationId(GROUP).setGroup(group(members));
            case FRIEND ->
                command.setConversationId(pair(actor, actor == 0 ? 1 : 0)).setFriend(friend());
            case RULES ->
                command.setConversationId("").setActor("").setAsSystem(true).setRules(rules());
            case ATTACH_GATEWAY ->
                command.setConversationId(GROUP)
                        .setActor("")
                        .setAttachGateway(AttachGateway.newBuilder()
                                .setGatewaySlot(random.nextInt(SLOTS))
                                .setGatewayEpoch(Long.MAX_VALUE)
                                .setSessions(Integer.MAX_VALUE));
            case TYPING -> command.getTypingBuilder();
            case MARK_DELIVERED -> command.getMarkDeliveredBuilder().setSeq(seq);
            case DESCRIBE_RECEIPTS -> command.setDescribeReceipts(receipts(seq));
            case GATEWAY_GONE ->
                command.setConversationId("")
                        .setActor("")
                        .clearOrigin()
                        .getGatewayGoneBuilder()
                        .setGatewaySlot(random.nextInt(SLOTS))
                        .setGatewayEpoch(1)
                        .setLastBeatAt(LATER);
            case ENTER_ROOM -> command.setConversationId("r:" + "R".repeat(64)).getEnterRoomBuilder();
            case BODY_NOT_SET -> {
                // refused
            }
        }
        return command.build();
    }

    /** A message of the largest content to the group, of which everyone is notified. */
    Command message(int actor) {
        return in(GROUP, actor)
                .setSendMessage(SendMessage.newBuilder()
                        .setClientMsgId("m".repeat(128))
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder()
                                        .setBody("好".repeat((CommandCheck.MAX_CONTENT_BYTES - 8) / 3)))))
                .build();
    }

    /** Every session on the gateway ends. */
    UserCommand gone(int slot) {
        UserCommand.Builder command = UserCommand.newBuilder();
        command.getGatewayGoneBuilder().setGatewaySlot(slot).setGatewayEpoch(Long.MAX_VALUE);
        return command.build();
    }

    /** A session on a device of the user. */
    UserCommand open(int user, int device) {
        UserCommand.Builder command = UserCommand.newBuilder().setUserId(user(user));
        command.getOpenSessionBuilder()
                .getSessionBuilder()
                .setSessionId(session(device))
                .setDeviceId(device(device))
                .setGatewayEpoch(Long.MAX_VALUE - 1);
        return command.build();
    }

    /** Where the device is notified: with the longest channel, and the longest token of its own. */
    UserCommand registerPush(int user, int device) {
        return UserCommand.newBuilder()
                .setUserId(user(user))
                .setRegisterPush(RegisterPush.newBuilder()
                        .setOrigin(origin())
                        .setDeviceId(device(device))
                        .setChannel("c".repeat(UserCommandCheck.MAX_CHANNEL_BYTES))
                        .setToken(
                                "t".repeat(UserCommandCheck.MAX_PUSH_TOKEN_BYTES - 8) + String.format("%08d", device)))
                .build();
    }

    UserCommand userCommand(UserCommand.BodyCase body, int user) {
        UserCommand.Builder command =
                UserCommand.newBuilder().setUserId(user(user)).setUnknownFields(unknown());
        Origin origin = origin();
        switch (body) {
            case OPEN_SESSION ->
                command.getOpenSessionBuilder()
                        .setFrameId("f".repeat(64))
                        .setResumeSince(random.nextInt(10))
                        .getSessionBuilder()
                        .setSessionId(session(random.nextInt(1_000)))
                        .setDeviceId(device(random.nextInt(64)))
                        .setGatewaySlot(random.nextInt(SLOTS))
                        .setGatewayEpoch(Long.MAX_VALUE - 1);
            case CLOSE_SESSION -> command.getCloseSessionBuilder().setSessionId(session(random.nextInt(1_000)));
            case SYNC_REQUEST ->
                command.getSyncRequestBuilder().setOrigin(origin).setModeValue(1 + random.nextInt(3));
            case ACCESS_REQUEST ->
                command.getAccessRequestBuilder().setOrigin(origin).setConversationId(GROUP);
            case CHANGE_SETTINGS ->
                command.setChangeSettings(ChangeSettings.newBuilder()
                        .setOrigin(origin)
                        .setConversationId(random.nextBoolean() ? GROUP : pair(user, user == 0 ? 1 : 0))
                        .setDraft(text(UserCommandCheck.MAX_DRAFT_BYTES))
                        .setCustom(bytes(UserCommandCheck.MAX_CUSTOM_BYTES)));
            case CHANGE_PROFILE ->
                command.setChangeProfile(ChangeProfile.newBuilder()
                        .setOrigin(origin)
                        .setStatus(text(UserCommandCheck.MAX_STATUS_BYTES))
                        .setNotifications(NotificationSettings.newBuilder()
                                .setLanguage("x".repeat(UserCommandCheck.MAX_LANGUAGE_BYTES))
                                .setUnknownFields(unknown())));
            case WATCH_PRESENCE ->
                command.getWatchPresenceBuilder()
                        .setOrigin(origin)
                        .setGatewayEpoch(Long.MAX_VALUE)
                        .setModeValue(2);
            case DEVICES_REQUEST -> command.getDevicesRequestBuilder().setOrigin(origin);
            case REVOKE_DEVICE ->
                command.getRevokeDeviceBuilder().setOrigin(origin).setDeviceId(device(random.nextInt(64)));
            case REGISTER_PUSH -> {
                return registerPush(user, random.nextInt(64));
            }
            case GATEWAY_GONE ->
                command.clearUserId()
                        .getGatewayGoneBuilder()
                        .setGatewaySlot(random.nextInt(SLOTS))
                        .setGatewayEpoch(random.nextInt(20) == 0 ? Long.MAX_VALUE : 1)
                        .setLastBeatAt(LATER);
            case UNDELIVERED -> {
                command.getUndeliveredBuilder().setSessionId(session(1));
                for (int i = 0; i < 1_000; i++) {
                    command.getUndeliveredBuilder()
                            .addMessagesBuilder()
                            .setConversationId(pair(user, user == i ? i + 1 : i))
                            .setSeq(Long.MAX_VALUE);
                }
            }
            case FRIENDS_REQUEST -> command.getFriendsRequestBuilder().setOrigin(origin);
            case NOTIFY_OF_BROADCAST ->
                command.clearUserId().getNotifyOfBroadcastBuilder().setConversationId("b:" + "B".repeat(64));
            default -> {
                // of a newer kind, or none: a dead letter, and so no output
            }
        }
        return command.build();
    }

    private Command.Builder in(String conversation, int actor) {
        return command(conversation).setActor(user(actor)).setOrigin(origin());
    }

    private Command.Builder command(String conversation) {
        count++;
        return Command.newBuilder()
                .setCommandId(String.format("%036d", count))
                .setConversationId(conversation)
                .setUnknownFields(unknown());
    }

    private Origin origin() {
        return Origin.newBuilder()
                .setGatewaySlot(random.nextInt(SLOTS))
                .setSessionId(session(random.nextInt(1_000)))
                .setFrameId("f".repeat(64))
                .setUnknownFields(unknown())
                .build();
    }

    private static String session(int number) {
        return String.format("%036d", number);
    }

    private static String device(int number) {
        return "d".repeat(124) + String.format("%04d", number);
    }

    private SendMessage send(long seq, int members) {
        SendMessage.Builder message = SendMessage.newBuilder();
        if (random.nextBoolean()) {
            message.setReplyTo(
                    ReplyTo.newBuilder().setSeq(seq).setQuote(text(1_000)).setUnknownFields(unknown()));
        }
        return message.setClientMsgId("m".repeat(120) + String.format("%08d", count))
                .setContent(content())
                .setMentions(mentions(members))
                .setExpiresAt(LATER)
                .setFlags(SendFlags.newBuilder().setNoPush(random.nextBoolean()).setUnknownFields(unknown()))
                .setForwardedFrom(ForwardedFrom.newBuilder()
                        .setConversationId(pair(1, 2))
                        .setSeq(Long.MAX_VALUE)
                        .setMessageId("m".repeat(36))
                        .setSender(user(1))
                        .setSentAt(LATER))
                .build();
    }

    /** Exactly the largest, a byte less, or small. */
    private Content content() {
        int size = random.nextInt(4) == 0
                ? 1 + random.nextInt(100)
                : CommandCheck.MAX_CONTENT_BYTES - 8 - random.nextInt(2);
        String letters = random.nextBoolean() ? "x" : "好";
        int bytes = letters.equals("x") ? 1 : 3;
        return Content.newBuilder()
                .setText(TextContent.newBuilder().setBody(letters.repeat(Math.max(1, size / bytes))))
                .build();
    }

    private Mentions mentions(int members) {
        Mentions.Builder mentions = Mentions.newBuilder().setUnknownFields(unknown());
        for (int i = 0; i < CommandCheck.MAX_MENTIONS; i++) {
            mentions.addUserIds(user(random.nextInt(members)));
        }
        return mentions.build();
    }

    private DeleteForMe deletion(long seq) {
        DeleteForMe.Builder deletion = DeleteForMe.newBuilder();
        for (int i = 0; i < CommandCheck.MAX_DELETIONS; i++) {
            deletion.addSeqs(1 + random.nextInt((int) Math.max(1, seq)));
        }
        return deletion.build();
    }

    private DescribeReceipts receipts(long seq) {
        DescribeReceipts.Builder receipts = DescribeReceipts.newBuilder();
        for (int i = 0; i < CommandCheck.MAX_RECEIPTS; i++) {
            receipts.addSeqs(1 + random.nextInt((int) Math.max(1, seq)));
        }
        return receipts.build();
    }

    private GroupCommand group(int members) {
        GroupCommand.Builder group = GroupCommand.newBuilder();
        int someone = random.nextInt(members);
        GroupCommand.BodyCase[] all = GroupCommand.BodyCase.values();
        GroupCommand.BodyCase body = all[random.nextInt(all.length)];
        switch (body) {
            case CREATE -> group.getCreateBuilder().setProfile(profile()).addAllMembers(users(0, 1_000));
            case UPDATE ->
                group.setUpdate(UpdateGroup.newBuilder()
                        .setName(text(256))
                        .setAvatarUrl("https://" + "a".repeat(1_016))
                        .setDescription(text(4_096))
                        .setAnnouncement(text(4_096))
                        .setJoinPolicyValue(1 + random.nextInt(3)));
            case ADD_MEMBERS ->
                group.getAddMembersBuilder().addAllUserIds(users(Math.max(0, members - 1_000), members));
            case JOIN -> group.setJoin(JoinGroup.newBuilder().setNote(text(500)));
            case DECIDE_JOIN ->
                group.setDecideJoin(
                        DecideJoin.newBuilder().setUserId(user(someone)).setApprove(true));
            case LEAVE -> group.setLeave(LeaveGroup.getDefaultInstance());
            case REMOVE_MEMBERS ->
                group.setRemoveMembers(
                        RemoveMembers.newBuilder().addAllUserIds(users(members - members / 10, members)));
            case SET_ROLE ->
                group.setSetRole(SetRole.newBuilder()
                        .setUserId(user(someone))
                        .setRole(random.nextInt(4) == 0 ? Role.MEMBER : Role.ADMIN));
            case MUTE_MEMBER ->
                group.setMuteMember(
                        MuteMember.newBuilder().setUserId(user(someone)).setUntil(LATER));
            case MUTE_ALL -> group.setMuteAll(MuteAll.newBuilder().setMuted(false));
            case DESCRIBE -> group.setDescribe(DescribeGroup.newBuilder().setLimit(1_000));
            // both would end the group, which the other commands need
            case TRANSFER_OWNERSHIP, DISSOLVE, BODY_NOT_SET -> {}
        }
        return group.setUnknownFields(unknown()).build();
    }

    private GroupProfile profile() {
        return GroupProfile.newBuilder()
                .setName(text(256))
                .setAvatarUrl("https://" + "a".repeat(1_016))
                .setDescription(text(4_096))
                .setAnnouncement(text(4_096))
                .setJoinPolicy(JoinPolicy.BY_APPROVAL)
                .setUnknownFields(unknown())
                .build();
    }

    private FriendCommand friend() {
        FriendCommand.Builder friend = FriendCommand.newBuilder();
        FriendCommand.BodyCase[] all = FriendCommand.BodyCase.values();
        switch (all[random.nextInt(all.length)]) {
            case REQUEST -> friend.setRequest(RequestFriend.newBuilder().setNote(text(500)));
            case ACCEPT -> friend.setAccept(AcceptFriend.getDefaultInstance());
            case DECLINE -> friend.setDecline(DeclineFriend.getDefaultInstance());
            case REMOVE -> friend.setRemove(RemoveFriend.getDefaultInstance());
            case BLOCK -> friend.setBlock(BlockUser.getDefaultInstance());
            case UNBLOCK -> friend.setUnblock(UnblockUser.getDefaultInstance());
            case SET_REMARK -> friend.setSetRemark(SetRemark.newBuilder().setRemark(text(256)));
            case BODY_NOT_SET -> {}
        }
        return friend.setUnknownFields(unknown()).build();
    }

    /** The longest words, or as many bans as fit into a business value. */
    private RulesCommand rules() {
        RulesCommand.Builder rules = RulesCommand.newBuilder();
        if (random.nextBoolean()) {
            for (int i = 0; i < 1_500; i++) {
                rules.addSetWords(WordRule.newBuilder()
                        .setWord("😀".repeat(60) + String.format("%04d", i))
                        .setAction(ModerationAction.FLAG));
            }
        } else {
            for (int i = 0; i < 5_000; i++) {
                rules.addBan(Ban.newBuilder().setUserId("b".repeat(56) + String.format("%08d", i)));
            }
        }
        return rules.build();
    }

    /** So many bytes of UTF-8 in all kinds of letters, and not blank. */
    private String text(int bytes) {
        return switch (random.nextInt(3)) {
            case 0 -> "x".repeat(bytes);
            case 1 -> "好".repeat(bytes / 3);
            default -> "😀".repeat(bytes / 4);
        };
    }

    private ByteString bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    /** Discarded at the door; if it were not, limits would break. */
    private static UnknownFieldSet unknown() {
        return UNKNOWN;
    }
}
