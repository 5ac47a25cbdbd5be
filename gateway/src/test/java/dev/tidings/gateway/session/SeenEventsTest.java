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
    void an_event_that_comes_again_by_name_is_no_news() {
        assertTrue(byName(5));
        assertFalse(byName(5));
        assertFalse(byName(4));
    }

    @Test
    void an_event_that_comes_again_by_following_is_no_news() {
        assertTrue(byFollowing(5));
        assertFalse(byFollowing(5));
        assertFalse(byFollowing(4));
    }

    @Test
    void facts_outside_the_sequence_are_always_news() {
        assertTrue(byName(0));
        assertTrue(byName(0));
    }

    @Test
    void an_event_that_came_by_following_is_no_news_by_name() {
        assertTrue(byFollowing(5));
        assertTrue(byFollowing(6));

        assertFalse(byName(5));
    }

    @Test
    void an_event_that_came_by_name_is_no_news_by_following() {
        assertTrue(byName(5));

        assertFalse(byFollowing(5));
        assertTrue(byFollowing(6));
    }

    @Test
    void what_comes_by_name_late_is_news_though_newer_events_came_by_following() {
        assertTrue(byFollowing(8));
        assertTrue(byFollowing(9));

        assertTrue(byName(7));
    }

    @Test
    void what_happened_while_the_session_did_not_follow_is_news_by_name() {
        assertTrue(byFollowing(3));
        assertTrue(byFollowing(8));

        assertTrue(byName(5));
        assertFalse(byName(8));
    }

    @Test
    void conversations_do_not_know_of_each_other() {
        assertTrue(seen.byFollowing(event("g:one", 5)));
        assertTrue(seen.byFollowing(event("g:other", 5)));
    }

    /** Both paths keep their order, repeat themselves, and are mixed by chance. */
    @Test
    void however_the_paths_mix_every_event_is_news_once() {
        long seed = Long.getLong("tidings.seed", System.nanoTime());
        Random chance = new Random(seed);
        for (int round = 0; round < 200; round++) {
            SeenEvents session = new SeenEvents();
            List<Long> news = new ArrayList<>();
            int last = 60;
            TreeSet<Long> named = new TreeSet<>();
            for (long seq = 1; seq <= last; seq++) {
                if (chance.nextInt(4) == 0) {
                    named.add(seq);
                }
            }
            List<Long> byName = repeating(new ArrayList<>(named), chance);
            List<Long> all = new ArrayList<>();
            for (long seq = 1; seq <= last; seq++) {
                all.add(seq);
            }
            List<Long> byFollowing = repeating(all, chance);
            while (!byName.isEmpty() || !byFollowing.isEmpty()) {
                boolean takeName = byFollowing.isEmpty() || (!byName.isEmpty() && chance.nextBoolean());
                long seq = takeName ? byName.removeFirst() : byFollowing.removeFirst();
                ConversationEvent event = event("g:club", seq);
                if (takeName ? session.byName(event, true) : session.byFollowing(event)) {
                    news.add(seq);
                }
            }
            assertEquals(all, news.stream().sorted().toList(), "tidings.seed=" + seed);
        }
    }

    /** As after a crash: from some place on, everything comes a second time. */
    private static List<Long> repeating(List<Long> seqs, Random chance) {
        if (seqs.isEmpty()) {
            return seqs;
        }
        int crash = chance.nextInt(seqs.size());
        int from = Math.max(0, crash - chance.nextInt(10));
        List<Long> repeated = new ArrayList<>(seqs.subList(0, crash));
        repeated.addAll(seqs.subList(from, seqs.size()));
        return repeated;
    }

    private boolean byName(long seq) {
        return seen.byName(event("g:club", seq), true);
    }

    private boolean byFollowing(long seq) {
        return seen.byFollowing(event("g:club", seq));
    }

    private static ConversationEvent event(String conversationId, long seq) {
        return ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSeq(seq)
                .build();
    }
}
