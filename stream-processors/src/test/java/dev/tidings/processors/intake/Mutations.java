package dev.tidings.processors.intake;

import com.google.protobuf.Timestamp;
import dev.tidings.processors.TestRecords;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.AddMembers;
import dev.tidings.v1.Ban;
import dev.tidings.v1.BlockUser;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessMarkRead;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.BusinessSendToMany;
import dev.tidings.v1.Content;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.DeleteForMe;
import dev.tidings.v1.DissolveGroup;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.FriendCommand;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.LinkPolicy;
import dev.tidings.v1.MediaPolicy;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.MuteMember;
import dev.tidings.v1.PinMessage;
import dev.tidings.v1.Policy;
import dev.tidings.v1.Rate;
import dev.tidings.v1.React;
import dev.tidings.v1.ReadHead;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.RequestFriend;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.SendFlags;
import dev.tidings.v1.SetRemark;
import dev.tidings.v1.SetRole;
import dev.tidings.v1.UpdateGroup;
import dev.tidings.v1.WordRule;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Creates records of business systems from a seed: valid ones, and ones with a random fault. */
final class Mutations {

    private final Random random;
    private int made;

    /** @param expected the command of a valid record; null for a record with a fault */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Made(
            byte @Nullable [] key,
            byte @Nullable [] value,
            Headers headers,
            @Nullable BusinessCommand expected) {}

    Mutations(long seed) {
        random = new Random(seed);
    }

    Made next() {
        made++;
        BusinessCommand command = command();
        boolean json = random.nextBoolean();
        byte[] value = bytes(command, json);
        byte @Nullable [] key = random.nextBoolean() ? null : randomBytes(20);
        return switch (random.nextInt(18)) {
            case 0 -> spoilt(key, Arrays.copyOf(value, random.nextInt(value.length)), headers(json));
            case 1, 2 -> spoilt(key, flipped(value), headers(json));
            case 3 -> spoilt(key, value, headers(!json));
            case 4 -> spoilt(key, value, headers(json).add("content-type", randomBytes(12)));
            case 5 -> spoilt(key, text(command).getBytes(StandardCharsets.UTF_16), headers(json));
            case 6 -> spoilt(key, randomBytes(200), headers(json));
            case 7 -> spoilt(key, random.nextInt(4) == 0 ? large(command, json) : null, headers(json));
            case 8 -> spoilt(key, bytes(command.toBuilder().clearRequestId().build(), json), headers(json));
            case 9 -> spoilt(key, bytes(bodiless(command), json), headers(json));
            case 10 -> spoilt(key, spoiltText(command), headers(true));
            case 11 -> spoilt(key, value, headers(json).remove("source").add("source", randomBytes(4)));
            case 12 -> spoilt(key, value, headers(json).remove(random.nextBoolean() ? "source" : "content-type"));
            case 13 ->
                random.nextInt(4) == 0
                        ? spoilt(key, bytes(unexpandable(command), json), headers(json))
                        : spoilt(key, misnamed(command), headers(true));
            default -> new Made(key, value, headers(json), command);
        };
    }

    private static Made spoilt(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        return new Made(key, value, headers, null);
    }

