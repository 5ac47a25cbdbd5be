package dev.tidings.ops.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.bench.client.Participant;
import dev.tidings.ops.bench.client.TrafficCounters;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParticipantsTest {

    /** Two ticks, which are 50 ms apart. */
    private static final Duration TIMEOUT = Duration.ofMillis(100);

    private final TrafficCounters counters = new TrafficCounters();

    @Test
    void aServerThatStillDeliversIsNotGivenUp() {
        Receiver receiver = new Receiver(20);

        assertTrue(participants(receiver)
                .awaitWhileMessagesArrive("draining", () -> counters.delivered.sum() == 20, TIMEOUT));
    }

    @Test
    void aServerThatDeliversNothingMoreIsGivenUp() {
        Receiver receiver = new Receiver(5);

        assertFalse(participants(receiver)
                .awaitWhileMessagesArrive("draining", () -> counters.delivered.sum() == 20, TIMEOUT));
    }

    private Participants participants(Participant participant) {
        return new Participants(
                List.of(participant), new BenchProgress(new PrintWriter(Writer.nullWriter()), 1), counters);
    }

    /** Gets a message in each tick until it has as many as the server delivers. */
    private final class Receiver implements Participant {

        private int missing;

        private Receiver(int messages) {
            missing = messages;
        }

        @Override
        public void tick(long nowNanos) {
            if (missing > 0) {
                missing--;
                counters.delivered.increment();
            }
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public String lastTrouble() {
            return "";
        }
    }
}
