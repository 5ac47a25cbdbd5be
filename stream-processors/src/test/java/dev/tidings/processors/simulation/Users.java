package dev.tidings.processors.simulation;

import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.TestRecords;
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
import dev.tidings.v1.Policy;
import dev.tidings.v1.PresenceQuery;
import dev.tidings.v1.React;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.RemoveFriend;
import dev.tidings.v1.RemoveMembers;
import dev.tidings.v1.RequestFriend;
import dev.tidings.v1.RevokeDevice;
import dev.tidings.v1.Role;
import dev.tidings.v1.RulesCommand;
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

/** The users and their devices. Chooses what they do, invalid commands included. */
final class Users {

    private static final int USERS = 14;
    private static final int PAIRS = 16;
    private static final int GROUPS = 5;
    private static final int ROOMS = 2;
    private static final String CROWD = "g:crowd";
    private static final List<String> CROWD_USERS = List.of("user8", "user9", "user10", "user11", "user12", "user13");
    /** Members without devices. */
    private static final int EXTRAS = 11;
    /** More members than all groups but the crowd can have. */
    private static final int LARGE = 14;

    private static final Platform[] PLATFORMS = {Platform.WEB, Platform.IOS, Platform.ANDROID};

    private final Cluster cluster;
    private final Random random;
    private final Operator operator;
    private final Guests guests;
    private final List<Device> devices = new ArrayList<>();
    private final List<ConversationId.Private> pairs = new ArrayList<>();
    private int poisoned;

    Users(Cluster cluster, Gateways gateways, Random random) {
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
        foundCrowd();
        guests = new Guests(cluster, random);
        Guests.ALL.forEach(guest -> devices.add(new Device(cluster, gateways, random, guest, "device0", Platform.WEB)));
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
            appendForbidden();
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

    /** Brings online devices into rooms, so that sessions are in rooms at the end. */
    void joinRooms() {
        devices.forEach(device -> device.joinRoom("r:room" + random.nextInt(ROOMS)));
    }

    /** Sends one more message to every broadcast. */
    void broadcast() {
        operator.broadcastToAll();
    }

    private void use(Device device) {
        if (Guests.isGuest(device.userId)) {
            guests.use(device);
            return;
        }
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
        } else if (chance < 76) {
            device.ask(frame.setSettings(settings(timeline, conversation)));
        } else if (chance < 79) {
            device.sync();
        } else if (chance < 85) {
            // a user without any state cannot be watched
            String watched = conversation.startsWith("p:") && random.nextInt(3) > 0
                    ? Blocks.peer(device.userId, conversation)
                    : user(random.nextInt(USERS));
            if (devices.stream().anyMatch(other -> other.userId.equals(watched) && other.isConnected())) {
                device.ask(frame.setPresence(
                        PresenceQuery.newBuilder().addUserIds(watched).setMode(WatchPresence.Mode.START)));
            }
        } else if (chance < 88) {
            device.ask(frame.setRegisterPush(RegisterPush.newBuilder()
                    .setToken(device.userId + '/' + device.deviceId + "/1" + random.nextInt(2))));
        } else if (chance < 89) {
            profile(device, frame);
        } else if (chance < 95) {
            room(device, frame);
        } else if (chance < 99) {
            group(device, frame);
        } else if (random.nextInt(4) == 0) {
            device.ask(frame.setRevokeDevice(RevokeDevice.newBuilder().setDeviceId("device" + random.nextInt(3))));
        }
    }

    private Send message(Device device, String conversation) {
        // each sender chooses ids alone, so two senders sometimes choose the same one
        String name = "m" + random.nextInt(2_000) + '-' + device.deviceId;
        Send.Builder send = Send.newBuilder()
                .setConversationId(conversation)
                .setClientMsgId(name)
                .setContent(TestRecords.text(cluster.unique("message ")));
        switch (random.nextInt(16)) {
            case 0, 1 -> send.setMentions(Mentions.newBuilder().addUserIds(mentioned(device, conversation)));
            case 2 -> send.setMentions(Mentions.newBuilder().setAll(true));
            case 3, 4 -> send.setExpiresAt(Timestamps.fromMillis(cluster.nowMillis() + random.nextInt(20_000)));
            case 5 -> send.setFlags(SendFlags.newBuilder().setNoUnread(true));
            case 6, 7 -> send.setFlags(SendFlags.newBuilder().setNoPush(true));
            default -> {}
        }
        return send.build();
    }

