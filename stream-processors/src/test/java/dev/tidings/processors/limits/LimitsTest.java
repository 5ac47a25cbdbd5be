package dev.tidings.processors.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.Said;
import dev.tidings.processors.parts.StateStore;
import dev.tidings.schemas.Limits;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Command;
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

/**
 * Whatever commands say, as long as their checks allow it: no output and no state value exceeds its limit, and none of them
 * becomes a dead letter. Prints its seed, and takes it back as {@code -Dtidings.seed=<seed>}.
 */
class LimitsTest {

    private static final TopicLayout ONE_PARTITION = new TopicLayout(1, 1, LargestCommands.SLOTS, (short) 1);
    private static final Map<String, Integer> LIMITS = Map.of(
            Topics.CONVERSATION_EVENTS.name(), Limits.EVENT,
            Topics.INBOX.name(), Limits.INBOX_RECORD,
            Topics.DELIVERIES.name(), Limits.DELIVERY,
            Topics.BUSINESS_REPLIES.name(), Limits.BUSINESS_REPLY,
            Topics.MODERATION.name(), Limits.MODERATION_CASE,
            Topics.USER_EVENTS.name(), Limits.USER_EVENT,
            Topics.NOTIFICATIONS.name(), Limits.NOTIFICATION,
            Topics.COMMANDS.name(), Limits.COMMAND,
            Topics.USER_COMMANDS.name(), Limits.USER_COMMAND);

    private final long seed = Long.getLong("tidings.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final LargestCommands largest = new LargestCommands(random);
    private final Map<String, Integer> largestSeen = new TreeMap<>();
    private final DrivenTopology conversation = DrivenTopology.conversation(ONE_PARTITION, StateStore.Kind.MEMORY);
    private final DrivenTopology inbox = DrivenTopology.inbox(ONE_PARTITION, StateStore.Kind.MEMORY);
    private long millis = Said.EPOCH_MILLIS;

    LimitsTest() {
        System.out.println("tidings.seed=" + seed);
    }

    @Test
    void nothing_that_a_conversation_decides_exceeds_its_limit() {
        try (conversation;
                inbox) {
            decide(largest.policy());
            decide(largest.create(1_000));
            for (int from = 1_000; from < 5_000; from += 1_000) {
                decide(largest.add(from, from + 1_000));
            }
            List<Command.BodyCase> bodies = Stream.of(Command.BodyCase.values())
                    .filter(body -> body != Command.BodyCase.BODY_NOT_SET && body != Command.BodyCase.DESCRIBE_RECEIPTS)
                    .toList();
            for (int i = 0; i < 300; i++) {
                Command.BodyCase body = i < bodies.size() ? bodies.get(i) : bodyOf(bodies);
                decide(largest.command(body, 1 + random.nextInt(6 + i / 2), 5_000));
            }
            decide(largest.add(5_000, 6_000));
            decide(largest.add(6_000, 7_000));
        }
        // near enough to its limit that a limit which is much too small would be noticed
        assertTrue(seen(Topics.INBOX.name()) > 400_000, largestSeen::toString);
        assertTrue(seen(Topics.CONVERSATION_EVENTS.name()) > 70_000, largestSeen::toString);
    }

    @Test
    void nothing_that_users_see_exceeds_its_limit() {
        try (conversation;
                inbox) {
            take(decide(largest.create(30)));
            List<Command.BodyCase> bodies = Stream.of(Command.BodyCase.values())
                    .filter(body -> body != Command.BodyCase.BODY_NOT_SET && body != Command.BodyCase.RULES)
                    .toList();
            for (int user = 0; user < 3; user++) {
                for (int device = 0; device < 64; device++) {
                    take(largest.open(user, device));
                    take(largest.registerPush(user, device));
                }
            }
            for (int slot = 0; slot < LargestCommands.SLOTS; slot++) {
                take(largest.gone(slot));
            }
            take(decide(largest.message(5)));
            UserCommand.BodyCase[] userBodies = UserCommand.BodyCase.values();
            for (int i = 0; i < 1_500; i++) {
                if (random.nextInt(3) == 0) {
                    take(decide(largest.command(bodyOf(bodies), 1 + random.nextInt(2 + i / 5), 30)));
                } else {
                    UserCommand.BodyCase body = userBodies[random.nextInt(userBodies.length)];
                    if (body != UserCommand.BodyCase.BODY_NOT_SET) {
                        take(largest.userCommand(body, random.nextInt(3)));
                    }
                }
            }
        }
        assertTrue(seen(Topics.USER_EVENTS.name()) > 10_000, largestSeen::toString);
        assertTrue(seen(Topics.INBOX.name()) > 65_000, largestSeen::toString);
        assertTrue(seen(Topics.NOTIFICATIONS.name()) > 200_000, largestSeen::toString);
        assertTrue(seen("devices") > 200_000, largestSeen::toString);
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
                assertTrue(size <= limit(topic, store), () -> what + ": " + size);
                assertTrue(size + record.key().length + sizeOf(record) <= Limits.RECORD, () -> what + ": " + size);
            }
        });
    }

    private static int limit(String topic, @org.jspecify.annotations.Nullable String store) {
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

    private int seen(String topic) {
        return largestSeen.getOrDefault(topic, 0);
    }
}
