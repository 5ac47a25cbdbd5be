package dev.tidings.processors.inbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.TestSeed;
import dev.tidings.processors.UnreadRecount;
import dev.tidings.processors.inbox.view.GroupHeads;
import dev.tidings.processors.inbox.view.SharedEvents;
import dev.tidings.processors.inbox.view.ViewDecider;
import dev.tidings.state.v1.GroupHeadRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationEvent.BodyCase;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.Role;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random conversations as bob receives them. Prints its seed; {@code -Dtidings.seed=<seed>} repeats a run. */
class ViewsUnderChanceTest {

    private static final String BOB = "bob";
    private static final int ROUNDS = 400;
    private static final Set<BodyCase> SHARED = EnumSet.of(
            BodyCase.MESSAGE_SENT,
            BodyCase.MESSAGE_EDITED,
            BodyCase.MESSAGE_RECALLED,
            BodyCase.REACTION_CHANGED,
            BodyCase.PIN_CHANGED,
            BodyCase.GROUP_UPDATED,
            BodyCase.ALL_MUTED,
            BodyCase.MEMBERS_ADDED,
            BodyCase.MEMBER_LEFT,
            BodyCase.ROLE_CHANGED);
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
            for (int sequence = 1; sequence <= events.size(); sequence++) {
                view = Viewed.after(view, BOB, events.get(sequence - 1));
                UnreadRecount recount = UnreadRecount.of(BOB, events.subList(0, sequence));
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

    /** The view that is written only when it must be, joined with the head of the group, against one that every event changes. */
    @Test
    void a_view_joined_with_shared_events_equals_a_view_of_all_events() {
        Map<BodyCase, Integer> shared = new EnumMap<>(BodyCase.class);
        for (int round = 0; round < ROUNDS; round++) {
            ViewRecord all = ViewRecord.getDefaultInstance();
            ViewRecord stored = ViewRecord.getDefaultInstance();
            GroupHeadRecord head = GroupHeadRecord.getDefaultInstance();
            long version = 0;
            for (ConversationEvent event : withRepetitions(group(random.nextInt(120)))) {
                InboxRecord record = Viewed.record(event);
                ViewRecord before = GroupHeads.joined(stored, head);
                version++;
                all = ViewDecider.apply(all, BOB, record, version);
                ViewRecord after = ViewDecider.apply(before, BOB, record, version);
                boolean isShared = SharedEvents.isShared(head.getShared(), record);
                GroupHeadRecord next =
                        isShared ? GroupHeads.share(head, event, version) : GroupHeads.withoutEnded(head, record);
                if (after != before && isShared && SharedEvents.covers(BOB, stored, after, event, next.getShared())) {
                    head = next;
                    shared.merge(event.getBodyCase(), 1, Integer::sum);
                } else {
                    stored = after == before ? stored : after;
                    head = isShared && !GroupHeads.mayHaveWordsChangedBy(event, head) ? head : next;
                }
                assertEquals(all, GroupHeads.joined(stored, head), where(round));
            }
        }
        for (BodyCase body : SHARED) {
            assertTrue(shared.getOrDefault(body, 0) > 5, "too few shared events: " + shared);
        }
    }

    private void assertSameWithRepetitions(List<ConversationEvent> events, int round) {
        assertEquals(Viewed.by(BOB, events), Viewed.by(BOB, withRepetitions(events)), where(round));
    }

    /** Repeats events: all from some point on, as after a crash of CONVERSATION, or any event at any time. */
    private List<ConversationEvent> withRepetitions(List<ConversationEvent> events) {
        List<ConversationEvent> repeated = new ArrayList<>();
        for (int sequence = 1; sequence <= events.size(); sequence++) {
            repeated.add(events.get(sequence - 1));
            switch (random.nextInt(8)) {
                case 0 -> repeated.addAll(events.subList(random.nextInt(sequence), sequence));
                case 1 -> {
                    for (int again = random.nextInt(10); again > 0; again--) {
                        repeated.add(events.get(random.nextInt(sequence)));
                    }
                }
                default -> {}
            }
        }

        return repeated;
    }

    /** Returns the events that Bob receives: none without a membership. */
    private List<ConversationEvent> group(int length) {
        EventSequence sequence = new EventSequence("g:climbers");
        List<ConversationEvent> forBob = new ArrayList<>();
        List<ConversationEvent> messages = new ArrayList<>();
        List<ConversationEvent> sequenced = new ArrayList<>();
        boolean belongs = random.nextBoolean();
        ConversationEvent first = belongs
                ? sequence.created(PROFILE, "alice", "alice", BOB)
                : sequence.created(PROFILE, "alice", "alice");
        for (int i = 0; i <= length; i++) {
            boolean before = belongs;
            ConversationEvent event = i == 0 ? first : step(sequence, belongs, messages, sequenced);
            if (event.getMembersAdded().getUserIdsList().contains(BOB)) {
                belongs = true;
            } else if (event.getMemberLeft().getUserId().equals(BOB) || event.hasMembersRemoved()) {
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
            EventSequence sequence,
            boolean belongs,
            List<ConversationEvent> messages,
            List<ConversationEvent> sequenced) {
        String someone = random.nextInt(5) == 0 && belongs ? BOB : random.nextBoolean() ? "alice" : "carol";
        ConversationEvent earlier = messages.isEmpty() ? null : messages.get(random.nextInt(messages.size()));
        return switch (random.nextInt(25)) {
            case 0, 1 -> sequence.sent(someone, BOB);
            case 2 -> sequence.sentToAll(someone);
            case 3 -> sequence.sentQuietly(someone, BOB);
            case 4, 5, 6 -> earlier == null ? sequence.reacted(someone, 1) : sequence.recalled(earlier);
            case 7 ->
                earlier == null
                        ? sequence.pinned(someone, 1)
                        : random.nextBoolean()
                                ? sequence.edited(earlier, "better " + random.nextInt(), BOB)
                                : random.nextInt(4) == 0
                                        ? sequence.editedToAll(earlier, "better for all " + random.nextInt())
                                        : sequence.edited(earlier, "better " + random.nextInt());
            case 8, 9 -> sequence.read(someone, sequenced.get(random.nextInt(sequenced.size())));
            case 10 -> {
                long from = random.nextLong(1, sequence.lastSeq() + 1);
                yield sequence.deleted(someone, from, random.nextLong(from, sequence.lastSeq() + 1));
            }
            case 11 ->
                belongs
                        ? random.nextBoolean() ? sequence.left(BOB) : sequence.removed(BOB)
                        : sequence.added(PROFILE, BOB);
            case 12 -> sequence.roleChanged(BOB, random.nextBoolean() ? Role.ADMIN : Role.MEMBER);
            case 13 -> random.nextBoolean() ? sequence.joinRequested("zoe") : sequence.reacted(someone, 1);
            case 14 -> sequence.sentUntil(10_000, someone);
            case 15 ->
                sequence.updated(
                        PROFILE.toBuilder().setName("name " + random.nextInt()).build());
            case 16 -> sequence.allMuted(random.nextBoolean());
            case 17 -> random.nextBoolean() ? sequence.added(PROFILE, "zoe") : sequence.left("zoe");
            case 18 -> sequence.roleChanged("zoe", Role.ADMIN);
            default -> sequence.sent(someone);
        };
    }

    private List<ConversationEvent> pair(int length) {
        EventSequence sequence = new EventSequence("p:alice:bob");
        for (int i = 0; i <= length; i++) {
            String someone = random.nextBoolean() ? BOB : "alice";
            switch (random.nextInt(10)) {
                case 0, 1 -> sequence.friendRequested(someone, "note " + i);
                case 2 -> sequence.friendAccepted(someone);
                case 3 -> sequence.friendDeclined(someone);
                case 4 -> sequence.friendRemoved(someone);
                case 5, 6 -> sequence.blocked(BOB, random.nextBoolean());
                case 7 -> sequence.remarked(BOB, "remark " + i);
                case 8 -> sequence.read(someone, sequence.sent(someone));
                default -> sequence.sent(someone);
            }
        }
        return sequence.events();
    }

    private String where(int round) {
        return "round " + round + ", -Dtidings.seed=" + seed;
    }
}
