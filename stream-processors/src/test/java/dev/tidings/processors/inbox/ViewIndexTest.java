package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static dev.tidings.processors.TestRecords.open;
import static dev.tidings.processors.TestRecords.origin;
import static dev.tidings.processors.TestRecords.registerPush;
import static dev.tidings.processors.TestRecords.session;
import static dev.tidings.processors.TestRecords.sync;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.DrivenTopology;
import dev.tidings.processors.TestSeed;
import dev.tidings.processors.inbox.state.SyncLimits;
import dev.tidings.schemas.Topic;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.FriendsRequest;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.UserCommand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Compares INBOX with and without an index of views, over random histories of one user. Prints its seed; {@code
 * -Dtidings.seed=<seed>} repeats a run.
 */
class ViewIndexTest {

    private static final String BOB = "bob";
    private static final int ROUNDS = 12;
    private static final int STEPS = 400;
    private static final GroupProfile PROFILE =
            GroupProfile.newBuilder().setName("climbers").build();

    private final TopicLayout layout = new TopicLayout(1, 1, 3, (short) 1);
    private final long seed = TestSeed.get();
    private Random random = new Random(seed);

    private DrivenTopology scanning = inbox(Integer.MAX_VALUE, 500);
    private DrivenTopology indexing = inbox(3, 500);
    private DrivenTopology inSteps = inbox(3, 4);

    private final Map<String, EventSequence> conversations = new TreeMap<>();
    private final Map<String, List<ConversationEvent>> messages = new TreeMap<>();
    private long millis = EPOCH_MILLIS;
    private long version;
    private int syncs;
    private int continued;

    @AfterEach
    void close_drivers() {
        scanning.close();
        indexing.close();
        inSteps.close();
    }

    @Test
    void an_index_gives_the_same_answers_as_a_scan_of_all_views() {
        System.out.println("tidings.seed=" + seed);
        for (int round = 0; round < ROUNDS; round++) {
            begin();
            for (int step = 0; step < STEPS; step++) {
                String where = "round " + round + ", step " + step + ", -Dtidings.seed=" + seed;
                step();
                assertSame(where);
            }
        }
        assertTrue(syncs > ROUNDS * 50 && continued > ROUNDS, syncs + " syncs, " + continued + " of them continued");
    }

    private void begin() {
        close_drivers();
        scanning = inbox(Integer.MAX_VALUE, 500);
        indexing = inbox(random.nextInt(20), 500);
        inSteps = inbox(random.nextInt(20), 3 + random.nextInt(4));
        conversations.clear();
        messages.clear();
        version = 0;
        command(open(BOB, session("bob-web", "web", 1, 1)));
        command(open(BOB, session("bob-phone", "phone", 0, 1)));
        command(registerPush(BOB, origin(0, "bob-phone", "f1"), "phone", "token"));
    }

