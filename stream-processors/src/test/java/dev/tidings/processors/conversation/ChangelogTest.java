package dev.tidings.processors.conversation;

import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.TestRecords;
import dev.tidings.processors.TestSeed;
import dev.tidings.processors.store.StateStore;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Command;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.React;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.SubscribeGateway;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The records that commands write to the changelogs of CONVERSATION, and the state that is restored from them. */
class ChangelogTest {

    private static final TopicLayout LAYOUT = new TopicLayout(1, 2, 4, (short) 1);
    private static final String PAIR = "p:alice:bob";

    private final DrivenTopology topology = DrivenTopology.conversation(LAYOUT, StateStore.Kind.MEMORY);
    private final Map<String, LinkedHashMap<Bytes, byte[]>> compacted = new TreeMap<>();
    private long seconds;
    private int commands;

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void a_private_message_writes_one_record() {
        send(PAIR, "alice", "m1");
        changes();

        send(PAIR, "bob", "m2");

        assertEquals(Map.of("sequences", 1), changes());
    }

    @Test
    void a_message_after_a_long_history_also_deletes_one_entry() {
        for (int i = 0; i < RecentEvents.WINDOW + 1; i++) {
            send(PAIR, "alice", "m" + i);
        }
        changes();

        send(PAIR, "bob", "latest");

        assertEquals(Map.of("sequences", 2), changes());
    }

    @Test
    void a_duplicate_writes_no_record() {
        send(PAIR, "alice", "m1");
        changes();

        send(PAIR, "alice", "m1");

        assertEquals(Map.of(), changes());
    }

    @Test
    void an_edit_writes_its_own_entry_and_that_of_the_message() {
        send(PAIR, "alice", "m1");
        changes();

        edit(PAIR, "alice", 1);

        assertEquals(Map.of("sequences", 2), changes());
    }

    @Test
    void a_read_position_writes_one_record() {
        send(PAIR, "alice", "m1");
        changes();

        pipe(TestRecords.markRead(PAIR, "bob", 1).toBuilder());

        assertEquals(Map.of("members", 1), changes());
    }

    @Test
    void restored_from_a_compacted_changelog_the_state_is_the_same() {
        long seed = TestSeed.get();
        System.out.println("tidings.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 3_000; i++) {
            command(random);
            if (random.nextInt(500) == 0) {
                changes();
                assertEquals(topology.contents(), restored(StateStore.Kind.MEMORY), "-Dtidings.seed=" + seed);
            }
        }
        changes();
        assertEquals(topology.contents(), restored(StateStore.Kind.MEMORY), "-Dtidings.seed=" + seed);
        assertEquals(topology.contents(), restored(StateStore.Kind.ROCKSDB), "-Dtidings.seed=" + seed);
    }

    private Map<String, List<String>> restored(StateStore.Kind kind) {
        try (DrivenTopology other = DrivenTopology.conversation(LAYOUT, kind)) {
            compacted.forEach(other::restore);
            return other.contents();
        }
    }

    /** A command of some user in a private conversation or a room. Rooms become empty often. */
    private void command(Random random) {
        String room = "r:room" + random.nextInt(3);
        String conversation = random.nextBoolean() ? PAIR : room;
        String actor = random.nextBoolean() ? "alice" : "bob";
        int seq = 1 + random.nextInt(200);
        switch (random.nextInt(12)) {
            case 0 -> edit(conversation, actor, seq);
            case 1 ->
                pipe(command(conversation, actor)
                        .setRecallMessage(RecallMessage.newBuilder().setSeq(seq)));
            case 2 ->
                pipe(command(conversation, actor)
                        .setReact(React.newBuilder().setSeq(seq).setReaction("+")));
            case 3 -> pipe(TestRecords.markRead(conversation, actor, seq).toBuilder());
            case 4 -> {
                Command message = TestRecords.send(PAIR, actor, "m" + random.nextInt(500));
                pipe(message.toBuilder()
                        .setSendMessage(message.getSendMessage().toBuilder()
                                .setMentions(Mentions.newBuilder().setAll(true))));
            }
            case 5 ->
                pipe(command(room, "")
                        .setSubscribeGateway(SubscribeGateway.newBuilder()
                                .setGatewaySlot(1)
                                .setGatewayEpoch(1)
                                .setSessions(random.nextInt(2))));
            default -> send(conversation, actor, "m" + random.nextInt(500));
        }
    }

    private void send(String conversation, String actor, String clientMsgId) {
        pipe(TestRecords.send(conversation, actor, clientMsgId).toBuilder());
    }

    private void edit(String conversation, String actor, long seq) {
        pipe(command(conversation, actor)
                .setEditMessage(
                        EditMessage.newBuilder().setSeq(seq).setContent(TestRecords.text("edited " + commands))));
    }

    private static Command.Builder command(String conversation, String actor) {
        return Command.newBuilder().setConversationId(conversation).setActor(actor);
    }

    private void pipe(Command.Builder command) {
        Command numbered = command.setCommandId("command" + ++commands).build();
        topology.pipe(Topics.COMMANDS, numbered.getConversationId(), numbered, EPOCH_MILLIS + 1_000 * ++seconds);
    }

    /** Returns the records written to changelogs since the last call, by store. */
    private Map<String, Integer> changes() {
        Map<String, Integer> changes = new TreeMap<>();
        topology.readBytes().forEach((topic, records) -> {
            String store = topology.storeOf(topic);
            if (store == null) {
                return;
            }
            changes.put(store, records.size());
            LinkedHashMap<Bytes, byte[]> contents = compacted.computeIfAbsent(store, none -> new LinkedHashMap<>());
            records.forEach(record -> {
                contents.remove(Bytes.wrap(record.key()));
                if (record.value() != null) {
                    contents.put(Bytes.wrap(record.key()), record.value());
                }
            });
        });
        return changes;
    }
}
