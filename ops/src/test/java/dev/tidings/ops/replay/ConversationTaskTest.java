package dev.tidings.ops.replay;

import static dev.tidings.ops.replay.Records.CONVERSATION;
import static dev.tidings.ops.replay.Records.command;
import static dev.tidings.ops.replay.Records.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.tidings.processors.ProcessorsConfig;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.ConversationEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationTaskTest {

    @TempDir
    private Path state = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"memory", "rocksdb"})
    void commands_are_decided_one_after_the_other_and_poison_is_passed_over(String store) {
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