    private void step() {
        millis += 1_000;
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> {
                syncs++;
                SyncMode mode = SyncMode.forNumber(1 + random.nextInt(3));
                command(sync(BOB, origin(1, "bob-web", "f" + syncs), mode, random.nextBoolean() ? version : 0));
            }
            case 3 -> settings(one());
            case 4 ->
                command(UserCommand.newBuilder()
                        .setUserId(BOB)
                        .setFriendsRequest(FriendsRequest.newBuilder().setOrigin(origin(1, "bob-web", "friends")))
                        .build());
            case 5 ->
                command(UserCommand.newBuilder()
                        .setUserId(BOB)
                        .setChangeProfile(ChangeProfile.newBuilder()
                                .setOrigin(origin(1, "bob-web", "profile"))
                                .setGroupInvitationsValue(random.nextInt(4)))
                        .build());
            case 6 -> broadcast();
            case 7, 8, 9 -> group("g:g" + random.nextInt(12), false);
            case 10, 11, 12 -> group("g:large" + random.nextInt(12), true);
            default -> pair("p:bob:u%02d".formatted(random.nextInt(30)));
        }
    }

    private void pair(String conversationId) {
        EventSequence sequence = conversations.computeIfAbsent(conversationId, EventSequence::new);
        String peer = conversationId.substring("p:bob:".length());
        String someone = random.nextInt(4) == 0 ? BOB : peer;
        switch (random.nextInt(12)) {
            case 0 -> event(sequence.friendRequested(someone, "please"), false);
            case 1 -> event(sequence.friendAccepted(someone), false);
            case 2 -> event(sequence.friendRemoved(someone), false);
            case 3 -> event(sequence.blocked(BOB, random.nextBoolean()), false);
            case 4 -> message(sequence.sentUntil(seconds() + random.nextInt(200), someone), false);
            default -> said(sequence, someone, false);
        }
    }

    private void group(String conversationId, boolean large) {
        EventSequence sequence = conversations.get(conversationId);
        if (sequence == null) {
            sequence = new EventSequence(conversationId);
            conversations.put(conversationId, sequence);
            ConversationEvent created = sequence.created(PROFILE, "alice", "alice", BOB);
            event(
                    large
                            ? created.toBuilder()
                                    .setGroupCreated(created.getGroupCreated().toBuilder()
                                            .setLarge(true))
                                    .build()
                            : created,
                    large);
            return;
        }
        switch (random.nextInt(10)) {
            case 0 -> event(random.nextBoolean() ? sequence.left(BOB) : sequence.removed(BOB), large);
            case 1 -> event(sequence.added(PROFILE, BOB), large);
            case 2 ->
                shared(
                        sequence.updated(GroupProfile.newBuilder()
                                .setName("n" + random.nextInt())
                                .build()),
                        large);
            case 3 -> shared(sequence.allMuted(random.nextBoolean()), large);
            case 4 -> message(sequence.sentUntil(seconds() + random.nextInt(200), "alice", BOB), large);
            case 5, 6 -> {
                if (large) {
                    said(sequence, "alice", true);
                } else {
                    unmentioned(sequence);
                }
            }
            default -> said(sequence, random.nextInt(5) == 0 ? BOB : "alice", large);
        }
    }

    /** An event of a small group that names no member: without an index it is written to the head only. */
    private void unmentioned(EventSequence sequence) {
        switch (random.nextInt(5)) {
            case 0 -> message(sequence.sentUntil(seconds() + random.nextInt(200), "alice"), false);
            case 1 -> event(sequence.reacted("alice", 1), false);
            case 2 -> message(sequence.sentQuietly("alice"), false);
            default -> message(sequence.sent("alice"), false);
        }
    }

    private void said(EventSequence sequence, String sender, boolean large) {
        List<ConversationEvent> earlier = messages.getOrDefault(idOf(sequence), List.of());
        if (earlier.isEmpty()) {
            message(sequence.sent(sender, BOB), large);
            return;
        }
        ConversationEvent one = earlier.get(random.nextInt(earlier.size()));
        switch (random.nextInt(10)) {
            case 0, 1 -> shared(sequence.recalled(one), large);
            case 2 -> shared(sequence.edited(one, "better " + random.nextInt()), large);
            case 3, 4 -> event(sequence.read(BOB, one), large);
            case 5 -> {
                long from = random.nextLong(1, sequence.lastSeq() + 1);
                event(sequence.deleted(BOB, from, random.nextLong(from, sequence.lastSeq() + 1)), large);
            }
            default -> message(sequence.sent(sender, BOB), large);
        }
    }

    private String idOf(EventSequence sequence) {
        return sequence.events().isEmpty() ? "" : sequence.events().getFirst().getConversationId();
    }

    private void message(ConversationEvent event, boolean large) {
        messages.computeIfAbsent(event.getConversationId(), id -> new ArrayList<>())
                .add(event);
        event(event, large);
    }

    private void broadcast() {
        EventSequence sequence = conversations.computeIfAbsent("b:b" + random.nextInt(4), EventSequence::new);
        record(InboxRecord.newBuilder()
                .setEvent(atNow(sequence.sent("")))
                .setEveryone(true)
                .build());
    }

    private void event(ConversationEvent event, boolean large) {
        record(InboxRecord.newBuilder()
                .setEvent(atNow(event))
                .setLarge(large)
                .addRecipients(BOB)
                .build());
    }

    private void shared(ConversationEvent event, boolean large) {
        if (!large) {
            event(event, false);
            return;
        }
        InboxRecord.Builder shared =
                InboxRecord.newBuilder().setEvent(atNow(event)).setLarge(true).setMembers(true);
        if (random.nextInt(3) == 0) {
            shared.addRecipients(BOB);
        }
        record(shared.build());
    }

    private void settings(String conversationId) {
        ChangeSettings.Builder change = ChangeSettings.newBuilder()
                .setOrigin(origin(1, "bob-web", "settings"))
                .setConversationId(conversationId);
        switch (random.nextInt(4)) {
            case 0 -> change.setMuted(random.nextBoolean());
            case 1 -> change.setHidden(random.nextBoolean());
            case 2 -> change.setPinned(random.nextBoolean());
            default -> change.setAcceptInvitation(true);
        }
        command(UserCommand.newBuilder()
                .setUserId(BOB)
                .setChangeSettings(change)
                .build());
    }

    private String one() {
        List<String> known = List.copyOf(conversations.keySet());
        return known.isEmpty() ? "p:bob:u99" : known.get(random.nextInt(known.size()));
    }

    private ConversationEvent atNow(ConversationEvent event) {
        return event.toBuilder().setSentAt(Timestamps.fromMillis(millis)).build();
    }

    private long seconds() {
        return (millis - EPOCH_MILLIS) / 1_000;
    }

    private void record(InboxRecord record) {
        for (DrivenTopology inbox : List.of(scanning, indexing, inSteps)) {
            inbox.pipe(Topics.INBOX, 0, record, millis);
        }
    }

    private void command(UserCommand command) {
        for (DrivenTopology inbox : List.of(scanning, indexing, inSteps)) {
            inbox.pipe(Topics.USER_COMMANDS, command.getUserId(), command, millis);
        }
    }

    private void assertSame(String where) {
        for (Topic<?, ?> topic : List.of(Topics.USER_EVENTS, Topics.NOTIFICATIONS)) {
            List<?> expected = scanning.read(topic);
            assertEquals(expected, indexing.read(topic), where);
            assertEquals(expected, inSteps.read(topic), where);
        }
        List<Delivery> expected = scanning.readValues(Topics.DELIVERIES);
        assertEquals(expected, indexing.readValues(Topics.DELIVERIES), where);
        List<Delivery> pages = inSteps.readValues(Topics.DELIVERIES);
        assertEquals(without(expected), without(pages), where);
        assertEquals(views(expected), views(pages), where);
        continued += answers(pages).size() > answers(expected).size() ? 1 : 0;
        if (!answers(expected).isEmpty()) {
            SyncAnswer last = answers(expected).getLast();
            SyncAnswer lastPage = answers(pages).getLast();
            assertTrue(lastPage.getDone(), where);
            assertEquals(last.getVersion(), lastPage.getVersion(), where);
            answers(pages).forEach(page -> assertEquals(last.getBadge(), page.getBadge(), where));
            version = last.getVersion() - random.nextInt(2) * random.nextInt(30);
        }
    }

    private static List<Delivery> without(List<Delivery> deliveries) {
        return deliveries.stream().filter(delivery -> !delivery.hasSyncAnswer()).toList();
    }

    private static List<SyncAnswer> answers(List<Delivery> deliveries) {
        return deliveries.stream()
                .filter(Delivery::hasSyncAnswer)
                .map(Delivery::getSyncAnswer)
                .toList();
    }

    /** Ordered by the first message sent. */
    private static List<ConversationView> views(List<Delivery> deliveries) {
        Map<String, ConversationView> views = new LinkedHashMap<>();
        answers(deliveries)
                .forEach(page -> page.getViewsList()
                        .forEach(view -> assertSameOrNew(views.put(view.getConversationId(), view), view)));
        return List.copyOf(views.values());
    }

    private static void assertSameOrNew(ConversationView before, ConversationView view) {
        if (before != null) {
            assertEquals(before, view);
        }
    }

    private DrivenTopology inbox(int scannedViews, int viewsAtOnce) {
        return DrivenTopology.inbox(layout, new SyncLimits(scannedViews, viewsAtOnce));
    }
}