    private BusinessCommand command() {
        BusinessCommand.Builder command = BusinessCommand.newBuilder()
                .setRequestId("request-" + made)
                .setActor(random.nextInt(8) == 0 ? "not a user" : "shop")
                .setAsSystem(random.nextInt(8) == 0);
        String conversation = switch (random.nextInt(10)) {
            case 0 -> "nowhere";
            case 1 -> "g:team" + random.nextInt(5);
            case 2 -> "r:room";
            case 3 -> "b:all";
            default -> "p:customer" + random.nextInt(20) + ":shop";
        };
        switch (random.nextInt(16)) {
            case 0, 1 ->
                command.setMarkRead(BusinessMarkRead.newBuilder()
                        .setConversationId(conversation)
                        .setSeq(random.nextInt(100)));
            case 2 ->
                command.setEdit(EditMessage.newBuilder()
                        .setConversationId(conversation)
                        .setSeq(random.nextInt(9))
                        .setContent(content()));
            case 3 ->
                command.setRecall(RecallMessage.newBuilder()
                        .setConversationId(conversation)
                        .setSeq(random.nextInt(9)));
            case 4 ->
                command.setDeleteForMe(DeleteForMe.newBuilder()
                        .setConversationId(conversation)
                        .addSeqs(random.nextInt(9))
                        .setUpToSeq(random.nextInt(3) - 1));
            case 5 ->
                command.setReact(React.newBuilder()
                        .setConversationId(conversation)
                        .setSeq(random.nextInt(9))
                        .setReaction(random.nextInt(4) == 0 ? "" : "👍"));
            case 6 ->
                command.setPin(PinMessage.newBuilder()
                        .setConversationId(conversation)
                        .setSeq(random.nextInt(9))
                        .setUnpin(random.nextBoolean()));
            case 7, 8 -> command.setGroup(group(conversation));
            case 9 -> command.setFriend(friend(conversation));
            case 10 -> command.setRules(rules());
            case 12 -> command.setReadHead(ReadHead.newBuilder().setConversationId(conversation));
            case 11 -> command.setActor("shop").setSendToMany(toMany(random.nextInt(30) + 1));
            default ->
                command.setSendMessage(BusinessSend.newBuilder()
                        .setConversationId(conversation)
                        .setClientMsgId("m" + random.nextInt(5_000))
                        .setContent(content())
                        .setReplyTo(ReplyTo.newBuilder().setSeq(random.nextInt(5)))
                        .setMentions(Mentions.newBuilder().addUserIds(user()))
                        .setExpiresAt(Timestamp.newBuilder().setSeconds(random.nextInt()))
                        .setFlags(SendFlags.newBuilder().setNoPush(random.nextBoolean())));
        }
        return command.build();
    }

    private Content content() {
        return TestRecords.text(random.nextInt(8) == 0 ? " " : "number " + made + " 好 😀 \"\\");
    }

    private String user() {
        return random.nextInt(8) == 0 ? "no:user " + made : "customer" + random.nextInt(20);
    }

    private BusinessSendToMany toMany(int users) {
        BusinessSendToMany.Builder many = BusinessSendToMany.newBuilder()
                .setClientMsgId("m" + random.nextInt(5_000))
                .setContent(content());
        for (int i = 0; i < users; i++) {
            many.addUserIds(user());
        }
        return many.build();
    }

    private GroupCommand group(String conversation) {
        GroupCommand.Builder group = GroupCommand.newBuilder().setConversationId(conversation);
        return switch (random.nextInt(7)) {
            case 0 ->
                group.setCreate(CreateGroup.newBuilder()
                                .setProfile(GroupProfile.newBuilder()
                                        .setName(random.nextInt(4) == 0 ? "" : "team")
                                        .setJoinPolicyValue(random.nextInt(6)))
                                .addMembers(user()))
                        .build();
            case 1 ->
                group.setUpdate(UpdateGroup.newBuilder()
                                .setName("team " + made)
                                .setJoinPolicyValue(random.nextInt(6) - 1))
                        .build();
            case 2 ->
                group.setAddMembers(AddMembers.newBuilder().addUserIds(user())).build();
            case 3 ->
                group.setSetRole(SetRole.newBuilder().setUserId(user()).setRoleValue(random.nextInt(8) - 2))
                        .build();
            case 4 ->
                group.setMuteMember(MuteMember.newBuilder()
                                .setUserId(user())
                                .setUntil(Timestamp.newBuilder().setSeconds(random.nextInt())))
                        .build();
            case 5 -> group.setDissolve(DissolveGroup.getDefaultInstance()).build();
            default -> group.build();
        };
    }

    private FriendCommand friend(String conversation) {
        FriendCommand.Builder friend = FriendCommand.newBuilder().setConversationId(conversation);
        return switch (random.nextInt(4)) {
            case 0 ->
                friend.setRequest(RequestFriend.newBuilder().setNote("hello")).build();
            case 1 ->
                friend.setSetRemark(SetRemark.newBuilder().setRemark("x".repeat(random.nextInt(400))))
                        .build();
            case 2 -> friend.setBlock(BlockUser.getDefaultInstance()).build();
            default -> friend.build();
        };
    }