    /** Edits, recalls, pins or reacts to a message, mostly one of the user's own. */
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
                switch (random.nextInt(8)) {
                    case 0, 1, 6, 7 -> frame.setEdit(edit(device, conversation, seq));
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

    /** Changes the text, and often the mentions. */
    private EditMessage edit(Device device, String conversation, long seq) {
        EditMessage.Builder edit = EditMessage.newBuilder()
                .setConversationId(conversation)
                .setSeq(seq)
                .setContent(TestRecords.text(cluster.unique("edited ")));
        if (random.nextInt(3) > 0) {
            edit.setMentions(Mentions.newBuilder()
                    .addUserIds(mentioned(device, conversation))
                    .addUserIds(mentioned(device, conversation)));
        }
        return edit.build();
    }

    private String mentioned(Device device, String conversation) {
        return conversation.startsWith("p:") ? Blocks.peer(device.userId, conversation) : user(random.nextInt(USERS));
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

    /** Changes the relation to the other user of a private conversation. Blocks are mostly lifted soon. */
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

    /** Users of a pair do not add each other to groups: additions by blocked users are not modelled. */
    private boolean mayAdd(String adder, String added) {
        return pairs.stream().noneMatch(pair -> pair.has(adder) && pair.has(added));
    }

    /** Joins a room, writes in it or leaves it. */
    private void room(Device device, ClientFrame.Builder frame) {
        String room = "r:room" + random.nextInt(ROOMS);
        if (!device.isInRoom(room)) {
            device.joinRoom(room);
        } else if (random.nextInt(8) == 0) {
            device.leaveRoom(room);
        } else {
            device.ask(frame.setSend(Send.newBuilder()
                    .setConversationId(room)
                    .setClientMsgId(cluster.unique("room"))
                    .setContent(TestRecords.text(cluster.unique("message ")))));
        }
    }

    /** Users of the large group; the others belong to none, so that all that they see can be recounted. */
    private static boolean mayBeInCrowd(String userId) {
        return CROWD_USERS.contains(userId);
    }

    private void crowd(Device device, ClientFrame.Builder frame) {
        String extra = "extra" + random.nextInt(2 * EXTRAS);
        GroupCommand.Builder group = GroupCommand.newBuilder().setConversationId(CROWD);
        boolean isOwner = device.userId.equals(CROWD_USERS.getFirst());
        switch (isOwner ? 4 + random.nextInt(5) : random.nextInt(9)) {
            case 0, 1, 2 -> group.setJoin(JoinGroup.getDefaultInstance());
            case 3 -> group.setLeave(LeaveGroup.getDefaultInstance());
            case 4, 5 -> group.setAddMembers(AddMembers.newBuilder().addUserIds(extra));
            case 6 ->
                group.setRemoveMembers(RemoveMembers.newBuilder()
                        .addUserIds(
                                random.nextBoolean() ? extra : CROWD_USERS.get(random.nextInt(CROWD_USERS.size()))));
            default -> group.setUpdate(UpdateGroup.newBuilder().setName(cluster.unique("name ")));
        }
        device.ask(frame.setGroup(group));
    }

    private void foundCrowd() {
        cluster.appendEverywhere(Command.newBuilder()
                .setCommandId(cluster.unique("command"))
                .setAsSystem(true)
                .setRules(
                        RulesCommand.newBuilder().setPolicy(Policy.newBuilder().setLargeGroupThreshold(LARGE)))
                .build());
        CreateGroup.Builder create = CreateGroup.newBuilder()
                .setProfile(GroupProfile.newBuilder().setName("crowd").setJoinPolicy(JoinPolicy.OPEN))
                .addMembers(CROWD_USERS.getFirst())
                .addMembers(CROWD_USERS.get(1))
                .addMembers(CROWD_USERS.get(2));
        for (int extra = 0; extra < EXTRAS; extra++) {
            create.addMembers("extra" + extra);
        }
        append(Command.newBuilder()
                .setCommandId(cluster.unique("command"))
                .setConversationId(CROWD)
                .setActor(CROWD_USERS.getFirst())
                .setGroup(GroupCommand.newBuilder().setCreate(create))
                .build());
    }

    private void group(Device device, ClientFrame.Builder frame) {
        if (mayBeInCrowd(device.userId) && random.nextInt(2) == 0) {
            crowd(device, frame);
            return;
        }
        if (Guests.isMember(device.userId) && random.nextInt(2) == 0) {
            guests.invite(device);
            return;
        }
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
        if (mayBeInCrowd(userId) && random.nextInt(4) == 0) {
            return CROWD;
        }
        if (Guests.isMember(userId) && random.nextInt(8) == 0) {
            return Guests.GROUP;
        }
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

    /** Appends a command that must be refused. */
    private void appendForbidden() {
        ConversationId.Private members = pairs.get(random.nextInt(pairs.size()));
        String pair = members.toString();
        String name = cluster.unique("t");
        Command command = switch (random.nextInt(4)) {
            case 0 -> TestRecords.send(pair, "stranger", name);
            case 1 -> TestRecords.send("p:zoe:adam", "zoe", name);
            case 2 -> TestRecords.send("g:unknown", user(0), name);
            default -> TestRecords.send(pair, members.a(), name, TestRecords.text(" "));
        };
        append(command.toBuilder()
                .setCommandId(cluster.unique("command"))
                .setOrigin(TestRecords.origin(random.nextInt(), "nowhere", name))
                .build());
    }

    /** Appends an earlier command again, like a business system that has lost its acknowledgement. */
    private void appendAgain() {
        List<Partition.Appended> commands = cluster.partitions(Topics.COMMANDS)
                .get(random.nextInt(World.LAYOUT.conversations()))
                .all();
        if (!commands.isEmpty()) {
            Partition.Appended earlier = commands.get(random.nextInt(commands.size()));
            if (earlier.key != null && earlier.value.length > 2 && mayComeAgain(earlier)) {
                cluster.appendBytes(Topics.COMMANDS, earlier.key, earlier.value);
            }
        }
    }

    /** Whether a command may be appended again. A gateway's subscription may not; an empty room forgets command ids. */
    private static boolean mayComeAgain(Partition.Appended record) {
        Command command = Ledger.value(Topics.COMMANDS, record);
        return !command.getConversationId().isEmpty()
                && !command.hasSubscribeGateway()
                && !command.getConversationId().startsWith("r:");
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
