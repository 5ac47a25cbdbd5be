package dev.tidings.processors.limits;

import static dev.tidings.processors.limits.LargestParts.GROUP;
import static dev.tidings.processors.limits.LargestParts.pair;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.TestRecords;
import dev.tidings.processors.TestSeed;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.check.UserCommandCheck;
import dev.tidings.v1.Command;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.UserCommand;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Whatever commands say, as long as their checks allow it: no output and no state value exceeds its limit, and none of them
 * becomes a dead letter. Prints its seed, and takes it back as {@code -Dtidings.seed=<seed>}.
 */
@Execution(ExecutionMode.CONCURRENT)
class LimitsTest {

    private static final TopicLayout ONE_PARTITION = new TopicLayout(1, 1, LargestParts.SLOTS, (short) 1);
    private static final String FULL_GROUP = "g:" + "F".repeat(64);

    private static final Map<String, Integer> LIMITS = Map.ofEntries(
            Map.entry(Topics.CONVERSATION_EVENTS.name(), Limits.EVENT),
            Map.entry(Topics.INBOX.name(), Limits.INBOX_RECORD),
            Map.entry(Topics.DELIVERIES.name(), Limits.DELIVERY),
            Map.entry(Topics.BUSINESS_REPLIES.name(), Limits.BUSINESS_REPLY),
            Map.entry(Topics.MODERATION.name(), Limits.MODERATION_CASE),
            Map.entry(Topics.BANS.name(), Limits.BAN),
            Map.entry(Topics.DIRECTORY_COMMANDS.name(), Limits.DIRECTORY_COMMAND),
            Map.entry(Topics.USER_EVENTS.name(), Limits.USER_EVENT),
            Map.entry(Topics.NOTIFICATIONS.name(), Limits.NOTIFICATION),
            Map.entry(Topics.COMMANDS.name(), Limits.COMMAND),
            Map.entry(Topics.AUDIT.name(), Limits.AUDIT_RECORD));

    private final long seed = TestSeed.get();
    private final Random random = new Random(seed);
    private final LargestCommands largest = new LargestCommands(random);
    private final LargestUserCommands largestOfUsers = new LargestUserCommands(random);
    private final Map<String, Integer> largestSeen = new TreeMap<>();
    private final DrivenTopology conversation = DrivenTopology.conversation(ONE_PARTITION, StateStore.Kind.MEMORY);
    private final DrivenTopology inbox = DrivenTopology.inbox(ONE_PARTITION, StateStore.Kind.MEMORY);
    private long millis = TestRecords.EPOCH_MILLIS;

    LimitsTest() {
        System.out.println("tidings.seed=" + seed);
    }

    @Test
    void nothing_that_a_conversation_decides_exceeds_its_limit() {
        try (conversation) {
            decide(largest.policy());
            fill(GROUP, 5_000);
            List<Command.BodyCase> bodies = bodies(Command.BodyCase.BODY_NOT_SET, Command.BodyCase.FORGET_EVENTS);
            for (int i = 0; i < 300; i++) {
                Command.BodyCase body = i < bodies.size() ? bodies.get(i) : bodyOf(bodies);
                decide(largest.command(body, 1 + random.nextInt(6 + i / 2), 5_000));
            }
        }
    }

    /** The extremes that can be reached, so that a limit which is much too small is noticed whatever the seed. */
    @Test
    void a_conversation_reaches_its_limits() {
        try (conversation) {
            decide(largest.policy());
            decide(largest.bans());
            fill(FULL_GROUP, 1_000);
            for (int user = 10_000; user < 10_200; user++) {
                decide(largest.join(FULL_GROUP, user));
            }
            decide(largest.describe(FULL_GROUP));
            addUpTo(FULL_GROUP, 1_000, 5_000);
            decide(largest.message(FULL_GROUP, 0));
            decide(largest.add(FULL_GROUP, 5_000, 6_000));
        }
        // 5,000 members and the 1,000 who are added are named to one partition
        requireSeen(Topics.INBOX.name(), Limits.INBOX_RECORD * 85 / 100);
        // 1,000 users and the profile; half of the limit is for ids that are shorter than what a command may hold
        requireSeen(Topics.CONVERSATION_EVENTS.name(), Limits.EVENT / 2);
        // 1,000 members, and 200 who want to join and say so in 500 bytes
        requireSeen("answer", Limits.ANSWER * 70 / 100);
        // the first users of a long list
        requireSeen(Topics.AUDIT.name(), 1_000);
        // a device id of 128 bytes
        requireSeen(Topics.BANS.name(), Limits.BAN / 2);
    }

