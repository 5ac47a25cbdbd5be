package dev.tidings.processors.simulation;

import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.Said;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.AcceptFriend;
import dev.tidings.v1.AddMembers;
import dev.tidings.v1.BlockUser;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.DeclineFriend;
import dev.tidings.v1.DeleteForMe;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.FriendCommand;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.JoinGroup;
import dev.tidings.v1.JoinPolicy;
import dev.tidings.v1.LeaveGroup;
import dev.tidings.v1.MarkConversationRead;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.NotificationSettings;
import dev.tidings.v1.PinMessage;
import dev.tidings.v1.Platform;
import dev.tidings.v1.PresenceQuery;
import dev.tidings.v1.React;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.RemoveFriend;
import dev.tidings.v1.RemoveMembers;
import dev.tidings.v1.RequestFriend;
import dev.tidings.v1.RevokeDevice;
import dev.tidings.v1.Role;
import dev.tidings.v1.Send;
import dev.tidings.v1.SendFlags;
import dev.tidings.v1.SetRole;
import dev.tidings.v1.TransferOwnership;
import dev.tidings.v1.UnblockUser;
import dev.tidings.v1.UpdateGroup;
import dev.tidings.v1.WatchPresence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** Users who do what users do on their devices, and a few who should not. */
final class People {

    private static final int USERS = 14;
    private static final int PAIRS = 16;
    private static final int GROUPS = 5;
    private static final Platform[] PLATFORMS = {Platform.WEB, Platform.IOS, Platform.ANDROID};

    private final Cluster cluster;
    private final Random random;
    private final Operator operator;
    private final List<Device> devices = new ArrayList<>();
    private final List<ConversationId.Private> pairs = new ArrayList<>();
    private int poisoned;

    People(Cluster cluster, Gateways gateways, Random random) {
        this.cluster = cluster;
        this.random = random;
        this.operator = new Operator(cluster, random);
        for (int user = 0; user < USERS; user++) {
            for (int device = 0; device <= random.nextInt(3); device++) {
                Platform platform = PLATFORMS[random.nextInt(PLATFORMS.length)];
                devices.add(new Device(cluster, gateways, random, user(user), "device" + device, platform));
            }
        }
        for (int i = 0; i < PAIRS; i++) {
            int one = random.nextInt(USERS);
            int other = (one + 1 + random.nextInt(USERS - 1)) % USERS;
            pairs.add(ConversationId.between(user(one), user(other)));
        }
        for (int group = 0; group < GROUPS; group++) {
            found(group);
        }
    }

    List<Device> devices() {
        return devices;
    }

    int poisoned() {
        return poisoned;
    }

    void doSomething() {
        Device device = devices.get(random.nextInt(devices.size()));
        int chance = random.nextInt(100);
        if (chance < 3) {
            device.goOffline();
        } else if (chance < 14) {
            device.comeOnline();
        } else if (chance < 16) {
            device.loseConnection();
        } else if (chance < 18) {
            device.loseSignal(random.nextInt(40_000));
        } else if (chance < 19) {
            trespass();
        } else if (chance < 20) {
            poison();
        } else if (chance < 22) {
            appendAgain();
        } else if (chance < 23) {
            switch (random.nextInt(10)) {
                case 0 -> device.forgetEverything();
                default -> operator.broadcast();
            }
        } else if (device.isConnected()) {
            use(device);
        }
    }

    /** Broadcasts once more to everyone, whoever is online. */
    void broadcast() {
        operator.broadcast();
    }

    private void use(Device device) {
        String conversation = conversation(device.userId);
        Timeline timeline = device.timeline(conversation);
        long seq = timeline.lastSeq() == 0 ? 1 : Math.max(1, timeline.lastSeq() - random.nextInt(6));
        ClientFrame.Builder frame = ClientFrame.newBuilder();
        int chance = random.nextInt(100);
        if (chance < 6) {
            friend(device, frame);
        } else if (chance < 45) {
            device.say(message(device, conversation));
        } else if (chance < 59) {
            device.ask(frame.setMarkRead(MarkConversationRead.newBuilder()
                    .setConversationId(conversation)
                    .setSeq(seq)));
        } else if (chance < 67) {
            change(device, timeline, conversation, frame);
        } else if (chance < 70) {
            DeleteForMe.Builder delete = DeleteForMe.newBuilder().setConversationId(conversation);
            device.ask(frame.setDeleteForMe(
                    random.nextInt(4) == 0
                            ? delete.setUpToSeq(random.nextLong(seq) + 1)
                            : delete.addSeqs(seq).addSeqs(random.nextLong(seq) + 1)));
        } else if (chance < 79) {
            device.ask(frame.setSettings(settings(timeline, conversation)));
        } else if (chance < 83) {
            device.sync();
        } else if (chance < 90) {
            // a user of whom the server knows nothing cannot be watched
            String watched = conversation.startsWith("p:") && random.nextInt(3) > 0
                    ? Blocks.peer(device.userId, conversation)
                    : user(random.nextInt(USERS));
            if (devices.stream().anyMatch(other -> other.userId.equals(watched) && other.isConnected())) {
                device.ask(frame.setPresence(
                        PresenceQuery.newBuilder().addUserIds(watched).setMode(WatchPresence.Mode.START)));
            }
        } else if (chance < 93) {
            device.ask(frame.setRegisterPush(RegisterPush.newBuilder()
                    .setToken(device.userId + '/' + device.deviceId + "/1" + random.nextInt(2))));
        } else if (chance < 94) {
            profile(device, frame);
        } else if (chance < 99) {
            group(device, frame);
        } else if (random.nextInt(4) == 0) {
            device.ask(frame.setRevokeDevice(RevokeDevice.newBuilder().setDeviceId("device" + random.nextInt(3))));
        }
    }

