package dev.tidings.gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.gateway.history.RangeHistory;
import dev.tidings.gateway.log.RecordedLog;
import dev.tidings.v1.AccessAnswer;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Error;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.Origin;
import dev.tidings.v1.ReadHistory;
import dev.tidings.v1.SeqRange;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A group of 40 events; the one with seq n is sent at n milliseconds, and seq 39 edits seq 12. */
class VisibleHistoryTest {

    private static final Caller ALICE =
            new Caller("alice", "phone", Origin.newBuilder().setSessionId("s1").build(), _ -> false);
    private static final long LAST = 40;

    private final RecordedLog log = new RecordedLog();
    private final Access access = new Access(log, Duration.ofMinutes(1), (_, _) -> List.of(), Runnable::run);
    private final VisibleHistory history =
            new VisibleHistory(access, new RangeHistory(VisibleHistoryTest::stored), Runnable::run);

    @Test
    void a_member_sees_nothing_from_before_they_joined() {
        AccessAnswer member = AccessAnswer.newBuilder().setFromSeq(30).build();

        assertEquals(seqs(30, 40), seqs(read(member, ReadHistory.newBuilder())));
        assertEquals(
                seqs(30, 31),
                seqs(read(member, ReadHistory.newBuilder().setAfterSeq(0).setLimit(2))));
        assertEquals(
                seqs(30, 32),
                seqs(read(member, ReadHistory.newBuilder().setAroundSeq(30).setLimit(3))));
        assertForbidden(member, ReadHistory.newBuilder().setBeforeSeq(30));
        assertForbidden(member, ReadHistory.newBuilder().setAroundSeq(29));
    }

    @Test
    void a_former_member_sees_nothing_from_after_they_left_and_no_later_head() {
        AccessAnswer former =
                AccessAnswer.newBuilder().setFromSeq(10).setToSeq(20).build();

        HistoryRange newest = read(former, ReadHistory.newBuilder().setLimit(2));
        HistoryRange after = read(former, ReadHistory.newBuilder().setAfterSeq(18));

        assertEquals(seqs(19, 20), seqs(newest));
        assertEquals(20, newest.headSeq());
        assertEquals(seqs(19, 20), seqs(after));
        assertTrue(after.complete());
        assertForbidden(former, ReadHistory.newBuilder().setAfterSeq(20));
    }

    @Test
    void a_read_is_complete_only_with_the_spans_of_earlier_memberships() {
        AccessAnswer again = AccessAnswer.newBuilder()
                .setFromSeq(30)
                .addEarlier(SeqRange.newBuilder().setFromSeq(2).setToSeq(5))
                .build();

        HistoryRange newest = read(again, ReadHistory.newBuilder());
        HistoryRange before = read(again, ReadHistory.newBuilder().setBeforeSeq(newest.fromSeq()));
        HistoryRange oldest = read(again, ReadHistory.newBuilder().setAfterSeq(0));
        HistoryRange after = read(again, ReadHistory.newBuilder().setAfterSeq(oldest.toSeq()));

        assertFalse(newest.complete());
        assertEquals(seqs(2, 5), seqs(before));
        assertTrue(before.complete());
        assertEquals(seqs(2, 5), seqs(oldest));
        assertFalse(oldest.complete());
        assertEquals(seqs(30, 40), seqs(after));
        assertTrue(after.complete());
        assertFalse(read(again, ReadHistory.newBuilder().setAroundSeq(30).setLimit(50))
                .complete());
    }

    @Test
    void a_span_of_time_shows_only_what_the_user_may_see() {
        AccessAnswer former =
                AccessAnswer.newBuilder().setFromSeq(10).setToSeq(20).build();

        assertEquals(seqs(18, 20), seqs(read(former, time(18, 30))));
        HistoryRange nothing = read(former, time(25, 30));
        assertEquals(List.of(), seqs(nothing));
        assertTrue(nothing.complete());
        assertForbidden(AccessAnswer.getDefaultInstance(), time(18, 30));
    }

