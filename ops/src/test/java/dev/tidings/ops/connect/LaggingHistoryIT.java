package dev.tidings.ops.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.schemas.Limits;
import dev.tidings.v1.ConversationEvent;
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

    private static ConversationEvent text(String id, long seq, String body) {
        ConversationEvent.Builder event = Events.message(id, seq).toBuilder();
        event.getMessageSentBuilder().getContentBuilder().getTextBuilder().setBody(body);
        return event.build();
    }
}
