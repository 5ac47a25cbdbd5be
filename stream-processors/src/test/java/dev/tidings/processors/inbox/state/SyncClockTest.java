package dev.tidings.processors.inbox.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.store.StateStore;
import dev.tidings.state.v1.SyncClockRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;

class SyncClockTest {

    private static final long FIRST_MILLIS = 1_700_000_000_000L;
    private static final long FIRST_MICROS = FIRST_MILLIS * 1_000;
    private static final int RECORDS = 30;

    private final SyncClock clock = started();

    @Test
    void a_change_has_the_time_of_its_record_in_microseconds() {
        clock.atEvent(FIRST_MILLIS + 7);

        assertEquals(FIRST_MICROS + 7_000, clock.version());
    }

    @Test
    void records_of_the_same_time_have_ascending_versions() {
        clock.atEvent(FIRST_MILLIS + 7);
        clock.atEvent(FIRST_MILLIS + 7);

        assertEquals(FIRST_MICROS + 7_001, clock.version());
    }

    @Test
    void a_record_with_an_earlier_time_has_a_greater_version() {
        clock.atEvent(FIRST_MILLIS + 7);
        clock.atEvent(FIRST_MILLIS + 3);

        assertEquals(FIRST_MICROS + 7_001, clock.version());
    }

    @Test
    void the_version_of_a_view_only_grows() {
        clock.atEvent(FIRST_MILLIS + 7);
        clock.atCommand(FIRST_MILLIS + 3);

        assertEquals(FIRST_MICROS + 7_001, clock.versionAfter(FIRST_MICROS + 7_000));
    }

    @Test
    void a_token_is_the_version_of_the_topic_that_is_behind() {
        clock.atEvent(FIRST_MILLIS + 7);
        clock.atCommand(FIRST_MILLIS + 9);

        assertEquals(FIRST_MICROS + 7_000, clock.token());
        assertTrue(clock.hasIssued(FIRST_MICROS + 7_000));
        assertFalse(clock.hasIssued(FIRST_MICROS + 7_001));
    }

    @Test
    void a_token_of_a_lost_state_is_unknown() {
        clock.atEvent(FIRST_MILLIS + 7);
        clock.atCommand(FIRST_MILLIS + 9);
        long token = clock.token();

        SyncClock anew = started();
        anew.atEvent(FIRST_MILLIS + 10);
        anew.atCommand(FIRST_MILLIS + 10);

        assertFalse(anew.hasIssued(token));
    }

    /** An aborted transaction may have sent tokens. Its records are then read again, perhaps in another order. */
    @Test
    void a_token_is_below_every_later_change_in_every_order_of_the_topics() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<Long> events = times(random);
            List<Long> commands = times(random);
            SyncClock aborted = begun();
            int readEvents = random.nextInt(RECORDS);
            int readCommands = random.nextInt(RECORDS);
            read(aborted, random, events.subList(0, readEvents), commands.subList(0, readCommands));
            long token = aborted.token();

            Versions again = read(begun(), random, events, commands);

            String where = "seed " + seed;
            again.ofEvents().subList(readEvents, RECORDS).forEach(version -> assertTrue(version > token, where));
            again.ofCommands().subList(readCommands, RECORDS).forEach(version -> assertTrue(version > token, where));
        }
    }

    @Test
    void a_version_does_not_depend_on_the_order_of_the_topics() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<Long> events = times(random);
            List<Long> commands = times(random);

            assertEquals(
                    read(begun(), random, events, commands), read(begun(), random, events, commands), "seed " + seed);
        }
    }

    private record Versions(List<Long> ofEvents, List<Long> ofCommands) {}

    private static Versions read(SyncClock clock, Random random, List<Long> events, List<Long> commands) {
        Versions versions = new Versions(new ArrayList<>(), new ArrayList<>());
        while (versions.ofEvents().size() < events.size()
                || versions.ofCommands().size() < commands.size()) {
            int event = versions.ofEvents().size();
            int command = versions.ofCommands().size();
            if (command == commands.size() || event < events.size() && random.nextBoolean()) {
                clock.atEvent(events.get(event));
                versions.ofEvents().add(clock.version());
            } else {
                clock.atCommand(commands.get(command));
                versions.ofCommands().add(clock.version());
            }
        }
        return versions;
    }

    private static List<Long> times(Random random) {
        List<Long> times = new ArrayList<>();
        long millis = FIRST_MILLIS;
        for (int i = 0; i < RECORDS; i++) {
            millis += random.nextInt(3);
            times.add(millis);
        }
        return times;
    }

    /** Returns a clock whose state has an epoch. */
    private static SyncClock begun() {
        SyncClock clock = started();
        clock.atEvent(FIRST_MILLIS);
        return clock;
    }

    private static SyncClock started() {
        MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
        KeyValueStore<String, SyncClockRecord> store = SyncClock.STORE
                .builder(StateStore.Kind.MEMORY)
                .withLoggingDisabled()
                .withCachingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
        return new SyncClock(context);
    }
}