    @Test
    void a_span_of_time_is_read_from_both_ends_and_page_by_page() {
        AccessAnswer member = AccessAnswer.newBuilder().setFromSeq(1).build();

        assertEquals(seqs(17, 19), seqs(read(member, time(10, 20).setLimit(3))));
        assertEquals(seqs(14, 16), seqs(read(member, time(10, 20).setLimit(3).setBeforeSeq(17))));
        assertEquals(seqs(10, 12), seqs(read(member, time(10, 20).setLimit(3).setAfterSeq(0))));
        assertEquals(seqs(13, 15), seqs(read(member, time(10, 20).setLimit(3).setAfterSeq(12))));
    }

    @Test
    void events_that_the_user_has_deleted_and_later_edits_of_them_are_left_out() {
        AccessAnswer member = AccessAnswer.newBuilder()
                .setFromSeq(1)
                .addDeleted(SeqRange.newBuilder().setFromSeq(12).setToSeq(13))
                .build();

        HistoryRange range =
                read(member, ReadHistory.newBuilder().setFromSeq(11).setToSeq(14));

        assertEquals(List.of(11L, 14L), seqs(range));
        assertEquals(11, range.fromSeq());
        assertEquals(14, range.toSeq());
        assertTrue(range.complete());
        assertEquals(
                List.of(38L, 40L), seqs(read(member, ReadHistory.newBuilder().setFromSeq(38))));
    }

    @Test
    void a_deleted_beginning_is_skipped_and_a_deleted_range_is_empty_and_complete() {
        AccessAnswer member = AccessAnswer.newBuilder()
                .setFromSeq(1)
                .addDeleted(SeqRange.newBuilder().setFromSeq(1).setToSeq(35))
                .build();

        HistoryRange oldest =
                read(member, ReadHistory.newBuilder().setAfterSeq(0).setLimit(2));
        HistoryRange newest = read(member, ReadHistory.newBuilder());
        HistoryRange nothing = read(member, ReadHistory.newBuilder().setToSeq(30));

        assertEquals(seqs(36, 37), seqs(oldest));
        assertEquals(List.of(36L, 37L, 38L, 40L), seqs(newest));
        assertEquals(1, newest.fromSeq());
        assertTrue(newest.complete());
        assertEquals(List.of(), seqs(nothing));
        assertTrue(nothing.complete());
        assertEquals(30, nothing.headSeq());
    }

    private static ReadHistory.Builder time(long fromMillis, long untilMillis) {
        return ReadHistory.newBuilder()
                .setSentFrom(Timestamps.fromMillis(fromMillis))
                .setSentBefore(Timestamps.fromMillis(untilMillis));
    }

    private HistoryRange read(AccessAnswer seen, ReadHistory.Builder read) {
        return later(seen, read).join();
    }

    private void assertForbidden(AccessAnswer seen, ReadHistory.Builder read) {
        CompletionException failure =
                assertThrows(CompletionException.class, () -> later(seen, read).join());
        assertEquals(
                Error.Code.FORBIDDEN,
                assertInstanceOf(RequestException.class, failure.getCause())
                        .error()
                        .getCode());
    }

    private CompletableFuture<HistoryRange> later(AccessAnswer seen, ReadHistory.Builder read) {
        CompletableFuture<HistoryRange> page = history.read(
                ALICE, HistoryRequest.of(read.setConversationId("g:club").build()));
        access.answered(seen.toBuilder()
                .setOrigin(log.userCommands().getLast().getAccessRequest().getOrigin())
                .build());
        return page;
    }

    private static HistoryRange stored(String conversationId, long fromSeq, long toSeq, int limit) {
        long to = Math.min(LAST, toSeq);
        long from = Math.max(fromSeq, to - limit + 1);
        List<ConversationEvent> events = LongStream.rangeClosed(from, to)
                .mapToObj(seq -> ConversationEvent.newBuilder().setSeq(seq))
                .map(event -> event.getSeq() == 39
                        ? event.setMessageEdited(MessageEdited.newBuilder().setSeq(12))
                        : event)
                .map(ConversationEvent.Builder::build)
                .toList();
        return new HistoryRange(events, from, to, from == fromSeq, LAST);
    }

    private static List<Long> seqs(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    private static List<Long> seqs(HistoryRange range) {
        return range.events().stream().map(ConversationEvent::getSeq).toList();
    }
}