    private Send message(Device device, String conversation) {
        // names are chosen by each sender alone, so that two senders choose the same one now and then
        String name = "m" + random.nextInt(2_000) + '-' + device.deviceId;
        Send.Builder send = Send.newBuilder()
                .setConversationId(conversation)
                .setClientMsgId(name)
                .setContent(Said.text(cluster.unique("message ")));
        switch (random.nextInt(16)) {
            case 0, 1 -> send.setMentions(Mentions.newBuilder().addUserIds(user(random.nextInt(USERS))));
            case 2 -> send.setMentions(Mentions.newBuilder().setAll(true));
            case 3, 4 -> send.setExpiresAt(Timestamps.fromMillis(cluster.nowMillis() + random.nextInt(20_000)));
            case 5 -> send.setFlags(SendFlags.newBuilder().setNoUnread(true));
            case 6 -> send.setFlags(SendFlags.newBuilder().setNoPush(true));
            default -> {}
        }
        return send.build();
    }

    /** Something about a message, mostly one's own. */
    private void change(Device device, Timeline timeline, String conversation, ClientFrame.Builder frame) {
        List<Long> messages = timeline.events().values().stream()
                .filter(ConversationEvent::hasMessageSent)
                .filter(event -> event.getMessageSent().getSender().equals(device.userId) || random.nextInt(8) == 0)
                .map(ConversationEvent::getSeq)
                .toList();
        if (messages.isEmpty()) {
            return;
        }
        long seq = messages.get(Math.max(0, messages.size() - 1 - random.nextInt(4)));
        device.ask(
                switch (random.nextInt(6)) {
                    case 0, 1 ->
                        frame.setEdit(EditMessage.newBuilder()
                                .setConversationId(conversation)
                                .setSeq(seq)
                                .setContent(Said.text(cluster.unique("edited "))));
                    case 2, 3 ->
                        frame.setRecall(RecallMessage.newBuilder()
                                .setConversationId(conversation)
                                .setSeq(seq));
                    case 4 ->
                        frame.setReact(React.newBuilder()
                                .setConversationId(conversation)
                                .setSeq(seq)
                                .setReaction("r" + random.nextInt(2))
                                .setRemove(random.nextInt(3) == 0));
                    default ->
                        frame.setPin(PinMessage.newBuilder()
                                .setConversationId(conversation)
                                .setSeq(seq)
                                .setUnpin(random.nextBoolean()));
                });
    }

    private ChangeSettings settings(Timeline timeline, String conversation) {
        ChangeSettings.Builder settings = ChangeSettings.newBuilder().setConversationId(conversation);
        return (switch (random.nextInt(5)) {
                    case 0 -> settings.setPinned(random.nextBoolean());
                    case 1, 2 -> settings.setMuted(random.nextBoolean());
                    case 3 -> settings.setDraft(cluster.unique("draft "));
                    default -> settings.setHidden(random.nextInt(3) > 0);
                })
                .build();
    }

    private void profile(Device device, ClientFrame.Builder frame) {
        ChangeProfile.Builder profile = ChangeProfile.newBuilder();
        long minute = cluster.nowMillis() / 60_000 % 1_440;
        device.ask(frame.setProfile(
                switch (random.nextInt(3)) {
                    case 0 -> profile.setStatus("status " + random.nextInt(5));
                    case 1 ->
                        profile.setNotifications(NotificationSettings.newBuilder()
                                .setAtMostEverySeconds(random.nextInt(20))
                                .setHideContent(random.nextBoolean()));
                    default ->
                        profile.setNotifications(NotificationSettings.newBuilder()
                                .setQuietFromMinute((int) minute)
                                .setQuietUntilMinute((int) (minute + random.nextInt(2)) % 1_440));
                }));
    }

