package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.processors.store.StoreKey;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.serde.ProtoSerde;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.AddMembers;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.DescribeGroup;
import dev.tidings.v1.DissolveGroup;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.Error;
import dev.tidings.v1.Events;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.JoinGroup;
import dev.tidings.v1.JoinPolicy;
import dev.tidings.v1.JoinRoom;
import dev.tidings.v1.MarkConversationRead;
import dev.tidings.v1.Member;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Pull;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RemoveMembers;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.Room;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Sync;
import dev.tidings.v1.SyncMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Groups small and large, and rooms, on real parts. */
class GroupsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    private static final int FEW = 40;
    private static final int BURST = 100;

    /** The changelog of the views of INBOX. */
    private static final Topic<String, ViewRecord> VIEWS = new Topic<>(
            "tidings-inbox-views-changelog",
            Serdes.String(),
            ProtoSerde.of(ViewRecord.parser()),
            Topic.Partitioning.USERS,
            Map.of());

    /** More than the policy's threshold, which is 500 by default. */
    private static final int MANY = 600;

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.shared();

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String olga = "olga-" + suffix;
    private final String max = "max-" + suffix;
    private final String mia = "mia-" + suffix;
    private final String sam = "sam-" + suffix;
    private final String team = "g:team-" + suffix;
    private final String lobby = "r:lobby-" + suffix;

    @Test
    void a_message_reaches_all_members_and_only_them() {
        try (ChatClient owner = signedIn(olga);
                ChatClient member = signedIn(max);
                ChatClient stranger = signedIn(sam)) {
            found(owner, JoinPolicy.OPEN, max, mia);
            assertTrue(
                    member.awaitFrame(event(ConversationEvent::hasGroupCreated)).hasEvents());

            Sequenced sent = sequenced(member, ChatClient.text(team, "m1", "hello team"));

            assertEquals(2, sent.getSeq());
            assertEquals("hello team", text(owner.awaitFrame(event(ConversationEvent::hasMessageSent))));
            assertEquals(
                    Refusal.Reason.NOT_A_MEMBER,
                    refused(stranger, ChatClient.text(team, "m1", "me too")).getReason());
            assertFalse(stranger.received().stream().anyMatch(ServerFrame::hasEvents));
        }
    }

    @Test
    void a_member_sees_only_messages_from_their_time_in_the_group() {
        try (ChatClient owner = signedIn(olga);
                ChatClient joining = signedIn(sam)) {
            found(owner, JoinPolicy.OPEN, max);
            sequenced(owner, ChatClient.text(team, "m1", "before"));
            assertEquals(
                    Error.Code.FORBIDDEN,
                    joining.request(pull(1, 0), ServerFrame::hasError)
                            .getError()
                            .getCode());
            sequenced(joining, group(group -> group.setJoin(JoinGroup.newBuilder())));
            sequenced(owner, ChatClient.text(team, "m2", "after"));
            awaitHistory(joining, 3, 4);

            sequenced(
                    owner,
                    group(group ->
                            group.setRemoveMembers(RemoveMembers.newBuilder().addUserIds(sam))));
            joining.awaitFrame(event(ConversationEvent::hasMembersRemoved));
            sequenced(owner, ChatClient.text(team, "m3", "without sam"));
            owner.request(pull(1, 0), ServerFrame::hasEvents);

            awaitHistory(joining, 3, 5);
            assertFalse(
                    joining.received().stream().anyMatch(frame -> text(frame).equals("without sam")));
        }
    }

    @Test
    void a_join_request_is_approved_by_the_owner() {
        try (ChatClient owner = signedIn(olga);
                ChatClient joining = signedIn(sam)) {
            found(owner, JoinPolicy.BY_APPROVAL, max);
            assertFalse(joining.request(
                            group(group -> group.setJoin(JoinGroup.newBuilder().setNote("please"))),
                            ServerFrame::hasApplied)
                    .getApplied()
                    .getUnchanged());
            owner.awaitFrame(event(ConversationEvent::hasJoinRequested));
            GroupDescription described = described(owner);
            assertEquals("please", described.getRequests(0).getNote());

            sequenced(
                    owner,
                    group(group -> group.setDecideJoin(
                            group.getDecideJoinBuilder().setUserId(sam).setApprove(true))));

            joining.awaitFrame(event(ConversationEvent::hasMembersAdded));
            assertEquals(
                    List.of(max, olga, sam),
                    described(joining).getMembersList().stream()
                            .map(Member::getUserId)
                            .toList());
        }
    }

    @Test
    void an_edit_and_a_recall_reach_the_others_and_change_what_history_shows() {
        try (ChatClient owner = signedIn(olga);
                ChatClient member = signedIn(max)) {
            found(owner, JoinPolicy.OPEN, max);
            sequenced(owner, ChatClient.text(team, "m1", "helo"));
            sequenced(owner, ChatClient.text(team, "m2", "oops"));
            sequenced(
                    owner,
                    ClientFrame.newBuilder()
                            .setEdit(EditMessage.newBuilder()
                                    .setConversationId(team)
                                    .setSeq(2)
                                    .setContent(ChatClient.text("", "", "hello")
                                            .getSend()
                                            .getContent())));
            sequenced(
                    owner,
                    ClientFrame.newBuilder()
                            .setRecall(RecallMessage.newBuilder()
                                    .setConversationId(team)
                                    .setSeq(3)));
            member.awaitFrame(event(ConversationEvent::hasMessageEdited));
            member.awaitFrame(event(ConversationEvent::hasMessageRecalled));

            List<ConversationEvent> history = awaitHistory(member, 1, 5);

            MessageSent edited = history.get(1).getMessageSent();
            assertEquals("hello", edited.getContent().getText().getBody());
            assertEquals(4, edited.getState().getEditedSeq());
            MessageSent recalled = history.get(2).getMessageSent();
            assertFalse(recalled.hasContent());
            assertEquals(5, recalled.getState().getRecalledSeq());
            assertEquals(1, viewOf(member, team).getUnread());
        }
    }

    @Test
    void removed_members_and_members_of_a_dissolved_group_can_clear_their_unread_messages() {
        try (ChatClient owner = signedIn(olga);
                ChatClient removed = signedIn(max);
                ChatClient member = signedIn(mia)) {
            found(owner, JoinPolicy.OPEN, max, mia);
            sequenced(owner, ChatClient.text(team, "m1", "one"));
            sequenced(owner, ChatClient.text(team, "m2", "two"));
            sequenced(
                    owner,
                    group(group ->
                            group.setRemoveMembers(RemoveMembers.newBuilder().addUserIds(max))));
            removed.awaitFrame(event(ConversationEvent::hasMembersRemoved));
            sequenced(owner, group(group -> group.setDissolve(DissolveGroup.newBuilder())));
            member.awaitFrame(event(ConversationEvent::hasGroupDissolved));

            for (ChatClient client : List.of(removed, member)) {
                assertEquals(2, viewOf(client, team).getUnread());
                client.request(
                        ClientFrame.newBuilder()
                                .setMarkRead(MarkConversationRead.newBuilder()
                                        .setConversationId(team)
                                        .setSeq(3)),
                        ServerFrame::hasAccepted);
                await().atMost(TIMEOUT).until(() -> viewOf(client, team).getUnread() == 0);
            }
        }
    }

    @Test
    void a_retried_edit_is_one_edit_and_a_reply_quotes_the_edited_text() {
        try (ChatClient owner = signedIn(olga);
                ChatClient member = signedIn(max)) {
            found(owner, JoinPolicy.OPEN, max);
            sequenced(owner, ChatClient.text(team, "m1", "helo"));
            ClientFrame edit = ClientFrame.newBuilder()
                    .setOperationId("op-1")
                    .setEdit(EditMessage.newBuilder()
                            .setConversationId(team)
                            .setSeq(2)
                            .setContent(
                                    ChatClient.text("", "", "hello").getSend().getContent()))
                    .build();
            Sequenced first = sequenced(owner, edit.toBuilder());
            Sequenced again = sequenced(owner, edit.toBuilder());
            ClientFrame.Builder reply = ChatClient.text(team, "m2", "hi");
            reply.getSendBuilder().setReplyTo(ReplyTo.newBuilder().setSeq(2).setQuote("forged"));
            sequenced(member, reply);

            assertEquals(first.getSeq(), again.getSeq());
            assertTrue(again.getDuplicate());
            assertEquals(
                    "hello",
                    awaitHistory(member, 1, 4)
                            .getLast()
                            .getMessageSent()
                            .getReplyTo()
                            .getQuote());
        }
    }

    @Test
    void a_large_group_reaches_connected_members_and_others_pull_later() {
        try (ChatClient owner = signedIn(olga);
                ChatClient member = signedIn(max)) {
            found(owner, JoinPolicy.OPEN, max, mia);
            sequenced(
                    owner,
                    group(group -> group.setAddMembers(AddMembers.newBuilder()
                            .addAllUserIds(IntStream.range(0, MANY)
                                    .mapToObj(n -> "x" + n + suffix)
                                    .toList()))));
            assertTrue(described(owner).getLarge());
            member.awaitFrame(head(team));
            sequenced(owner, ChatClient.text(team, "m1", "hello all"));
            assertEquals("hello all", text(member.awaitFrame(event(ConversationEvent::hasMessageSent))));

            try (ChatClient late = signedIn(mia)) {
                HeadNotice head = late.awaitFrame(head(team)).getHead();

                assertEquals(3, head.getLastSeq());
                assertEquals(1, head.getMessageIndex() - viewOf(late, team).getCountedIndex());
                awaitHistory(late, 1, 3);
                sequenced(member, ChatClient.text(team, "m2", "welcome"));
                assertEquals("welcome", text(late.awaitFrame(event(ConversationEvent::hasMessageSent))));
            }
        }
    }

    @Test
    void a_member_removed_from_a_large_group_receives_no_more_messages() {
        try (ChatClient owner = signedIn(olga);
                ChatClient member = signedIn(max)) {
            found(owner, JoinPolicy.OPEN, many(max, mia));
            member.awaitFrame(head(team));
            sequenced(
                    owner,
                    group(group ->
                            group.setRemoveMembers(RemoveMembers.newBuilder().addUserIds(max))));
            member.awaitFrame(event(ConversationEvent::hasMembersRemoved));
            sequenced(owner, ChatClient.text(team, "m1", "without max"));
            sequenced(owner, ChatClient.text("p:" + pair(olga, max), "m1", "a sign"));

            member.awaitFrame(frame -> text(frame).equals("a sign"));

            assertFalse(member.received().stream().anyMatch(frame -> text(frame).equals("without max")));
        }
    }

    @Test
    void a_room_exists_while_users_are_connected_to_it() {
        try (ChatClient first = signedIn(olga);
                ChatClient second = signedIn(max);
                ChatClient outside = signedIn(sam)) {
            join(first);
            first.awaitFrame(head(lobby, 1));
            sequenced(first, ChatClient.text(lobby, "m1", "anybody here?"));
            String id = join(second);
            first.awaitFrame(head(lobby, 2));
            await().atMost(TIMEOUT)
                    .until(() -> second.received().stream()
                            .anyMatch(frame -> frame.getId().equals(id) && frame.hasEvents()));
            sequenced(second, ChatClient.text(lobby, "m1", "yes"));
            assertEquals("yes", text(first.awaitFrame(event(ConversationEvent::hasMessageSent))));
            assertEquals(
                    Refusal.Reason.NOT_A_MEMBER,
                    refused(outside, ChatClient.text(lobby, "m1", "hello?")).getReason());

            second.close();

            await().atMost(TIMEOUT).until(() -> {
                List<HeadNotice> heads = first.received().stream()
                        .filter(ServerFrame::hasHead)
                        .map(ServerFrame::getHead)
                        .toList();
                return heads.getLast().getOnline() == 1;
            });
        }
    }

    @Test
    void a_room_counts_only_those_online_after_a_gateway_was_killed() throws Exception {
        try (RoleProcess gateway = tidings.startGatewayProcess("gateway", Map.of());
                ChatClient near = signedIn(olga);
                ChatClient far = tidings.connect(gateway.url(), max)) {
            join(near);
            join(far);
            near.awaitFrame(head(lobby, 2));

            gateway.kill();

            await().atMost(TIMEOUT)
                    .until(() -> near.received().stream()
                                    .filter(ServerFrame::hasHead)
                                    .toList()
                                    .getLast()
                                    .getHead()
                                    .getOnline()
                            == 1);
        }
    }

    private ChatClient signedIn(String user) {
        return ChatClient.signedIn(tidings.url(), user, "phone", Subprotocol.PROTO);
    }

    @Test
    void a_message_to_a_group_writes_no_view_of_members_who_only_receive_it() {
        String[] others = IntStream.range(0, FEW)
                .mapToObj(number -> "x" + number + suffix)
                .toArray(String[]::new);
        try (ChatClient owner = signedIn(olga);
                ChatClient member = signedIn(others[0])) {
            found(owner, JoinPolicy.OPEN, others);

            IntStream.rangeClosed(1, BURST).forEach(number -> owner.send(ChatClient.text(team, "m" + number, "hello")));
            owner.awaitFrame(frame -> frame.getSequenced().getSeq() == BURST + 1);

            Map<String, List<Long>> written = await().atMost(TIMEOUT)
                    .until(
                            this::writtenViews,
                            views -> views.size() == FEW + 1
                                    && views.getOrDefault(olga, List.of()).contains(BURST + 1L));
            await().atMost(TIMEOUT).until(() -> viewOf(member, team).getUnread() == BURST);
            for (String other : others) {
                assertEquals(List.of(1L), written.get(other), other);
            }
        }
    }

    /** Returns the last seqs with which INBOX has written the views of the team, by user. */
    private Map<String, List<Long>> writtenViews() {
        Map<String, List<Long>> seqs = new TreeMap<>();
        for (ConsumerRecord<String, ViewRecord> record : tidings.business().committed(VIEWS)) {
            if (StoreKey.second(record.key()).equals(team)) {
                seqs.computeIfAbsent(StoreKey.first(record.key()), user -> new ArrayList<>())
                        .add(record.value().getLastSeq());
            }
        }
        return seqs;
    }

    private void found(ChatClient owner, JoinPolicy policy, String... members) {
        sequenced(
                owner,
                group(group -> group.setCreate(CreateGroup.newBuilder()
                        .setProfile(
                                GroupProfile.newBuilder().setName("The team").setJoinPolicy(policy))
                        .addAllMembers(List.of(members)))));
    }

    private String[] many(String... some) {
        List<String> all = new ArrayList<>(List.of(some));
        IntStream.range(0, MANY).forEach(number -> all.add("x" + number + suffix));
        return all.toArray(String[]::new);
    }

    private ClientFrame.Builder group(UnaryOperator<GroupCommand.Builder> what) {
        return ClientFrame.newBuilder()
                .setGroup(what.apply(GroupCommand.newBuilder().setConversationId(team)));
    }

    private ClientFrame.Builder pull(long from, long to) {
        return ClientFrame.newBuilder()
                .setPull(Pull.newBuilder()
                        .setConversationId(team)
                        .setFromSeq(from)
                        .setToSeq(to));
    }

    private String join(ChatClient client) {
        return client.send(ClientFrame.newBuilder()
                .setRoom(Room.newBuilder().setConversationId(lobby).setJoin(JoinRoom.getDefaultInstance())));
    }

    private static Sequenced sequenced(ChatClient client, ClientFrame.Builder frame) {
        ServerFrame answer = client.request(frame, some -> some.hasSequenced() || some.hasRefused() || some.hasError());
        assertTrue(answer.hasSequenced(), answer::toString);
        return answer.getSequenced();
    }

    private static Refusal refused(ChatClient client, ClientFrame.Builder frame) {
        return client.request(frame, ServerFrame::hasRefused).getRefused();
    }

    private GroupDescription described(ChatClient client) {
        return client.request(group(group -> group.setDescribe(DescribeGroup.newBuilder())), ServerFrame::hasGroup)
                .getGroup();
    }

    /** Pulls until history, which lags behind deliveries, has all messages. It must then have exactly these seqs. */
    private List<ConversationEvent> awaitHistory(ChatClient client, long from, long to) {
        List<ConversationEvent> events = new ArrayList<>();
        await().atMost(TIMEOUT).until(() -> {
            Events answer = client.request(pull(1, 0), ServerFrame::hasEvents).getEvents();
            events.clear();
            events.addAll(answer.getEventsList());
            return !events.isEmpty() && events.getLast().getSeq() == to;
        });
        assertEquals(from, events.getFirst().getSeq());
        assertEquals(to - from + 1, events.size());
        return events;
    }

    private static ConversationView viewOf(ChatClient client, String conversation) {
        return client
                .request(
                        ClientFrame.newBuilder().setSync(Sync.newBuilder().setMode(SyncMode.FULL)),
                        ServerFrame::hasSyncPage)
                .getSyncPage()
                .getViewsList()
                .stream()
                .filter(view -> view.getConversationId().equals(conversation))
                .findFirst()
                .orElseThrow();
    }

    private static Predicate<ServerFrame> event(Predicate<ConversationEvent> fits) {
        return frame -> frame.hasEvents()
                && frame.getEvents().getDeliverySeq() > 0
                && frame.getEvents().getEventsList().stream().anyMatch(fits);
    }

    private static Predicate<ServerFrame> head(String conversation) {
        return frame -> frame.hasHead() && frame.getHead().getConversationId().equals(conversation);
    }

    private static Predicate<ServerFrame> head(String conversation, int online) {
        return head(conversation).and(frame -> frame.getHead().getOnline() == online);
    }

    private static String text(ServerFrame frame) {
        return frame.getEvents().getEventsList().stream()
                .map(event -> event.getMessageSent().getContent().getText().getBody())
                .filter(body -> !body.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static String pair(String one, String other) {
        return one.compareTo(other) < 0 ? one + ':' + other : other + ':' + one;
    }
}
