package dev.tidings.processors.limits;

import static dev.tidings.processors.limits.LargestParts.BROADCAST;
import static dev.tidings.processors.limits.LargestParts.GROUP;
import static dev.tidings.processors.limits.LargestParts.LATER;
import static dev.tidings.processors.limits.LargestParts.ROOM;
import static dev.tidings.processors.limits.LargestParts.SLOTS;
import static dev.tidings.processors.limits.LargestParts.pair;
import static dev.tidings.processors.limits.LargestParts.user;
import static dev.tidings.processors.limits.LargestParts.users;

import com.google.protobuf.UnknownFieldSet;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.v1.AcceptFriend;
import dev.tidings.v1.AddMembers;
import dev.tidings.v1.Ban;
import dev.tidings.v1.BlockUser;
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
import dev.tidings.v1.PinMessage;
import dev.tidings.v1.Policy;
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
import dev.tidings.v1.SetRemark;
import dev.tidings.v1.SetRole;
import dev.tidings.v1.SubscribeGateway;
import dev.tidings.v1.TextContent;
import dev.tidings.v1.UnblockUser;
import dev.tidings.v1.UpdateGroup;
import dev.tidings.v1.WordRule;
import java.util.Random;
import java.util.Set;

/**
 * Commands that are as large as their checks allow, or just below, with ids of 64 characters and with unknown fields. What
 * they say is drawn from a seed.
 */
final class LargestCommands {

    /** Business systems have no way to ask for these. */
    private static final Set<Command.BodyCase> OF_CLIENTS_ONLY = Set.of(
            Command.BodyCase.SUBSCRIBE_GATEWAY,
            Command.BodyCase.TYPING,
            Command.BodyCase.MARK_DELIVERED,
            Command.BodyCase.DESCRIBE_RECEIPTS,
            Command.BodyCase.GATEWAY_GONE,
            Command.BodyCase.ENTER_ROOM);

    private final Random random;
    private final LargestParts parts;
    private int count;

    LargestCommands(Random random) {
        this.random = random;
        this.parts = new LargestParts(random);
    }

    Command create(String group, int members) {
        return in(group, 0)
                .setGroup(GroupCommand.newBuilder()
                        .setCreate(
                                CreateGroup.newBuilder().setProfile(profile()).addAllMembers(users(0, members))))
                .build();
    }

