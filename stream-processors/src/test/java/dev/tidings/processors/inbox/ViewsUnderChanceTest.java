package dev.tidings.processors.inbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.TestSeed;
import dev.tidings.processors.UnreadRecount;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random conversations as bob receives them. Prints its seed; {@code -Dtidings.seed=<seed>} repeats a run. */
class ViewsUnderChanceTest {

    private static final String BOB = "bob";
    private static final int ROUNDS = 400;
    private static final GroupProfile PROFILE =
            GroupProfile.newBuilder().setName("climbers").build();

    private final long seed = TestSeed.get();
    private final Random random = new Random(seed);

    ViewsUnderChanceTest() {
        System.out.println("tidings.seed=" + seed);
    }

    @Test
    void unread_equals_a_recount_over_all_events() {
        long unread = 0;
        long mentions = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<ConversationEvent> events = group(random.nextInt(120));
            ViewRecord view = ViewRecord.getDefaultInstance();
            for (int told = 1; told <= events.size(); told++) {
                view = Viewed.after(view, BOB, events.get(told - 1));
                UnreadRecount recount = UnreadRecount.of(BOB, events.subList(0, told));
                assertEquals(recount.messages(), Counted.messages(view), where(round));
                assertEquals(recount.mentions(), Counted.mentions(view), where(round));
            }
            unread += Counted.messages(view);
            mentions += Counted.mentions(view);
        }
        assertTrue(unread > ROUNDS && mentions > ROUNDS / 10, "too little happened: " + unread + ", " + mentions);
    }

    @Test
    void repeated_group_events_give_the_same_view() {
        for (int round = 0; round < ROUNDS; round++) {
            assertSameWithRepetitions(group(random.nextInt(80)), round);
        }
    }

    @Test
    void repeated_private_events_give_the_same_view() {
        for (int round = 0; round < ROUNDS; round++) {
            assertSameWithRepetitions(pair(random.nextInt(80)), round);
        }
    }

    /** Repeats events: all from some point on, as after a crash of CONVERSATION, or any event at any time. */
    private void assertSameWithRepetitions(List<ConversationEvent> events, int round) {
        List<ConversationEvent> repeated = new ArrayList<>();
        for (int told = 1; told <= events.size(); told++) {
            repeated.add(events.get(told - 1));
            switch (random.nextInt(8)) {
                case 0 -> repeated.addAll(events.subList(random.nextInt(told), told));
                case 1 -> {
                    for (int again = random.nextInt(10); again > 0; again--) {
                        repeated.add(events.get(random.nextInt(told)));
                    }
                }
                default -> {}
            }
        }

        assertEquals(Viewed.by(BOB, events), Viewed.by(BOB, repeated), where(round));
    }

    /** Returns only the events that bob receives: none while he is not a member. */
    private List<ConversationEvent> group(int length) {
        Told told = new Told("g:climbers");
        List<ConversationEvent> forBob = new ArrayList<>();
        List<ConversationEvent> messages = new ArrayList<>();
        List<ConversationEvent> sequenced = new ArrayList<>();
        boolean belongs = random.nextBoolean();
        ConversationEvent first =
                belongs ? told.created(PROFILE, "alice", "alice", BOB) : told.created(PROFILE, "alice", "alice");
        for (int i = 0; i <= length; i++) {
            boolean before = belongs;
            ConversationEvent event = i == 0 ? first : step(told, belongs, messages, sequenced);
            if (event.hasMembersAdded()) {
                belongs = true;
            } else if (event.hasMemberLeft() || event.hasMembersRemoved()) {
                belongs = false;
            }
            if (event.hasMessageSent()) {
                messages.add(event);
            }
            if (event.getSeq() > 0) {
                sequenced.add(event);
            }
            if (before || belongs) {
                forBob.add(event);
            }
        }
        return forBob;
    }

    private ConversationEvent step(
            Told told, boolean belongs, List<ConversationEvent> messages, List<ConversationEvent> sequenced) {
        String someone = random.nextInt(5) == 0 && belongs ? BOB : random.nextBoolean() ? "alice" : "carol";
        ConversationEvent earlier = messages.isEmpty() ? null : messages.get(random.nextInt(messages.size()));
        return switch (random.nextInt(20)) {
            case 0, 1 -> told.sent(someone, BOB);
            case 2 -> told.sentToAll(someone);
            case 3 -> told.sentQuietly(someone, BOB);
            case 4, 5, 6 -> earlier == null ? told.reacted(someone, 1) : told.recalled(earlier);
            case 7 ->
                earlier == null
                        ? told.pinned(someone, 1)
                        : random.nextBoolean()
                                ? told.edited(earlier, "better " + random.nextInt(), BOB)
                                : told.edited(earlier, "better " + random.nextInt());
            case 8, 9 -> told.read(someone, sequenced.get(random.nextInt(sequenced.size())));
            case 10 -> {
                long from = random.nextLong(1, told.lastSeq() + 1);
                yield told.deleted(someone, from, random.nextLong(from, told.lastSeq() + 1));
            }
            case 11 -> belongs ? random.nextBoolean() ? told.left(BOB) : told.removed(BOB) : told.added(PROFILE, BOB);
            case 12 -> told.roleChanged(BOB, random.nextBoolean() ? Role.ADMIN : Role.MEMBER);
            case 13 -> told.joinRequested("zoe");
            default -> told.sent(someone);
        };
    }

    private List<ConversationEvent> pair(int length) {
        Told told = new Told("p:alice:bob");
        for (int i = 0; i <= length; i++) {
            String someone = random.nextBoolean() ? BOB : "alice";
            switch (random.nextInt(10)) {
                case 0, 1 -> told.friendRequested(someone, "note " + i);
                case 2 -> told.friendAccepted(someone);
                case 3 -> told.friendDeclined(someone);
                case 4 -> told.friendRemoved(someone);
                case 5, 6 -> told.blocked(BOB, random.nextBoolean());
                case 7 -> told.remarked(BOB, "remark " + i);
                case 8 -> told.read(someone, told.sent(someone));
                default -> told.sent(someone);
            }
        }
        return told.events();
    }

    private String where(int round) {
        return "round " + round + ", -Dtidings.seed=" + seed;
    }
}
