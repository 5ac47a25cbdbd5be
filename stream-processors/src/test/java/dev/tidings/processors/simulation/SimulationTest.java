package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.tidings.processors.TestSeed;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Runs several worlds and checks the invariants of each as tests of their own. Every world prints its seed and the hash of its log, and
 * its seed stands in the names of its tests.
 *
 * <ul>
 *   <li>By default the seeds are {@link #SEEDS}, so a build is repeatable.
 *   <li>{@code -Dtidings.seed=<seed>} runs the world of a failure, with {@code -Dtidings.worlds=<n>} those of the next seeds, too.
 *   <li>{@code -Dtidings.seed=random} runs new worlds, {@code -Dtidings.worlds=<n>} of them.
 * </ul>
 */
@Execution(ExecutionMode.CONCURRENT)
class SimulationTest {

    /** All but the last three have found faults. */
    private static final long[] SEEDS = {
        -5756906419850827711L,
        -6446530804892390854L,
        5252960942074880174L,
        -3268868250214645389L,
        724601621041273084L,
        1,
        3,
        4
    };

    private static final int STEPS = 36_000;

    @TestFactory
    Stream<DynamicNode> worlds() {
        LongAdder carriers = new LongAdder();
        Stream<DynamicNode> worlds = seeds().mapToObj(seed -> world(seed, carriers));
        // a single world may have none
        return TestSeed.isGiven()
                ? worlds
                : Stream.concat(
                        worlds,
                        Stream.of(dynamicTest(
                                "some events carry a delivered position", () -> assertTrue(carriers.sum() > 0))));
    }

    private static LongStream seeds() {
        if (TestSeed.isRandom()) {
            return new Random().longs(Integer.getInteger("tidings.worlds", SEEDS.length));
        }
        if (TestSeed.isGiven()) {
            return LongStream.iterate(TestSeed.get(), seed -> seed + 1).limit(Integer.getInteger("tidings.worlds", 1));
        }
        return LongStream.of(SEEDS).limit(Integer.getInteger("tidings.worlds", SEEDS.length));
    }

    @Test
    void the_same_seed_gives_the_same_log() {
        String first = logOf(7);

        assertEquals(first, logOf(7));
        assertNotEquals(first, logOf(8));
    }

    private static String logOf(long seed) {
        try (World world = new World(seed)) {
            world.run(STEPS / 12);
            return world.cluster.sha256();
        }
    }

    /** @param carriers counts the events that carry a delivered position */
    private static DynamicContainer world(long seed, LongAdder carriers) {
        System.out.println("tidings.seed=" + seed);
        long startNanos = System.nanoTime();
        try (World world = new World(seed)) {
            world.run(STEPS);
            Ledger ledger = new Ledger(world.cluster);
            SequenceRecount sequence = new SequenceRecount(world, ledger);
            ViewRecount views = new ViewRecount(world, ledger);
            DeliveryRecount deliveries = new DeliveryRecount(world, ledger);
            NotificationRecount notifications = world.notifications();
            PresenceRecount presence = new PresenceRecount(world);
            BroadcastRecount broadcasts = new BroadcastRecount(world, ledger);
            ConsentRecount consent = new ConsentRecount(world, ledger);
            SubscriptionRecount subscriptions = new SubscriptionRecount(world);
            SessionRecount sessions = new SessionRecount(world, ledger);
            System.out.println("tidings.seed=" + seed + ' ' + world + ' ' + sessions + ' ' + broadcasts + ' '
                    + subscriptions + ' ' + consent);
            System.out.println("tidings.seed=" + seed + " log sha256=" + world.cluster.sha256() + " seconds="
                    + (System.nanoTime() - startNanos) / 1_000_000_000);
            return dynamicContainer(
                    "-Dtidings.seed=" + seed + ' ' + world + ' ' + sessions + ' ' + broadcasts + ' ' + subscriptions
                            + ' ' + consent,
                    List.of(
                            invariant(seed, "no gap", sequence::noGap),
                            invariant(seed, "no message with two seqs", sequence::noMessageWithTwoSeqs),
                            invariant(seed, "no seq with two events", sequence::noSeqWithTwoEvents),
                            invariant(seed, "no message lost", sequence::noMessageLost),
                            invariant(seed, "every event is allowed", sequence::everyEventIsAllowed),
                            invariant(
                                    seed,
                                    "every command is answered once and correctly",
                                    sequence::everyCommandIsAnsweredOnceAndCorrectly),
                            invariant(seed, "no partial fan-out", sequence::noPartialFanOut),
                            invariant(
                                    seed, "aborted records are written again", sequence::abortedRecordsAreWrittenAgain),
                            invariant(seed, "reading only moves forward", sequence::readingOnlyMovesForward),
                            invariant(
                                    seed,
                                    "delivered positions are true",
                                    () -> sequence.deliveredPositionsAreTrue(carriers)),
                            invariant(
                                    seed,
                                    "only unreadable records are dead letters",
                                    sequence::onlyUnreadableRecordsAreDeadLetters),
                            invariant(seed, "unread equals a recount", views::unreadEqualsARecount),
                            invariant(seed, "views equal a recount", views::viewsEqualARecount),
                            invariant(seed, "settings equal a recount", views::settingsEqualARecount),
                            invariant(
                                    seed,
                                    "hidden conversations equal a recount",
                                    views::hiddenConversationsEqualARecount),
                            invariant(
                                    seed,
                                    "every open session knows the settings",
                                    views::everyOpenSessionKnowsTheSettings),
                            invariant(seed, "badges equal a recount", views::badgesEqualARecount),
                            invariant(seed, "versions only grow", views::versionsOnlyGrow),
                            invariant(
                                    seed,
                                    "every device shows the view of the server",
                                    views::everyDeviceShowsTheViewOfTheServer),
                            invariant(
                                    seed,
                                    "every open session receives everything",
                                    deliveries::everyOpenSessionReceivesEverything),
                            invariant(
                                    seed,
                                    "every message reaches every device",
                                    deliveries::everyMessageReachesEveryDevice),
                            invariant(seed, "every message is shown once", deliveries::everyMessageIsShownOnce),
                            invariant(
                                    seed,
                                    "every device has the history in order",
                                    deliveries::everyDeviceHasTheHistoryInOrder),
                            invariant(
                                    seed,
                                    "users without session are notified",
                                    notifications::usersWithoutSessionAreNotified),
                            invariant(
                                    seed,
                                    "users who missed a message are notified",
                                    notifications::usersWhoMissedAMessageAreNotified),
                            invariant(
                                    seed,
                                    "users whom an edit mentions are notified",
                                    notifications::usersWhomAnEditMentionsAreNotified),
                            invariant(seed, "no user is notified twice", notifications::noUserIsNotifiedTwice),
                            invariant(
                                    seed,
                                    "every notification has a reason",
                                    notifications::everyNotificationHasAReason),
                            invariant(
                                    seed,
                                    "users with a live session are online",
                                    presence::usersWithALiveSessionAreOnline),
                            invariant(
                                    seed,
                                    "a gateway that is gone ends only its own sessions",
                                    presence::aGatewayThatIsGoneEndsOnlyItsOwnSessions),
                            invariant(
                                    seed,
                                    "every watcher has the newest presence",
                                    presence::everyWatcherHasTheNewestPresence),
                            invariant(seed, "the login policy holds", presence::theLoginPolicyHolds),
                            invariant(
                                    seed,
                                    "every change of settings reaches the other devices",
                                    sessions::everyChangeOfSettingsReachesTheOtherDevices),
                            invariant(
                                    seed,
                                    "every change of presence reaches all watchers",
                                    sessions::everyChangeOfPresenceReachesAllWatchers),
                            invariant(
                                    seed, "a device has one session at a time", sessions::aDeviceHasOneSessionAtATime),
                            invariant(
                                    seed,
                                    "the login policy holds at every step",
                                    sessions::theLoginPolicyHoldsAtEveryStep),
                            invariant(
                                    seed,
                                    "every replaced session is notified",
                                    sessions::everyReplacedSessionIsNotified),
                            invariant(
                                    seed,
                                    "every broadcast goes to every inbox partition once",
                                    broadcasts::everyBroadcastGoesToEveryInboxPartitionOnce),
                            invariant(
                                    seed,
                                    "every session of a large group receives everything",
                                    subscriptions::everySessionOfALargeGroupReceivesEverything),
                            invariant(
                                    seed,
                                    "every member of a large group sees its name",
                                    subscriptions::everyMemberOfALargeGroupSeesItsName),
                            invariant(
                                    seed,
                                    "a user who never accepts receives nothing",
                                    consent::aUserWhoNeverAcceptsReceivesNothing),
                            invariant(seed, "an invitation shows nothing else", consent::anInvitationShowsNothingElse),
                            invariant(
                                    seed,
                                    "a user who never accepts stays invited",
                                    consent::aUserWhoNeverAcceptsStaysInvited),
                            invariant(
                                    seed,
                                    "a user who has accepted receives everything since the invitation",
                                    consent::aUserWhoHasAcceptedReceivesEverythingSinceTheInvitation),
                            invariant(
                                    seed,
                                    "every session in a room receives everything",
                                    subscriptions::everySessionInARoomReceivesEverything),
                            invariant(
                                    seed,
                                    "every inbox partition delivers a broadcast to a gateway once",
                                    broadcasts::everyInboxPartitionDeliversABroadcastToAGatewayOnce),
                            invariant(
                                    seed,
                                    "every open session receives every broadcast",
                                    broadcasts::everyOpenSessionReceivesEveryBroadcast),
                            invariant(
                                    seed,
                                    "unread of broadcasts equals a recount",
                                    broadcasts::unreadOfBroadcastsEqualsARecount),
                            invariant(
                                    seed,
                                    "users who are away are notified of a broadcast",
                                    broadcasts::usersWhoAreAwayAreNotifiedOfABroadcast),
                            invariant(
                                    seed,
                                    "every broadcast notification has a reason",
                                    broadcasts::everyBroadcastNotificationHasAReason),
                            invariant(
                                    seed,
                                    "every device has every broadcast in order",
                                    broadcasts::everyDeviceHasEveryBroadcastInOrder)));
        }
    }

    private static DynamicTest invariant(long seed, String name, Runnable check) {
        return dynamicTest(name, () -> {
            try {
                check.run();
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError(name + ", -Dtidings.seed=" + seed + ": " + broken.getMessage(), broken);
            }
        });
    }
}