    Command add(String group, int from, int to) {
        return in(group, 0)
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
        String conversation = switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> pair(actor, actor == 0 ? 1 : 0);
            case 4 -> ROOM;
            case 5 -> BROADCAST;
            default -> GROUP;
        };
        Command.Builder command = in(conversation, actor)
                .setAsSystem(conversation.equals(BROADCAST))
                .setDeliveredSeq(seq);
        if (random.nextInt(10) == 0 && !OF_CLIENTS_ONLY.contains(body)) {
            command.setOrigin(parts.businessOrigin());
        }
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
                command.setReact(
                        React.newBuilder().setSeq(seq).setReaction(parts.text(CommandCheck.MAX_REACTION_BYTES)));
            case PIN_MESSAGE ->
                command.setPinMessage(PinMessage.newBuilder().setSeq(seq).setUnpin(random.nextInt(4) == 0));
            case GROUP -> {
                command.setConversationId(GROUP).setGroup(group(members));
                if (command.getGroup().hasJoin()) {
                    command.setActor(user(members + random.nextInt(300)));
                }
            }
            case FRIEND ->
                command.setConversationId(pair(actor, actor == 0 ? 1 : 0)).setFriend(friend());
            case RULES ->
                command.setConversationId("").setActor("").setAsSystem(true).setRules(rules());
            case SUBSCRIBE_GATEWAY ->
                command.setConversationId(random.nextBoolean() ? GROUP : ROOM)
                        .setActor("")
                        .setSubscribeGateway(SubscribeGateway.newBuilder()
                                .setGatewaySlot(random.nextInt(SLOTS))
                                .setGatewayEpoch(Long.MAX_VALUE)
                                .setSessions(random.nextInt(3) == 0 ? 0 : Integer.MAX_VALUE));
            case READ_HEAD -> command.getReadHeadBuilder();
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
            case ENTER_ROOM -> command.setConversationId(ROOM).getEnterRoomBuilder();
            case FORGET_EVENTS ->
                throw new IllegalArgumentException(
                        "only CONVERSATION writes this, once the last session leaves a room");
            case BODY_NOT_SET -> {
                // refused
            }
        }
        return command.build();
    }

    /** A message of the largest content to the group, of which everyone is notified. */
    Command message(String group, int actor) {
        return in(group, actor)
                .setSendMessage(SendMessage.newBuilder()
                        .setClientMsgId("m".repeat(128))
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder()
                                        .setBody("好".repeat((CommandCheck.MAX_CONTENT_BYTES - 8) / 3)))))
                .build();
    }

    /** A small message that mentions a user and expires: a view remembers it. */
    Command mention(String group, int actor, int mentioned) {
        return small(group, actor)
                .setSendMessage(SendMessage.newBuilder()
                        .setClientMsgId("c" + count)
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder().setBody("please")))
                        .setMentions(Mentions.newBuilder().addUserIds(user(mentioned)))
                        .setExpiresAt(LATER))
                .build();
    }

    /** Deletes every second message from this one on, for the actor. */
    Command deleteEverySecond(String group, int actor, long from) {
        DeleteForMe.Builder deletion = DeleteForMe.newBuilder();
        for (int i = 0; i < CommandCheck.MAX_DELETIONS; i++) {
            deletion.addSeqs(from + 2L * i);
        }
        return small(group, actor).setDeleteForMe(deletion).build();
    }

    Command join(String group, int actor) {
        return in(group, actor)
                .setGroup(
                        GroupCommand.newBuilder().setJoin(JoinGroup.newBuilder().setNote("n".repeat(500))))
                .build();
    }

    Command describe(String group) {
        return in(group, 0)
                .setGroup(GroupCommand.newBuilder()
                        .setDescribe(DescribeGroup.newBuilder().setLimit(1_000)))
                .build();
    }

    /** Of devices: they have the longest ids. */
    Command bans() {
        RulesCommand.Builder rules = RulesCommand.newBuilder();
        for (int i = 0; i < 2_500; i++) {
            rules.addBan(Ban.newBuilder().setDeviceId(LargestParts.device(i)).setUntil(LATER));
        }
        return command("").setAsSystem(true).setRules(rules).build();
    }

    private Command.Builder small(String conversation, int actor) {
        return in(conversation, actor).clearOrigin().setUnknownFields(UnknownFieldSet.getDefaultInstance());
    }

    private Command.Builder in(String conversation, int actor) {
        return command(conversation).setActor(user(actor)).setOrigin(parts.origin());
    }

    private Command.Builder command(String conversation) {
        count++;
        return Command.newBuilder()
                .setCommandId(String.format("%0" + CommandCheck.MAX_COMMAND_ID_BYTES + "d", count))
                .setConversationId(conversation)
                .setUnknownFields(LargestParts.unknown());
    }

    private SendMessage send(long seq, int members) {
        SendMessage.Builder message = SendMessage.newBuilder();
        if (random.nextBoolean()) {
            message.setReplyTo(ReplyTo.newBuilder()
                    .setSeq(seq)
                    .setQuote(parts.text(1_000))
                    .setUnknownFields(LargestParts.unknown()));
        }
        return message.setClientMsgId("m".repeat(120) + String.format("%08d", count))
                .setContent(content())
                .setMentions(mentions(members))
                .setExpiresAt(LATER)
                .setFlags(
                        SendFlags.newBuilder().setNoPush(random.nextBoolean()).setUnknownFields(LargestParts.unknown()))
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
        Mentions.Builder mentions = Mentions.newBuilder().setUnknownFields(LargestParts.unknown());
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
        if (random.nextBoolean()) {
            return receipts.addSeqs(seq).setWithUsers(true).build();
        }
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
                        .setName(parts.text(256))
                        .setAvatarUrl("https://" + "a".repeat(1_016))
                        .setDescription(parts.text(4_096))
                        .setAnnouncement(parts.text(4_096))
                        .setJoinPolicyValue(1 + random.nextInt(3)));
            case ADD_MEMBERS ->
                group.getAddMembersBuilder().addAllUserIds(users(Math.max(0, members - 1_000), members));
            case JOIN -> group.setJoin(JoinGroup.newBuilder().setNote(parts.text(500)));
            case DECIDE_JOIN ->
                group.setDecideJoin(DecideJoin.newBuilder()
                        .setUserId(user(members + random.nextInt(300)))
                        .setApprove(random.nextBoolean()));
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
        return group.setUnknownFields(LargestParts.unknown()).build();
    }

    private GroupProfile profile() {
        return GroupProfile.newBuilder()
                .setName(parts.text(256))
                .setAvatarUrl("https://" + "a".repeat(1_016))
                .setDescription(parts.text(4_096))
                .setAnnouncement(parts.text(4_096))
                .setJoinPolicy(JoinPolicy.BY_APPROVAL)
                .setUnknownFields(LargestParts.unknown())
                .build();
    }

    private FriendCommand friend() {
        FriendCommand.Builder friend = FriendCommand.newBuilder();
        FriendCommand.BodyCase[] all = FriendCommand.BodyCase.values();
        switch (all[random.nextInt(all.length)]) {
            case REQUEST -> friend.setRequest(RequestFriend.newBuilder().setNote(parts.text(500)));
            case ACCEPT -> friend.setAccept(AcceptFriend.getDefaultInstance());
            case DECLINE -> friend.setDecline(DeclineFriend.getDefaultInstance());
            case REMOVE -> friend.setRemove(RemoveFriend.getDefaultInstance());
            case BLOCK -> friend.setBlock(BlockUser.getDefaultInstance());
            case UNBLOCK -> friend.setUnblock(UnblockUser.getDefaultInstance());
            case SET_REMARK -> friend.setSetRemark(SetRemark.newBuilder().setRemark(parts.text(256)));
            case BODY_NOT_SET -> {}
        }
        return friend.setUnknownFields(LargestParts.unknown()).build();
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
}