    /** Something about the other user of a private conversation. Who has blocked the other one mostly thinks better of it soon. */
    private void friend(Device device, ClientFrame.Builder frame) {
        List<ConversationId.Private> own =
                pairs.stream().filter(pair -> pair.has(device.userId)).toList();
        if (own.isEmpty()) {
            return;
        }
        FriendCommand.Builder friend = FriendCommand.newBuilder()
                .setConversationId(own.get(random.nextInt(own.size())).toString());
        device.ask(frame.setFriend(
                switch (random.nextInt(12)) {
                    case 0 -> friend.setRequest(RequestFriend.getDefaultInstance());
                    case 1 -> friend.setAccept(AcceptFriend.getDefaultInstance());
                    case 2 -> friend.setDecline(DeclineFriend.getDefaultInstance());
                    case 3 -> friend.setRemove(RemoveFriend.getDefaultInstance());
                    case 4, 5, 6, 7 -> friend.setBlock(BlockUser.getDefaultInstance());
                    default -> friend.setUnblock(UnblockUser.getDefaultInstance());
                }));
    }

    /** Those who may block each other add each other to no group: what becomes of that is not modelled here. */
    private boolean mayAdd(String adder, String added) {
        return pairs.stream().noneMatch(pair -> pair.has(adder) && pair.has(added));
    }

    private void group(Device device, ClientFrame.Builder frame) {
        String someone = user(random.nextInt(USERS));
        GroupCommand.Builder group = GroupCommand.newBuilder().setConversationId("g:group" + random.nextInt(GROUPS));
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> group.setJoin(JoinGroup.getDefaultInstance());
            case 5, 6, 7, 8 -> group.setLeave(LeaveGroup.getDefaultInstance());
            case 9, 10, 11 -> {
                if (!mayAdd(device.userId, someone)) {
                    return;
                }
                group.setAddMembers(AddMembers.newBuilder().addUserIds(someone));
            }
            case 12, 13, 14, 15 ->
                group.setRemoveMembers(RemoveMembers.newBuilder().addUserIds(someone));
            case 16 -> group.setUpdate(UpdateGroup.newBuilder().setName(cluster.unique("name ")));
            case 17, 18 ->
                group.setSetRole(SetRole.newBuilder()
                        .setUserId(someone)
                        .setRole(random.nextBoolean() ? Role.ADMIN : Role.MEMBER));
            default -> group.setTransferOwnership(TransferOwnership.newBuilder().setUserId(someone));
        }
        device.ask(frame.setGroup(group));
    }

    private String conversation(String userId) {
        List<ConversationId.Private> own =
                pairs.stream().filter(pair -> pair.has(userId)).toList();
        return own.isEmpty() || random.nextInt(5) < 2
                ? "g:group" + random.nextInt(GROUPS)
                : own.get(random.nextInt(own.size())).toString();
    }

    private void found(int group) {
        String founder = user(random.nextInt(USERS));
        TreeSet<String> members = new TreeSet<>(List.of(founder));
        while (members.size() < 6) {
            String someone = user(random.nextInt(USERS));
            if (mayAdd(founder, someone)) {
                members.add(someone);
            }
        }
        append(Command.newBuilder()
                .setCommandId(cluster.unique("command"))
                .setConversationId("g:group" + group)
                .setActor(founder)
                .setGroup(GroupCommand.newBuilder()
                        .setCreate(CreateGroup.newBuilder()
                                .setProfile(GroupProfile.newBuilder()
                                        .setName("group " + group)
                                        .setJoinPolicy(JoinPolicy.OPEN)
                                        .setHistoryFromStart(group % 2 == 0))
                                .addAllMembers(members)))
                .build());
    }

    /** What must be refused: strangers, blanks, names that are none. */
    private void trespass() {
        ConversationId.Private members = pairs.get(random.nextInt(pairs.size()));
        String pair = members.toString();
        String name = cluster.unique("t");
        Command command = switch (random.nextInt(4)) {
            case 0 -> Said.send(pair, "stranger", name);
            case 1 -> Said.send("p:zoe:adam", "zoe", name);
            case 2 -> Said.send("g:nobody", user(0), name);
            default -> Said.send(pair, members.a(), name, Said.text(" "));
        };
        append(command.toBuilder()
                .setCommandId(cluster.unique("command"))
                .setOrigin(Said.origin(random.nextInt(), "nowhere", name))
                .build());
    }

    /** The very same command once more, much later, as a business system may that has lost its acknowledgement. */
    private void appendAgain() {
        List<Partition.Appended> commands = cluster.partitions(Topics.COMMANDS)
                .get(random.nextInt(World.LAYOUT.conversations()))
                .all();
        if (!commands.isEmpty()) {
            Partition.Appended earlier = commands.get(random.nextInt(commands.size()));
            if (earlier.key != null && earlier.value.length > 2) {
                cluster.appendBytes(Topics.COMMANDS, earlier.key, earlier.value);
            }
        }
    }

    private void poison() {
        poisoned++;
        byte[] bytes = {(byte) 0xFF, (byte) poisoned};
        byte[] key = user(random.nextInt(USERS)).getBytes(StandardCharsets.UTF_8);
        cluster.appendBytes(random.nextBoolean() ? Topics.COMMANDS : Topics.USER_COMMANDS, key, bytes);
    }

    private void append(Command command) {
        cluster.append(Topics.COMMANDS, command.getConversationId(), command);
    }

    private static String user(int number) {
        return "user" + number;
    }
}