    @Test
    void nothing_that_users_see_exceeds_its_limit() {
        try (conversation;
                inbox) {
            take(decide(largest.create(GROUP, 30)));
            List<Command.BodyCase> bodies =
                    bodies(Command.BodyCase.BODY_NOT_SET, Command.BodyCase.FORGET_EVENTS, Command.BodyCase.RULES);
            List<UserCommand.BodyCase> userBodies = Stream.of(UserCommand.BodyCase.values())
                    .filter(body -> body != UserCommand.BodyCase.BODY_NOT_SET)
                    .toList();
            for (int user = 0; user < 3; user++) {
                registerDevices(user);
            }
            for (int i = 0; i < 1_000; i++) {
                if (random.nextInt(3) == 0) {
                    take(decide(largest.command(bodyOf(bodies), 1 + random.nextInt(2 + i / 5), 30)));
                } else {
                    take(largestOfUsers.userCommand(
                            userBodies.get(random.nextInt(userBodies.size())), random.nextInt(3)));
                }
            }
        }
    }

    @Test
    void what_users_see_reaches_its_limits() {
        int user = 1;
        try (conversation;
                inbox) {
            take(decide(largest.create(GROUP, 3)));
            registerDevices(user);
            for (int slot = 0; slot < LargestParts.SLOTS; slot++) {
                take(largestOfUsers.gone(slot));
            }
            take(decide(largest.message(GROUP, 0)));
            for (int i = 0; i < 2_100; i++) {
                take(decide(largest.mention(GROUP, 0, user)));
            }
            for (long seq = 3; seq < 2_000; seq += 200) {
                take(decide(largest.deleteEverySecond(GROUP, user, seq)));
            }
            take(largestOfUsers.userCommand(UserCommand.BodyCase.CHANGE_SETTINGS, user));
            take(largestOfUsers.settings(user, GROUP));
            for (int other = 10; other < 80; other++) {
                take(largestOfUsers.settings(user, pair(user, other)));
            }
            take(largestOfUsers.sync(user));
            for (int watcher = 0; watcher < 1_000; watcher++) {
                take(largestOfUsers.watch(user, watcher));
            }
        }
        // 64 devices, each with the longest token
        requireSeen(Topics.NOTIFICATIONS.name(), Limits.NOTIFICATION * 80 / 100);
        // the same devices; other state values may have grown more
        requireSeen("devices", Limits.STATE_VALUE / 2);
        // 1,000 sessions that watch
        requireSeen("presence", Limits.STATE_VALUE / 5);
        // all lists of a view are full; with seqs of two bytes here, but of up to nine in a conversation of many years
        requireSeen("views", Limits.VIEW * 40 / 100);
        // of the lists, users see the deleted ranges
        requireSeen(Topics.USER_EVENTS.name(), Limits.USER_EVENT / 4);
        // pages are cut before the view that does not fit, of about 8 kB here
        requireSeen("page", Limits.PAGE * 95 / 100);
    }

    private static List<Command.BodyCase> bodies(Command.BodyCase... without) {
        return Stream.of(Command.BodyCase.values())
                .filter(body -> !List.of(without).contains(body))
                .toList();
    }

    private void fill(String group, int members) {
        decide(largest.create(group, 1_000));
        addUpTo(group, 1_000, members);
    }

    private void addUpTo(String group, int from, int members) {
        for (int next = from; next < members; next += 1_000) {
            decide(largest.add(group, next, next + 1_000));
        }
    }

    private void registerDevices(int user) {
        for (int device = 0; device < 64; device++) {
            take(largestOfUsers.open(user, device));
            take(largestOfUsers.registerPush(user, device));
        }
    }

    /** Messages are the largest; so there are more of them. */
    private Command.BodyCase bodyOf(List<Command.BodyCase> bodies) {
        return random.nextInt(4) == 0 ? Command.BodyCase.SEND_MESSAGE : bodies.get(random.nextInt(bodies.size()));
    }

