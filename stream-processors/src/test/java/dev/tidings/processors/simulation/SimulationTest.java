package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Several worlds, each from a seed of its own that is printed and stands in the names of its tests. A failure is brought
 * back with {@code -Dtidings.seed=<seed>}.
 */
class SimulationTest {

    private static final int WORLDS = 8;
    private static final int STEPS = 15_000;

    @TestFactory
    Stream<DynamicContainer> worlds() {
        Long given = Long.getLong("tidings.seed");
        LongStream seeds = given != null ? LongStream.of(given) : new Random().longs(WORLDS);
        return seeds.mapToObj(SimulationTest::world);
    }

    private static DynamicContainer world(long seed) {
        System.out.println("tidings.seed=" + seed);
        Recount recount;
        try (World world = new World(seed)) {
            world.run(STEPS);
            recount = new Recount(world);
        }
        return dynamicContainer(
                "-Dtidings.seed=" + seed + ' ' + recount,
                List.of(
                        invariant(seed, recount, "no gap", Recount::noGap),
                        invariant(seed, recount, "no message with two seqs", Recount::noMessageWithTwoSeqs),
                        invariant(seed, recount, "no seq with two messages", Recount::noSeqWithTwoMessages),
                        invariant(seed, recount, "none lost", Recount::noneLost),
                        invariant(seed, recount, "no message from a stranger", Recount::noMessageFromAStranger),
                        invariant(
                                seed,
                                recount,
                                "everyone who waits is answered once and right",
                                Recount::everyoneWhoWaitsIsAnsweredOnceAndRight),
                        invariant(seed, recount, "no partial fan-out", Recount::noPartialFanOut),
                        invariant(seed, recount, "what was read early was true", Recount::whatWasReadEarlyWasTrue),
                        invariant(seed, recount, "unread equals a recount", Recount::unreadEqualsARecount),
                        invariant(seed, recount, "reading only moves forward", Recount::readingOnlyMovesForward),
                        invariant(seed, recount, "versions only grow", Recount::versionsOnlyGrow),
                        invariant(
                                seed,
                                recount,
                                "every open device has every event",
                                Recount::everyOpenDeviceHasEveryEvent),
                        invariant(
                                seed,
                                recount,
                                "every synced device sees events in order",
                                Recount::everySyncedDeviceSeesEventsInOrder),
                        invariant(seed, recount, "only poison is dead", Recount::onlyPoisonIsDead)));
    }

    private static DynamicTest invariant(long seed, Recount recount, String name, Consumer<Recount> check) {
        return dynamicTest(name, () -> {
            try {
                check.accept(recount);
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError(name + ", -Dtidings.seed=" + seed + ": " + broken.getMessage(), broken);
            }
        });
    }
}
