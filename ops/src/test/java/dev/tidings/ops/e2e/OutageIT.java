package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.Gateway;
import dev.tidings.ops.chaos.ShiftedClock;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.BusinessSendToMany;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Content;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.DescribeReceipts;
import dev.tidings.v1.GatewayBeat;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.JoinRoom;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.Policy;
import dev.tidings.v1.Room;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.Send;
import dev.tidings.v1.SendFlags;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Sync;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.TextContent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One user attacks while {@link Bystanders} exchange messages in every partition undisturbed. Prints how long their slowest
 * message took. Attacks on the memory of a gateway are in {@link SlowClientsIT}.
 */
@Timeout(300)
class OutageIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(120);
    private static final int UNKNOWN_FIELD = 99;
    private static final int GROUPS = 15_000;
    private static final int GROUPS_AT_ONCE = 500;
    private static final int ROOMS = 500;
    private static final int ROOMS_PER_CONNECTION = 100;
    private static final int MESSAGES_PER_ROOM = 10;

    /** More than a push connector attempts at once. */
    private static final int STALLED_USERS = 40;

    private static final int NEIGHBOUR_SLOT = 4;

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne().withWebhook();

    private static final BusinessSystem operator = tidings.business();

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String mallory = "mallory-" + suffix;
    private final String victim = "victim-" + suffix;
    private final String pair = "p:" + mallory + ":" + victim;

    @Test
    void unknown_fields_of_any_size_in_every_sub_message_of_a_send_disturb_no_one() throws Exception {
        try (Bystanders bystanders = bystanders("unknown fields");
                ChatClient attacker = ChatClient.signedIn(tidings.url(), mallory, "phone", Subprotocol.PROTO)) {
            int number = 0;
            for (int limit : new int[] {Limits.COMMAND, Limits.FRAME}) {
                for (int over = -2_000; over <= 2_000; over += 400) {
                    int padding = Math.min(limit + over, Limits.FRAME - 1_000);
                    for (Send.Builder send : padded(padding, "m" + number++)) {
                        attacker.request(
                                ClientFrame.newBuilder().setSend(send),
                                frame -> frame.hasSequenced() || frame.hasRefused() || frame.hasError());
                    }
                }
            }
        }
    }

    @Test
    void a_frame_over_the_limit_ends_the_connection_of_its_sender_alone() throws Exception {
        try (Bystanders bystanders = bystanders("frames over the limit")) {
            for (int over = 1; over <= 2_001; over += 500) {
                try (ChatClient attacker = ChatClient.signedIn(tidings.url(), mallory, "phone", Subprotocol.PROTO)) {
                    attacker.writeRaw(new byte[Limits.FRAME + over]);
                    assertEquals(1009, attacker.awaitClose());
                }
            }
        }
    }

    @Test
    void receipts_of_one_message_a_hundred_times_in_a_group_of_four_hundred_are_answered() throws Exception {
        String group = "g:receipts-" + suffix;
        try (Bystanders bystanders = bystanders("receipts");
                ChatClient attacker = ChatClient.signedIn(tidings.url(), mallory, "phone", Subprotocol.PROTO)) {
            attacker.request(create(group, 400), ServerFrame::hasSequenced);
            attacker.request(ChatClient.text(group, "m1", "read this"), ServerFrame::hasSequenced);
            for (boolean withUsers : new boolean[] {false, true}) {
                attacker.request(
                        ClientFrame.newBuilder()
                                .setReceipts(DescribeReceipts.newBuilder()
                                        .setConversationId(group)
                                        .addAllSeqs(Collections.nCopies(100, 2L))
                                        .setWithUsers(withUsers)),
                        frame -> frame.hasReceipts() || frame.hasRefused() || frame.hasError());
            }
        }
    }

    @Test
    void a_user_of_fifteen_thousand_large_groups_connects() throws Exception {
        try (Bystanders bystanders = bystanders("15,000 large groups");
                ChatClient attacker = ChatClient.signedIn(tidings.url(), mallory, "phone", Subprotocol.PROTO)) {
            setLargeGroupThreshold(2);
            for (int number = 0; number < GROUPS; number += GROUPS_AT_ONCE) {
                int first = number;
                IntStream.range(0, GROUPS_AT_ONCE)
                        .forEach(next -> attacker.send(create("g:many-" + suffix + '-' + (first + next), 3)));
                await().atMost(TIMEOUT)
                        .until(() -> attacker.received().stream()
                                        .filter(frame -> frame.hasSequenced() || frame.hasRefused() || frame.hasError())
                                        .count()
                                >= GROUPS_AT_ONCE);
                attacker.received().clear();
            }
            for (int device = 0; device < 20; device++) {
                ChatClient.signedIn(tidings.url(), mallory, "device-" + device, Subprotocol.PROTO)
                        .close();
            }
            setLargeGroupThreshold(500);
        }
    }

    @Test
    void a_user_of_ten_thousand_conversations_connects_a_thousand_times() throws Exception {
        try (Bystanders bystanders = bystanders("a request to 10,000 users")) {
            operator.send(0, toMany(10_000).toByteArray(), "application/x-protobuf");
            operator.awaitReplies("many-" + suffix, 10_000);
        }
        try (Bystanders bystanders = bystanders("1,000 connects with 10,000 conversations")) {
            String token = ChatClient.devToken(tidings.url(), mallory);
            AtomicInteger synced = new AtomicInteger();
            try (ExecutorService attackers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int connect = 0; connect < 1_000; connect++) {
                    String device = "device-" + connect % 16;
                    attackers.submit(() -> {
                        if (connectAndSync(token, device)) {
                            synced.incrementAndGet();
                        }
                    });
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
                }
            }
            assertTrue(synced.get() >= 100, () -> "the attack is real: " + synced + " of 1,000 connects are synced");
        }
    }

    @Test
    void five_hundred_filled_rooms_on_a_gateway_that_dies_are_emptied_and_their_seqs_continue() throws Exception {
        try (RoleProcess doomed = tidings.startGatewayProcess("doomed", Map.of("gateway.slot", "9"));
                Bystanders bystanders = bystanders("500 filled rooms on a dying gateway")) {
            List<ChatClient> hosts = new ArrayList<>();
            for (int first = 0; first < ROOMS; first += ROOMS_PER_CONNECTION) {
                ChatClient host = tidings.connect(doomed.url(), mallory + first);
                hosts.add(host);
                fill(host, first, first + ROOMS_PER_CONNECTION);
            }
            doomed.kill();

            try (ChatClient next = ChatClient.signedIn(tidings.url(), victim, "phone", Subprotocol.PROTO)) {
                for (int room = 0; room < ROOMS; room += 50) {
                    next.request(join(room(room)), ServerFrame::hasApplied);
                    long seq = next.request(ChatClient.text(room(room), "again", "again"), ServerFrame::hasSequenced)
                            .getSequenced()
                            .getSeq();
                    assertEquals(MESSAGES_PER_ROOM + 1, seq);
                }
            }
            hosts.forEach(ChatClient::close);
        }
    }

    @Test
    void a_mebibyte_in_a_record_of_the_log_becomes_a_small_dead_letter() throws Exception {
        // no gateway writes such a record, but another producer may
        try (Bystanders bystanders = bystanders("oversized records")) {
            for (int over = 0; over <= 2_000; over += 500) {
                operator.send(0, new byte[1_046_000 + over], "application/x-protobuf");
            }
            await().atMost(TIMEOUT)
                    .until(() -> operator.committed(Topics.DEAD_LETTERS).size() >= 5);
            assertTrue(
                    operator.committed(Topics.DEAD_LETTERS).stream()
                            .allMatch(letter -> letter.serializedValueSize() <= Limits.DEAD_LETTER),
                    "every dead letter is within its limit");
        }
    }

    @Test
    void a_webhook_that_stalls_after_its_headers_delays_no_push_to_others() throws Exception {
        List<String> stalled = IntStream.range(0, STALLED_USERS)
                .mapToObj(number -> "stalled-" + number + '-' + suffix)
                .toList();
        tidings.webhook().stallFor(stalled::contains);
        try (Bystanders bystanders = bystanders("a stalling webhook");
                ChatClient sender = ChatClient.signedIn(tidings.url(), mallory, "phone", Subprotocol.PROTO)) {
            registerPushAndLeave(
                    Stream.concat(stalled.stream(), Stream.of(victim)).toList(), sender);
            for (String user : stalled) {
                sendTo(user, "stall", sender);
            }
            await().atMost(TIMEOUT)
                    .until(() -> tidings.webhook().of(stalled.getLast()).size() == 1);
            sendTo(victim, "urgent", sender);

            await().atMost(TIMEOUT).until(() -> !tidings.webhook().of(victim).isEmpty());
            for (String user : stalled) {
                assertEquals(1, tidings.webhook().of(user).size(), "status 200 is a success, whatever follows");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, -10})
    void a_gateway_whose_clock_is_minutes_off_takes_no_slot_and_drops_nothing(int minutes) throws Exception {
        String option = ShiftedClock.jvmOption(tidings.directory(), Duration.ofMinutes(minutes));
        try (Bystanders bystanders = bystanders("a gateway whose clock is " + minutes + " min off");
                Gateway neighbour = tidings.startGateway(Map.of("gateway.slot", Integer.toString(NEIGHBOUR_SLOT)));
                ChatClient near = tidings.connect(TidingsExtension.urlOf(neighbour), victim)) {
            List<Long> epochs = epochsOf(0, NEIGHBOUR_SLOT);
            try (RoleProcess shifted = tidings.startGatewayProcess("clock" + minutes, Map.of(), option)) {
                // the log is read up to two minutes after the line was written
                assertEquals(minutes, startedAfterMillis(shifted.log()) / 60_000.0, 3, "the clock is shifted");
                try (ChatClient far = tidings.connect(shifted.url(), mallory)) {
                    far.registerPush("phone", "token-of-mallory");
                    far.request(expiring("to-near"), ServerFrame::hasSequenced);
                    near.awaitFrame(frame -> carries(frame, "to-near"));
                    near.request(expiring("to-far"), ServerFrame::hasSequenced);
                    far.awaitFrame(frame -> carries(frame, "to-far"));
                }
            }
            await().atMost(TIMEOUT).until(() -> !tidings.webhook().of(mallory).isEmpty());

            near.request(ChatClient.text(pair, "after", "after"), ServerFrame::hasSequenced);
            assertTrue(near.received().stream().noneMatch(ServerFrame::hasDisconnect));
            assertEquals(epochs, epochsOf(0, NEIGHBOUR_SLOT), "nothing claims the slot of a living gateway");
        }
    }

    /** Connects a phone of each user, registers it for push and disconnects it. */
    private static void registerPushAndLeave(List<String> users, ChatClient witness) {
        List<ChatClient> phones = users.stream()
                .map(user -> ChatClient.signedIn(tidings.url(), user, "phone", Subprotocol.PROTO))
                .toList();
        phones.forEach(phone -> phone.registerPush("phone", "token"));
        phones.forEach(ChatClient::close);
        users.forEach(witness::awaitOffline);
    }

    private void sendTo(String user, String name, ChatClient sender) {
        String conversation = ConversationId.between(mallory, user).toString();
        sender.request(ChatClient.text(conversation, name, name), ServerFrame::hasSequenced);
    }

    /** Returns a message that expires in five minutes by the clock of this process, which is right. */
    private ClientFrame.Builder expiring(String name) {
        ClientFrame.Builder frame = ChatClient.text(pair, name, name);
        frame.getSendBuilder().setExpiresAt(Timestamps.fromMillis(System.currentTimeMillis() + 300_000));
        return frame;
    }

    private static boolean carries(ServerFrame frame, String clientMsgId) {
        return frame.getEvents().getEventsList().stream()
                .anyMatch(event -> event.getMessageSent().getClientMsgId().equals(clientMsgId));
    }

    private static List<Long> epochsOf(Integer... slots) {
        List<GatewayBeat> beats = operator.committed(Topics.GATEWAYS).stream()
                .map(ConsumerRecord::value)
                .filter(Objects::nonNull) // a probe has no value
                .toList();
        return Stream.of(slots)
                .map(slot -> beats.stream()
                        .filter(beat -> beat.getSlot() == slot)
                        .mapToLong(GatewayBeat::getEpoch)
                        .max()
                        .orElseThrow())
                .toList();
    }

    /** Returns by how much the first time in a log is later than the time now. */
    private static long startedAfterMillis(String log) {
        String line = log.lines()
                .filter(text -> text.contains("gateway listens"))
                .findFirst()
                .orElseThrow();
        return Duration.between(Instant.now(), Instant.parse(line.substring(0, line.indexOf(' '))))
                .toMillis();
    }

    private static Bystanders bystanders(String attack) {
        return Bystanders.start(tidings.url(), tidings.conversationPartitions(), attack);
    }

    private void setLargeGroupThreshold(int members) {
        BusinessReply reply = operator.ask(BusinessCommand.newBuilder()
                .setRequestId("threshold-" + members + '-' + suffix)
                .setAsSystem(true)
                .setRules(
                        RulesCommand.newBuilder().setPolicy(Policy.newBuilder().setLargeGroupThreshold(members))));
        assertTrue(reply.hasApplied() || reply.hasUnchanged(), reply::toString);
    }

    private BusinessCommand toMany(int users) {
        return BusinessCommand.newBuilder()
                .setRequestId("many-" + suffix)
                .setActor(mallory)
                .setSendToMany(BusinessSendToMany.newBuilder()
                        .addAllUserIds(IntStream.range(0, users)
                                .mapToObj(number -> "u" + number + '-' + suffix)
                                .toList())
                        .setClientMsgId("many-" + suffix)
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder().setBody("hello"))))
                .build();
    }

    /**
     * Connects and syncs. The gateway may reject the connection or replace it by a later one.
     *
     * @return whether it was synced
     */
    private static boolean connectAndSync(String token, String device) {
        try (ChatClient client = new ChatClient(tidings.url(), Subprotocol.PROTO)) {
            client.send(ChatClient.connect(token, device));
            client.awaitFrame(frame -> frame.hasConnected() || frame.hasError() || frame.hasDisconnect());
            client.send(ClientFrame.newBuilder().setSync(Sync.newBuilder().setMode(SyncMode.FAST)));
            return client.awaitFrame(frame -> frame.hasSyncPage() || frame.hasError() || frame.hasDisconnect())
                    .hasSyncPage();
        }
    }

    /** Fills the rooms at once: waiting for each answer would take minutes. */
    private void fill(ChatClient host, int firstRoom, int endRoom) {
        IntStream.range(firstRoom, endRoom).forEach(room -> host.send(join(room(room))));
        awaitAnswers(host, ServerFrame::hasApplied, endRoom - firstRoom);
        for (int message = 0; message < MESSAGES_PER_ROOM; message++) {
            String name = "m" + message;
            IntStream.range(firstRoom, endRoom).forEach(room -> host.send(ChatClient.text(room(room), name, "filled")));
        }
        awaitAnswers(host, ServerFrame::hasSequenced, (endRoom - firstRoom) * MESSAGES_PER_ROOM);
    }

    private static void awaitAnswers(ChatClient client, Predicate<ServerFrame> fits, int count) {
        await().atMost(TIMEOUT)
                .until(() -> client.received().stream().filter(fits).count() >= count);
    }

    private String room(int number) {
        return "r:filled-" + suffix + '-' + number;
    }

    private static ClientFrame.Builder join(String room) {
        return ClientFrame.newBuilder()
                .setRoom(Room.newBuilder().setConversationId(room).setJoin(JoinRoom.getDefaultInstance()));
    }

    private ClientFrame.Builder create(String groupId, int members) {
        return ClientFrame.newBuilder()
                .setGroup(GroupCommand.newBuilder()
                        .setConversationId(groupId)
                        .setCreate(CreateGroup.newBuilder()
                                .setProfile(GroupProfile.newBuilder().setName("many"))
                                .addAllMembers(IntStream.range(1, members)
                                        .mapToObj(number -> "member-" + number + "-" + suffix)
                                        .toList())));
    }

    /** Returns one message for each sub-message that has an unknown field of so many bytes. */
    private List<Send.Builder> padded(int bytes, String name) {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(
                        UNKNOWN_FIELD,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFrom(new byte[bytes]))
                                .build())
                .build();
        Content content = Content.newBuilder()
                .setText(TextContent.newBuilder().setBody("hello"))
                .build();
        Send.Builder plain = Send.newBuilder().setConversationId(pair).setContent(content);
        return List.of(
                plain.clone().setClientMsgId(name + "a").setUnknownFields(unknown),
                plain.clone()
                        .setClientMsgId(name + "b")
                        .setFlags(SendFlags.newBuilder().setUnknownFields(unknown)),
                plain.clone()
                        .setClientMsgId(name + "c")
                        .setMentions(Mentions.newBuilder().setUnknownFields(unknown)),
                plain.clone()
                        .setClientMsgId(name + "d")
                        .setContent(content.toBuilder().setUnknownFields(unknown)),
                plain.clone()
                        .setClientMsgId(name + "e")
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder()
                                        .setBody("hello")
                                        .setUnknownFields(unknown))));
    }
}