    /** @return what goes to inboxes */
    private List<InboxRecord> decide(Command command) {
        millis += 100;
        conversation.pipeBytes(
                Topics.COMMANDS,
                Topics.COMMANDS.key().serializer().serialize("", command.getConversationId()),
                command.toByteArray(),
                new RecordHeaders(),
                millis);
        Map<String, List<TestRecord<byte[], byte[]>>> written = conversation.readBytes();
        requireLimits(
                conversation, command.getBodyCase() + " " + command.getGroup().getBodyCase(), written);
        return written.getOrDefault(Topics.INBOX.name(), List.of()).stream()
                .map(record -> Topics.INBOX.value().deserializer().deserialize("", record.value()))
                .toList();
    }

    private void take(List<InboxRecord> records) {
        for (InboxRecord record : records) {
            inbox.pipe(Topics.INBOX, 0, record, millis);
            requireLimits(inbox, "INBOX " + record.getEvent().getBodyCase(), inbox.readBytes());
        }
    }

    private void take(UserCommand command) {
        millis += 100;
        inbox.pipeBytes(
                Topics.USER_COMMANDS,
                Topics.USER_COMMANDS.key().serializer().serialize("", command.getUserId()),
                command.toByteArray(),
                new RecordHeaders(),
                millis);
        requireLimits(inbox, command.getBodyCase().toString(), inbox.readBytes());
    }

    private void requireLimits(
            DrivenTopology topology, String cause, Map<String, List<TestRecord<byte[], byte[]>>> written) {
        written.forEach((topic, records) -> {
            String store = topology.storeOf(topic);
            String what = cause + " -> " + topic + ", -Dtidings.seed=" + seed;
            assertEquals(false, topic.equals(Topics.DEAD_LETTERS.name()), () -> what + ": " + reason(records));
            for (TestRecord<byte[], byte[]> record : records) {
                int size = record.value() == null ? 0 : record.value().length;
                largestSeen.merge(store == null ? topic : store, size, Math::max);
                if (topic.equals(Topics.DELIVERIES.name())) {
                    requireLimits(what, Topics.DELIVERIES.value().deserializer().deserialize("", record.value()));
                }
                assertTrue(size <= limit(topic, store, record), () -> what + ": " + size);
                assertTrue(size + record.key().length + sizeOf(record) <= Limits.RECORD, () -> what + ": " + size);
            }
        });
    }

    /** An answer has a limit of its own within the delivery, and so has a page. */
    private void requireLimits(String what, Delivery delivery) {
        int answer = Math.max(
                delivery.getAnswer().getSerializedSize(),
                delivery.getUserAnswer().getSerializedSize());
        int page = delivery.getSyncAnswer().getSerializedSize();
        largestSeen.merge("answer", answer, Math::max);
        largestSeen.merge("page", page, Math::max);
        assertTrue(answer <= Limits.ANSWER, () -> what + ": an answer of " + answer);
        assertTrue(page <= Limits.PAGE, () -> what + ": a page of " + page);
    }

    private static int limit(
            String topic, @org.jspecify.annotations.Nullable String store, TestRecord<byte[], byte[]> record) {
        if (topic.equals(Topics.USER_COMMANDS.name())) {
            return UserCommandCheck.maxBytes(
                    Topics.USER_COMMANDS.value().deserializer().deserialize("", record.value()));
        }
        if (store == null) {
            return LIMITS.getOrDefault(topic, 0);
        }
        return store.equals("views") ? Limits.VIEW : Limits.STATE_VALUE;
    }

    private static String reason(List<TestRecord<byte[], byte[]>> letters) {
        StringBuilder reason = new StringBuilder();
        for (Header header : letters.getFirst().headers()) {
            reason.append(header.key())
                    .append('=')
                    .append(new String(header.value(), java.nio.charset.StandardCharsets.UTF_8))
                    .append('\n');
        }
        return reason.toString();
    }

    private static int sizeOf(TestRecord<byte[], byte[]> record) {
        int size = 0;
        for (Header header : record.headers()) {
            size += 10 + header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return size;
    }

    private void requireSeen(String what, int bytes) {
        assertTrue(
                largestSeen.getOrDefault(what, 0) > bytes,
                () -> "the largest " + what + " should have more than " + bytes + " bytes: " + largestSeen
                        + ", -Dtidings.seed=" + seed);
    }
}
