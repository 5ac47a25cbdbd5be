package dev.tidings.processors.simulation;

import dev.tidings.processors.TestRecords;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.AddMembers;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Command;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.JoinPolicy;
import dev.tidings.v1.LeaveGroup;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.RemoveMembers;
import dev.tidings.v1.Send;
import dev.tidings.v1.UserCommand;
import java.util.List;
import java.util.Random;

/** Users who require consent to being added to a group, and their group. One of them never accepts an invitation. */
final class Guests {

    static final String GROUP = "g:guests";
    static final String NEVER_ACCEPTS = "guest0";
    static final String ACCEPTS = "guest1";
    static final List<String> ALL = List.of(NEVER_ACCEPTS, ACCEPTS);

    private static final List<String> MEMBERS = List.of("user0", "user1", "user2", "user3");

    private final Cluster cluster;
    private final Random random;

    Guests(Cluster cluster, Random random) {
        this.cluster = cluster;
        this.random = random;
        for (String guest : ALL) {
            cluster.append(
                    Topics.USER_COMMANDS,
                    guest,
                    UserCommand.newBuilder()
                            .setUserId(guest)
                            .setChangeProfile(ChangeProfile.newBuilder()
                                    .setOrigin(TestRecords.origin(0, "none", "profile of " + guest))
                                    .setGroupInvitations(ChangeProfile.GroupInvitations.NOBODY))
                            .build());
        }
        cluster.append(
                Topics.COMMANDS,
                GROUP,
                Command.newBuilder()
                        .setCommandId(cluster.unique("command"))
                        .setConversationId(GROUP)
                        .setActor(MEMBERS.getFirst())
                        .setGroup(GroupCommand.newBuilder()
                                .setCreate(CreateGroup.newBuilder()
                                        .setProfile(GroupProfile.newBuilder()
                                                .setName("guests")
                                                .setJoinPolicy(JoinPolicy.OPEN))
                                        .addAllMembers(MEMBERS)))
                        .build());
    }

    static boolean isGuest(String userId) {
        return ALL.contains(userId);
    }

    /** Whether the view of the user depends on their consent. */
    static boolean needsConsent(String userId, String conversationId) {
        return isGuest(userId) && conversationId.equals(GROUP);
    }

    static boolean isMember(String userId) {
        return MEMBERS.contains(userId);
    }

    /** A member adds or removes a guest. */
    void invite(Device device) {
        String guest = ALL.get(random.nextInt(ALL.size()));
        GroupCommand.Builder group = GroupCommand.newBuilder().setConversationId(GROUP);
        if (random.nextInt(4) == 0) {
            group.setRemoveMembers(RemoveMembers.newBuilder().addUserIds(guest));
        } else {
            group.setAddMembers(AddMembers.newBuilder().addUserIds(guest));
        }
        device.ask(ClientFrame.newBuilder().setGroup(group));
    }

    /** A guest accepts, declines, writes in the group or registers for notifications. */
    void use(Device device) {
        boolean isInvited =
                !device.timeline(GROUP).view().getGroup().getInvitedBy().isEmpty();
        boolean accepts = device.userId.equals(ACCEPTS);
        ClientFrame.Builder frame = ClientFrame.newBuilder();
        switch (random.nextInt(12)) {
            case 0 ->
                device.ask(frame.setGroup(
                        GroupCommand.newBuilder().setConversationId(GROUP).setLeave(LeaveGroup.getDefaultInstance())));
            case 1 -> device.sync();
            case 2, 3 ->
                device.ask(frame.setRegisterPush(
                        RegisterPush.newBuilder().setToken(device.userId + '/' + device.deviceId + "/1")));
            case 4, 5, 6 -> {
                if (accepts && !isInvited) {
                    device.say(Send.newBuilder()
                            .setConversationId(GROUP)
                            .setClientMsgId(cluster.unique("guest"))
                            .setContent(TestRecords.text(cluster.unique("message ")))
                            .build());
                }
            }
            default -> {
                if (accepts && isInvited) {
                    device.ask(frame.setSettings(
                            ChangeSettings.newBuilder().setConversationId(GROUP).setAcceptInvitation(true)));
                }
            }
        }
    }
}