    private RulesCommand rules() {
        RulesCommand.Builder rules = RulesCommand.newBuilder();
        if (random.nextBoolean()) {
            rules.addSetWords(WordRule.newBuilder()
                    .setWord(random.nextInt(4) == 0 ? "…" : "casino" + made)
                    .setActionValue(random.nextInt(6)));
        }
        if (random.nextBoolean()) {
            rules.addBan(Ban.newBuilder().setUserId(user()));
        }
        if (random.nextBoolean()) {
            rules.setPolicy(Policy.newBuilder()
                    .setLinks(LinkPolicy.newBuilder().setActionValue(random.nextInt(6) - 1))
                    .setMedia(MediaPolicy.newBuilder().setActionValue(random.nextInt(6)))
                    .setFlood(Rate.newBuilder().setMessages(random.nextInt(200)).setSeconds(1)));
        }
        return rules.build();
    }

    /** A readable request that violates a limit of sendToMany. */
    private BusinessCommand unexpandable(BusinessCommand command) {
        BusinessCommand.Builder many = command.toBuilder().setActor("shop").setSendToMany(toMany(3));
        return switch (random.nextInt(4)) {
            case 0 -> many.setSendToMany(toMany(0)).build();
            case 1 -> many.setSendToMany(toMany(CommandExpansion.MAX_USERS + 1)).build();
            case 2 ->
                many.setActor(random.nextBoolean() ? "" : "no user")
                        .setAsSystem(false)
                        .build();
            default ->
                many.setSendToMany(toMany(200).toBuilder().setClientMsgId("x".repeat(100_000)))
                        .build();
        };
    }

    private static BusinessCommand bodiless(BusinessCommand command) {
        return command.toBuilder().clearBody().build();
    }

    private byte[] large(BusinessCommand command, boolean json) {
        String body = "x".repeat(random.nextInt(2_000_000));
        return bytes(
                command.toBuilder()
                        .setSendMessage(BusinessSend.newBuilder()
                                .setConversationId(random.nextBoolean() ? body : "p:customer:shop")
                                .setClientMsgId("large")
                                .setContent(TestRecords.text(body)))
                        .build(),
                json);
    }

    /** JSON with one unexpected part. */
    private byte[] spoiltText(BusinessCommand command) {
        String text = text(command);
        String[] spoilers = {
            "\"extra\":1,",
            "\"requestId\":{},",
            "\"actor\":[\"a\"],",
            "\"markRead\":7,",
            "\"group\":{\"setRole\":{\"role\":\"EMPEROR\"}},",
            "\"rules\":{\"setWords\":{}},",
            "\"sendToMany\":{\"userIds\":\"all\"},",
            "[",
            "\\ud800"
        };
        int at = random.nextInt(3) == 0 ? random.nextInt(text.length()) : 1;
        String spoiler = spoilers[random.nextInt(spoilers.length)];
        return (text.substring(0, at) + spoiler + text.substring(at)).getBytes(StandardCharsets.UTF_8);
    }

    /** JSON with an unknown field name or enum value. */
    private static byte[] misnamed(BusinessCommand command) {
        String text = text(command);
        String[] known = {"OPEN", "ADMIN", "MEMBER", "REFUSE", "MASK", "FLAG", "seq", "userId", "body", "conversationId"
        };
        for (String name : known) {
            String quoted = '"' + name + '"';
            if (text.contains(quoted)) {
                return text.replace(quoted, '"' + name + "ish\"").getBytes(StandardCharsets.UTF_8);
            }
        }
        return text.replace("actor", "acter").getBytes(StandardCharsets.UTF_8);
    }

    private byte[] flipped(byte[] value) {
        byte[] flipped = value.clone();
        for (int i = 0; i <= random.nextInt(4); i++) {
            flipped[random.nextInt(flipped.length)] = (byte) random.nextInt();
        }
        return flipped;
    }

    private byte[] randomBytes(int atMost) {
        byte[] bytes = new byte[random.nextInt(atMost + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static Headers headers(boolean json) {
        return new RecordHeaders()
                .add("source", "shop".getBytes(StandardCharsets.UTF_8))
                .add(
                        "content-type",
                        (json ? "application/json" : "application/x-protobuf").getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(BusinessCommand command, boolean json) {
        return json ? text(command).getBytes(StandardCharsets.UTF_8) : command.toByteArray();
    }

    private static String text(BusinessCommand command) {
        return ProtoJson.print(command);
    }
}
