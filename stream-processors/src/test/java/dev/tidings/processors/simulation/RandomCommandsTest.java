package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.TestSeed;
import dev.tidings.processors.simulation.CommandGenerator.GeneratedRecord;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Answer;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Runs random commands of all kinds through CONVERSATION, many of them twice, some invalid: {@value #COMMANDS_OF_A_BUILD}, or a million
 * with {@code -Psoak}, or {@code -Dtidings.simulated.commands=<n>}. The task crashes now and then, processes again what it has not
 * committed, and must write the same. Prints its seed and takes it back as {@code -Dtidings.seed=<seed>}.
 */
@Execution(ExecutionMode.CONCURRENT)
class RandomCommandsTest {

    private static final int COMMANDS_OF_A_BUILD = 200_000;

    private static final int COMMANDS = Integer.getInteger("tidings.simulated.commands", COMMANDS_OF_A_BUILD);
    private static final int COMMIT_EVERY = 2_000;
    private static final int CRASH_IN_ONE_OF = 10;
    private static final TopicLayout LAYOUT = new TopicLayout(1, 3, CommandGenerator.GATEWAYS, (short) 1);

    private final long seed = TestSeed.get();

    RandomCommandsTest() {
        System.out.println("tidings.seed=" + seed);
    }

    private record Appended(GeneratedRecord generated, long millis) {}

    @Test
    void everything_holds_through_crashes_and_a_replay_says_the_same() {
        Run run = new Run(true);
        Run replay = new Run(false);
        // side by side: they share nothing
        CompletableFuture<Void> replayed = CompletableFuture.runAsync(replay::play);
        run.play();
        replayed.join();

        run.assertMuchHappened();
        assertEquals(run.digests(), replay.digests(), "-Dtidings.seed=" + seed);
    }

    private final class Run {

        private final CommandGenerator generator = new CommandGenerator(seed);
        private final Random faults = new Random(seed + 1);
        private final boolean crashing;
        private final ReferenceModel model = new ReferenceModel();
        private final Map<String, Boolean> authority = new HashMap<>();
        private final Map<String, TreeMap<Bytes, byte[]>> committed = new TreeMap<>();
        private final Map<String, MessageDigest> digests = new TreeMap<>();
        private final Map<Refusal.Reason, Integer> refused = new TreeMap<>();
        private int crashes;

        Run(boolean crashing) {
            this.crashing = crashing;
        }

        void play() {
            DrivenTopology topology = DrivenTopology.conversation(LAYOUT, StateStore.Kind.MEMORY);
            try {
                for (int done = 0; done < COMMANDS; done += COMMIT_EVERY) {
                    List<Appended> batch = batch();
                    if (crashing && faults.nextInt(CRASH_IN_ONE_OF) == 0) {
                        int lived = faults.nextInt(batch.size());
                        pipe(topology, batch.subList(0, lived));
                        Map<String, List<TestRecord<byte[], byte[]>>> early = topology.readBytes();
                        topology.close();
                        topology = restored();
                        crashes++;
                        pipe(topology, batch);
                        take(topology, batch, early);
                    } else {
                        pipe(topology, batch);
                        take(topology, batch, Map.of());
                    }
                }
            } finally {
                topology.close();
            }
        }

        private List<Appended> batch() {
            List<Appended> batch = new ArrayList<>(COMMIT_EVERY);
            for (int i = 0; i < COMMIT_EVERY; i++) {
                batch.add(new Appended(generator.next(), generator.nextMillis()));
            }
            return batch;
        }

        private void pipe(DrivenTopology topology, List<Appended> batch) {
            for (Appended appended : batch) {
                topology.pipeBytes(
                        Topics.COMMANDS,
                        Topics.COMMANDS
                                .key()
                                .serializer()
                                .serialize("", appended.generated().key()),
                        appended.generated().bytes(),
                        new RecordHeaders(),
                        appended.millis());
            }
        }

        private DrivenTopology restored() {
            DrivenTopology topology = DrivenTopology.conversation(LAYOUT, StateStore.Kind.MEMORY);
            committed.forEach(topology::restore);
            return topology;
        }

        /** @param early what live readers had seen before the crash */
        private void take(
                DrivenTopology topology, List<Appended> batch, Map<String, List<TestRecord<byte[], byte[]>>> early) {
            Map<String, List<TestRecord<byte[], byte[]>>> written = topology.readBytes();
            early.forEach((topic, records) -> assertBegins(topic, records, written.getOrDefault(topic, List.of())));
            written.forEach((topic, records) -> {
                String store = topology.storeOf(topic);
                if (store != null) {
                    commit(store, records);
                } else if (!topic.equals(Topics.DEAD_LETTERS.name())) {
                    records.forEach(record -> digest(topic, record));
                }
            });
            check(batch, written);
        }

        private void assertBegins(
                String topic, List<TestRecord<byte[], byte[]>> early, List<TestRecord<byte[], byte[]>> again) {
            if (topic.equals(Topics.DEAD_LETTERS.name())) {
                return;
            }
            assertTrue(early.size() <= again.size(), () -> topic + ", -Dtidings.seed=" + seed);
            for (int i = 0; i < early.size(); i++) {
                assertArrayEquals(early.get(i).key(), again.get(i).key(), topic);
                assertArrayEquals(early.get(i).value(), again.get(i).value(), topic);
                assertEquals(early.get(i).timestamp(), again.get(i).timestamp(), topic);
            }
        }

        private void commit(String store, List<TestRecord<byte[], byte[]>> changes) {
            TreeMap<Bytes, byte[]> contents = committed.computeIfAbsent(store, none -> new TreeMap<>());
            changes.forEach(change -> {
                if (change.value() == null) {
                    contents.remove(Bytes.wrap(change.key()));
                } else {
                    contents.put(Bytes.wrap(change.key()), change.value());
                }
            });
        }

        private void digest(String topic, TestRecord<byte[], byte[]> record) {
            MessageDigest digest = digests.computeIfAbsent(topic, none -> sha256());
            digest.update(record.key());
            digest.update(record.value());
            digest.update(Long.toString(record.timestamp()).getBytes(StandardCharsets.US_ASCII));
        }

        private void check(List<Appended> batch, Map<String, List<TestRecord<byte[], byte[]>>> written) {
            List<ConversationEvent> events = read(written, Topics.CONVERSATION_EVENTS);
            Map<String, Integer> asked = new HashMap<>();
            int next = 0;
            for (Appended appended : batch) {
                Command command = appended.generated().command();
                if (command == null) {
                    continue;
                }
                if (command.hasRules()) {
                    model.rulesChanged(command);
                }
                if (command.hasSubscribeGateway()) {
                    model.subscribed(command.getConversationId(), command.getSubscribeGateway());
                }
                if (command.hasGatewayGone()) {
                    model.gone(command.getGatewayGone());
                }
                count(asked, command);
                authority.put(command.getCommandId(), command.getAsSystem());
                // one command leads to one event at most, in the order of commands
                if (next < events.size() && events.get(next).getCommandId().equals(command.getCommandId())) {
                    model.check(events.get(next++), command.getAsSystem());
                }
            }
            assertEquals(events.size(), next, "events that follow from no command, -Dtidings.seed=" + seed);
            model.checkRecipients(read(written, Topics.INBOX));
            model.checkGateways(read(written, Topics.DELIVERIES));
            checkAnswers(asked, written);
            checkCost(events, written);
        }

        /** Counts the commands that are to be answered, once for each time they are appended. */
        private void count(Map<String, Integer> asked, Command command) {
            boolean quiet = command.hasMarkRead() || command.hasMarkDelivered() || command.hasTyping();
            if (command.hasOrigin() && (!quiet || command.getOrigin().hasBusiness())) {
                asked.merge(command.getCommandId(), 1, Integer::sum);
            }
        }

        private void checkAnswers(Map<String, Integer> asked, Map<String, List<TestRecord<byte[], byte[]>>> written) {
            Map<String, Integer> answered = new HashMap<>();
            for (Delivery delivery : read(written, Topics.DELIVERIES)) {
                Answer answer = delivery.getAnswer();
                if (answer.hasRefusal()) {
                    refused.merge(answer.getRefusal().getReason(), 1, Integer::sum);
                }
                if (asked.containsKey(answer.getCommandId())) {
                    answered.merge(answer.getCommandId(), 1, Integer::sum);
                }
            }
            for (BusinessReply reply : read(written, Topics.BUSINESS_REPLIES)) {
                if (reply.hasRefusal()) {
                    refused.merge(reply.getRefusal().getReason(), 1, Integer::sum);
                }
                answered.merge(reply.getCommandId(), 1, Integer::sum);
            }
            assertEquals(asked, answered, "-Dtidings.seed=" + seed);
        }

        /** An event costs at most one record for each inbox partition and each gateway. */
        private void checkCost(List<ConversationEvent> events, Map<String, List<TestRecord<byte[], byte[]>>> written) {
            Map<String, Integer> records = new HashMap<>();
            for (InboxRecord record : read(written, Topics.INBOX)) {
                records.merge(place(record.getEvent()), 1, Integer::sum);
            }
            for (Delivery delivery : read(written, Topics.DELIVERIES)) {
                if (delivery.hasFollowedEvent()) {
                    records.merge(place(delivery.getFollowedEvent().getEvent()), 1, Integer::sum);
                }
            }
            for (ConversationEvent event : events) {
                assertTrue(
                        records.getOrDefault(place(event), 0) <= LAYOUT.users() + LAYOUT.gatewaySlots(),
                        event::toString);
            }
        }

        private String place(ConversationEvent event) {
            return event.getCommandId() + ' ' + event.getConversationId() + ' ' + event.getSeq();
        }

        private <V> List<V> read(Map<String, List<TestRecord<byte[], byte[]>>> written, Topic<?, V> topic) {
            return written.getOrDefault(topic.name(), List.of()).stream()
                    .map(record -> topic.value().deserializer().deserialize(topic.name(), record.value()))
                    .toList();
        }

        Map<String, String> digests() {
            Map<String, String> texts = new TreeMap<>();
            digests.forEach((topic, digest) -> texts.put(topic, HexFormat.of().formatHex(cloned(digest))));
            return texts;
        }

        /** Checks that all kinds of events and refusals have occurred. */
        void assertMuchHappened() {
            System.out.println("crashes=" + crashes + " large=" + model.largeGroups() + " roomsForgotten="
                    + model.roomsForgotten() + " detached=" + model.detached() + " happened=" + model.happened()
                    + " refused=" + refused);
            int atLeast = COMMANDS / 50_000;
            for (ConversationEvent.BodyCase kind : ConversationEvent.BodyCase.values()) {
                boolean comes = switch (kind) {
                    case TYPING_STARTED, REMARK_CHANGED, GROUP_DISSOLVED, JOIN_DECLINED, BODY_NOT_SET -> false;
                    default -> true;
                };
                assertTrue(!comes || model.happened().getOrDefault(kind.name(), 0) > atLeast, kind::name);
            }
            for (Refusal.Reason reason : List.of(
                    Refusal.Reason.NOT_A_MEMBER,
                    Refusal.Reason.MUTED,
                    Refusal.Reason.BLOCKED,
                    Refusal.Reason.STRANGER,
                    Refusal.Reason.BANNED,
                    Refusal.Reason.EXPIRED,
                    Refusal.Reason.CONTENT_REFUSED,
                    Refusal.Reason.FLOODING,
                    Refusal.Reason.REPEATING,
                    Refusal.Reason.NOT_ALLOWED,
                    Refusal.Reason.MESSAGE_TOO_OLD,
                    Refusal.Reason.MESSAGE_RECALLED,
                    Refusal.Reason.GROUP_EXISTS,
                    Refusal.Reason.SYSTEM_ONLY)) {
                assertTrue(Objects.requireNonNullElse(refused.get(reason), 0) > atLeast, reason::name);
            }
            assertTrue(model.largeGroups() > 0, "large groups");
            assertTrue(model.roomsForgotten() > atLeast, "rooms that were left");
            assertTrue(model.detached() > atLeast, "gateways that were gone");
            assertTrue(COMMANDS < 200_000 || crashes > 3, "crashes");
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] cloned(MessageDigest digest) {
        try {
            return ((MessageDigest) digest.clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }
}
