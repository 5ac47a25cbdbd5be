package dev.tidings.ops.replay;

import static dev.tidings.ops.replay.Records.CONVERSATION;
import static dev.tidings.ops.replay.Records.command;
import static dev.tidings.ops.replay.Records.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.tidings.processors.ProcessorsConfig;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.SubscribeGateway;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationTaskTest {

    @TempDir
    private Path state = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"memory", "rocksdb"})
    void decides_commands_in_order_and_skips_unreadable_ones(String store) {
        try (ConversationTask task = new ConversationTask(config(store))) {
            List<EventRecord> first =
                    task.decide(command(0, CONVERSATION, send("m1").toByteArray()));
            List<EventRecord> unreadable = task.decide(command(1, CONVERSATION, new byte[] {(byte) 0xFF}));
            List<EventRecord> wrongKey =
                    task.decide(command(2, "p:bob:carol", send("m2").toByteArray()));
            List<EventRecord> repeated =
                    task.decide(command(3, CONVERSATION, send("m1").toByteArray()));
            List<EventRecord> second =
                    task.decide(command(4, CONVERSATION, send("m3").toByteArray()));

            assertEquals(1, only(first).getSeq());
            assertEquals(List.of(), unreadable);
            assertEquals(List.of(), wrongKey);
            assertEquals(List.of(), repeated);
            assertEquals(2, only(second).getSeq());
        }
    }

    /** More than one record takes from a gateway. */
    @Test
    void reads_the_topologys_own_commands_at_their_place_in_the_log() {
        try (ConversationTask task = new ConversationTask(config("memory"))) {
            String last = "r:room249";
            for (int room = 100; room < 250; room++) {
                task.decide(inRoom(
                        "r:room" + room,
                        attach -> attach.setSubscribeGateway(
                                SubscribeGateway.newBuilder().setGatewayEpoch(1).setSessions(1))));
            }
            List<EventRecord> first = task.decide(inRoom(last, Records::hello));
            ConsumerRecord<byte[], byte[]> gone = inRoom(
                    "",
                    command -> command.setGatewayGone(GatewayGone.newBuilder().setGatewayEpoch(1)));

            task.decide(gone);
            List<EventRecord> stillKnown = task.decide(inRoom(last, Records::hello));
            task.decide(gone);
            List<EventRecord> forgotten = task.decide(inRoom(last, Records::hello));

            assertEquals(1, only(first).getSeq());
            assertEquals(List.of(), stillKnown);
            assertEquals(2, only(forgotten).getSeq());
        }
    }

    private static ConsumerRecord<byte[], byte[]> inRoom(String conversationId, UnaryOperator<Command.Builder> body) {
        Command.Builder command = Command.newBuilder().setConversationId(conversationId);
        return command(0, conversationId, body.apply(command).build().toByteArray());
    }

    private static ConversationEvent only(List<EventRecord> events) {
        assertEquals(1, events.size());
        ConversationEvent event = events.getFirst().event();
        assertNotNull(event);
        return event;
    }

    private ProcessorsConfig config(String store) {
        return ProcessorsConfig.from(Settings.of(Map.of(
                "kafka.bootstrap-servers",
                "no-broker:9092",
                "processors.store",
                store,
                "processors.state-directory",
                state.toString())));
    }
}
