package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.v1.ConversationEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SeenEventsTest {

    private final SeenEvents seen = new SeenEvents();

    @Test
    void an_addressed_event_that_repeats_is_a_duplicate() {
        assertTrue(addressed(5));
        assertFalse(addressed(5));
        assertFalse(addressed(4));
    }

    @Test
    void a_subscribed_event_that_repeats_is_a_duplicate() {
        assertTrue(subscribed(5));
        assertFalse(subscribed(5));
        assertFalse(subscribed(4));
    }

    @Test
    void events_outside_the_sequence_are_never_duplicates() {
        assertTrue(addressed(0));
        assertTrue(addressed(0));
    }

    @Test
    void an_addressed_event_that_came_subscribed_before_is_a_duplicate() {
        assertTrue(subscribed(5));
        assertTrue(subscribed(6));

        assertFalse(addressed(5));
    }

    @Test
    void a_subscribed_event_that_came_addressed_before_is_a_duplicate() {
        assertTrue(addressed(5));

        assertFalse(subscribed(5));
        assertTrue(subscribed(6));
    }

    @Test
    void a_late_addressed_event_is_new_after_newer_subscribed_events() {
        assertTrue(subscribed(8));
        assertTrue(subscribed(9));

        assertTrue(addressed(7));
    }

    @Test
    void an_addressed_event_from_a_gap_in_the_subscription_is_new() {
        assertTrue(subscribed(3));
        assertTrue(subscribed(8));

        assertTrue(addressed(5));
        assertFalse(addressed(8));
    }

    @Test
    void conversations_are_kept_apart() {
        assertTrue(seen.subscribed(event("g:one", 5)));
        assertTrue(seen.subscribed(event("g:other", 5)));
    }

    /** Both paths keep their order, repeat themselves, and are mixed at random. */
    @Test
    void every_event_is_new_once_however_the_paths_mix() {
        long seed = Long.getLong("tidings.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            SeenEvents session = new SeenEvents();
            List<Long> fresh = new ArrayList<>();
            int last = 60;
            TreeSet<Long> addressedSeqs = new TreeSet<>();
            for (long seq = 1; seq <= last; seq++) {
                if (random.nextInt(4) == 0) {
                    addressedSeqs.add(seq);
                }
            }
            List<Long> addressed = repeating(new ArrayList<>(addressedSeqs), random);
            List<Long> all = new ArrayList<>();
            for (long seq = 1; seq <= last; seq++) {
                all.add(seq);
            }
            List<Long> subscribed = repeating(all, random);
            while (!addressed.isEmpty() || !subscribed.isEmpty()) {
                boolean takeAddressed = subscribed.isEmpty() || (!addressed.isEmpty() && random.nextBoolean());
                long seq = takeAddressed ? addressed.removeFirst() : subscribed.removeFirst();
                ConversationEvent event = event("g:club", seq);
                if (takeAddressed ? session.addressed(event, true) : session.subscribed(event)) {
                    fresh.add(seq);
                }
            }
            assertEquals(all, fresh.stream().sorted().toList(), "tidings.seed=" + seed);
        }
    }

    /** Repeats a part, as a topology does that recovers from a crash. */
    private static List<Long> repeating(List<Long> seqs, Random random) {
        if (seqs.isEmpty()) {
            return seqs;
        }
        int crash = random.nextInt(seqs.size());
        int from = Math.max(0, crash - random.nextInt(10));
        List<Long> repeated = new ArrayList<>(seqs.subList(0, crash));
        repeated.addAll(seqs.subList(from, seqs.size()));
        return repeated;
    }

    private boolean addressed(long seq) {
        return seen.addressed(event("g:club", seq), true);
    }

    private boolean subscribed(long seq) {
        return seen.subscribed(event("g:club", seq));
    }

    private static ConversationEvent event(String conversationId, long seq) {
        return ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSeq(seq)
                .build();
    }
}
