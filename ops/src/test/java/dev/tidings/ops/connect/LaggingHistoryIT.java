package dev.tidings.ops.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.history.History;
import dev.tidings.gateway.history.HistoryQuery;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.gateway.history.SeqSpan;
import dev.tidings.schemas.Limits;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageState;
import dev.tidings.v1.PinChanged;
import dev.tidings.v1.ReactionChanged;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** History of ranges that do not fit one answer, and history while Redis or ClickHouse lags behind the other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class LaggingHistoryIT {

    private DrivenSinks sinks;

    @BeforeAll
    void start(@TempDir Path directory) {
        sinks = DrivenSinks.start(directory);
    }

    @AfterAll
    void stop() {
        sinks.close();
    }

    @Test
    void a_pull_of_everything_is_complete_only_page_by_page() {
        String id = "g:pages";
        sinks.put(LongStream.rangeClosed(1, 322)
                .mapToObj(seq -> Events.message(id, seq))
                .toList());

        HistoryRange newest = sinks.history().read(id, 1, Long.MAX_VALUE, 200);
        HistoryRange rest = sinks.history().read(id, 1, newest.fromSeq() - 1, 200);

        assertFalse(newest.complete());
        assertEquals(123, newest.fromSeq());
        assertEquals(322, newest.toSeq());
        assertEquals(322, newest.headSeq());
        assertTrue(rest.complete());
        assertEquals(122, rest.events().size());
    }

    @Test
    void pages_are_read_oldest_first_around_a_seq_and_by_time_from_both_stores() {
        String id = "g:positions";
        sinks.put(LongStream.rangeClosed(1, 30)
                .mapToObj(seq -> Events.message(id, seq))
                .toList());
        History history = sinks.history();

        HistoryRange oldest = history.read(HistoryQuery.oldest(id, SeqSpan.ALL, 25));
        HistoryRange around = history.around(id, 20, SeqSpan.ALL, 5);

        assertEquals(LongStream.rangeClosed(1, 25).boxed().toList(), seqs(oldest));
        assertFalse(oldest.complete());
        assertEquals(
                LongStream.rangeClosed(26, 30).boxed().toList(),
                seqs(history.read(HistoryQuery.oldest(id, new SeqSpan(26, Long.MAX_VALUE), 25))));
        assertEquals(List.of(18L, 19L, 20L, 21L, 22L), seqs(around));
        assertEquals(new SeqSpan(25, 27), history.between(id, sentAt(25), sentAt(28)));
        assertEquals(new SeqSpan(3, 24), history.between(id, sentAt(2) + 1, sentAt(25)));
        assertEquals(new SeqSpan(31, Long.MAX_VALUE), history.between(id, sentAt(31), sentAt(40)));
        assertTrue(history.between(id, sentAt(7) + 1, sentAt(7) + 2).isEmpty());
    }

    private static long sentAt(long seq) {
        return Timestamps.toMillis(Events.message("g:positions", seq).getSentAt());
    }

    private static List<Long> seqs(HistoryRange range) {
        return range.events().stream().map(ConversationEvent::getSeq).toList();
    }

    @Test
    void a_pull_is_bounded_in_bytes_in_both_stores() {
        String id = "g:bytes";
        int fit = Limits.PAGE / 30_500;
        sinks.put(LongStream.rangeClosed(1, 60)
                .mapToObj(seq -> text(id, seq, "x".repeat(30_000)))
                .toList());

        HistoryRange newest = sinks.history().read(id, 1, Long.MAX_VALUE, 200);
        HistoryRange older = sinks.history().read(id, 1, 40, 200);

        assertEquals(fit, newest.events().size());
        assertEquals(60 - fit + 1, newest.fromSeq());
        assertFalse(newest.complete());
        assertEquals(fit, older.events().size());
        assertEquals(40 - fit + 1, older.fromSeq());
        assertFalse(older.complete());
    }

    @Test
    void a_redis_that_lags_does_not_hide_what_clickhouse_has() {
        String id = "g:redis-lags";
        sinks.put(List.of(Events.message(id, 1), Events.message(id, 2)));
        sinks.putIntoClickHouse(List.of(Events.message(id, 3), Events.recall(id, 4, 1)));

        HistoryRange all = sinks.history().read(id, 1, Long.MAX_VALUE, 200);

        assertEquals(4, all.headSeq());
        assertTrue(all.complete());
        assertEquals(4, all.events().size());
        assertEquals(4, all.events().getFirst().getMessageSent().getState().getRecalledSeq());
    }

    @Test
    void a_clickhouse_that_lags_never_shows_recalled_text() {
        String id = "g:clickhouse-lags";
        sinks.put(List.of(Events.message(id, 1), Events.message(id, 2)));
        List<ConversationEvent> later = new ArrayList<>();
        later.add(Events.recall(id, 3, 1));
        LongStream.rangeClosed(4, 3 + DrivenSinks.RECENT_EVENTS).forEach(seq -> later.add(Events.message(id, seq)));
        sinks.putIntoRedis(later);

        HistoryRange behind = sinks.history().read(id, 1, 2, 200);
        sinks.putIntoClickHouse(later);
        HistoryRange caughtUp = sinks.history().read(id, 1, 2, 200);

        assertEquals(List.of(), behind.events());
        assertFalse(behind.complete());
        assertTrue(caughtUp.complete());
        assertEquals(3, caughtUp.events().getFirst().getMessageSent().getState().getRecalledSeq());
    }

    @Test
    void a_message_has_the_reactions_and_the_pin_that_the_stores_know_together() {
        String id = "g:marks";
        List<ConversationEvent> log = new ArrayList<>();
        log.add(Events.message(id, 1));
        log.add(reaction(id, 2, "alice", false));
        log.add(reaction(id, 3, "bob", false));
        log.add(Events.event(id, 4)
                .setPinChanged(PinChanged.newBuilder().setSeq(1))
                .build());
        sinks.put(log);
        MessageState recent = state(id);
        sinks.put(LongStream.rangeClosed(5, 4 + DrivenSinks.RECENT_EVENTS)
                .mapToObj(seq -> Events.message(id, seq))
                .toList());
        MessageState stored = state(id);
        sinks.putIntoRedis(List.of(reaction(id, 5 + DrivenSinks.RECENT_EVENTS, "alice", true)));
        MessageState together = state(id);

        assertEquals(List.of("alice", "bob"), recent.getReactions(0).getUserIdsList());
        assertTrue(recent.getPinned());
        assertEquals(recent, stored);
        assertEquals(List.of("bob"), together.getReactions(0).getUserIdsList());
        assertEquals(1, together.getReactions(0).getCount());
        assertTrue(together.getPinned());
    }

    private MessageState state(String id) {
        return sinks.history()
                .read(id, 1, 1, 1)
                .events()
                .getFirst()
                .getMessageSent()
                .getState();
    }

    private static ConversationEvent reaction(String id, long seq, String userId, boolean removed) {
        return Events.event(id, seq)
                .setReactionChanged(ReactionChanged.newBuilder()
                        .setSeq(1)
                        .setUserId(userId)
                        .setReaction("+1")
                        .setRemoved(removed))
                .build();
    }

    private static ConversationEvent text(String id, long seq, String body) {
        ConversationEvent.Builder event = Events.message(id, seq).toBuilder();
        event.getMessageSentBuilder().getContentBuilder().getTextBuilder().setBody(body);
        return event.build();
    }
}
