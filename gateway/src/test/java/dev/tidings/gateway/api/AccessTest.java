package dev.tidings.gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.history.SeqSpan;
import dev.tidings.gateway.log.RecordedLog;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.AccessAnswer;
import dev.tidings.v1.AccessRequest;
import dev.tidings.v1.Error;
import dev.tidings.v1.Origin;
import dev.tidings.v1.SeqRange;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AccessTest {

    private static final Caller ALICE =
            new Caller("alice", "phone", Origin.newBuilder().setSessionId("s1").build(), "r:lobby"::equals);

    private final RecordedLog log = new RecordedLog();
    /** The deleted events in the read model; null: unknown. */
    private @Nullable List<SeqSpan> deleted = List.of();

    private final Access access =
            new Access(log, Duration.ofMinutes(1), (userId, conversationId) -> deleted, Runnable::run);

    @Test
    void a_private_conversation_is_visible_to_its_two_users_only() {
        assertEquals(SeqSpan.ALL, seen("p:alice:bob"));
        assertTrue(seen("p:bob:carol").isEmpty());
    }

    @Test
    void a_system_conversation_is_visible_to_its_user_only() {
        assertEquals(SeqSpan.ALL, seen("s:alice"));
        assertTrue(seen("s:bob").isEmpty());
    }

    @Test
    void a_broadcast_is_visible_to_everyone() {
        assertEquals(SeqSpan.ALL, seen("b:news"));
    }

    @Test
    void a_room_is_visible_to_sessions_in_it() {
        assertEquals(SeqSpan.ALL, seen("r:lobby"));
        assertTrue(seen("r:elsewhere").isEmpty());
    }

    @Test
    void the_read_model_knows_what_the_user_has_deleted_in_a_private_conversation() {
        deleted = List.of(new SeqSpan(2, 3));

        assertEquals(deleted, access.of(ALICE, id("p:alice:bob")).join().deleted());
        assertTrue(log.userCommands().isEmpty());
    }

    @Test
    void all_events_are_visible_while_the_deleted_ones_are_not_known() {
        deleted = null;

        assertEquals(
                VisibleSpans.allBut(List.of()), access.of(ALICE, id("s:alice")).join());
    }

    @Test
    void inbox_knows_what_a_member_has_deleted() {
        CompletableFuture<VisibleSpans> member = access.of(ALICE, id("g:club"));

        access.answered(answer(log.userCommands().getFirst().getAccessRequest(), 1, 0).toBuilder()
                .addDeleted(SeqRange.newBuilder().setFromSeq(2).setToSeq(3))
                .build());

        assertTrue(member.join().isDeleted(2));
        assertFalse(member.join().isDeleted(4));
    }

    @Test
    void inbox_is_asked_about_a_group() {
        CompletableFuture<VisibleSpans> group = access.of(ALICE, id("g:club"));
        AccessRequest question = log.userCommands().getFirst().getAccessRequest();
        assertEquals("alice", log.userCommands().getFirst().getUserId());
        assertEquals("g:club", question.getConversationId());
        assertEquals("s1", question.getOrigin().getSessionId());
        assertFalse(group.isDone());

        access.answered(answer(question, 5, 9));

        assertEquals(new SeqSpan(5, 9), group.join().now());
    }

    @Test
    void an_answer_without_an_end_is_open_and_one_without_a_beginning_is_empty() {
        CompletableFuture<VisibleSpans> member = access.of(ALICE, id("g:club"));
        CompletableFuture<VisibleSpans> stranger = access.of(ALICE, id("g:club"));

        access.answered(answer(log.userCommands().getFirst().getAccessRequest(), 5, 0));
        access.answered(answer(log.userCommands().getLast().getAccessRequest(), 0, 0));

        assertEquals(new SeqSpan(5, Long.MAX_VALUE), member.join().now());
        assertTrue(stranger.join().now().isEmpty());
    }

    @Test
    void a_member_who_is_added_again_sees_the_spans_of_earlier_memberships() {
        CompletableFuture<VisibleSpans> group = access.of(ALICE, id("g:club"));
        AccessRequest question = log.userCommands().getFirst().getAccessRequest();

        access.answered(answer(question, 30, 0).toBuilder()
                .addEarlier(SeqRange.newBuilder().setFromSeq(2).setToSeq(5))
                .addEarlier(SeqRange.newBuilder().setFromSeq(10).setToSeq(20))
                .build());

        VisibleSpans visible = group.join();
        assertEquals(new SeqSpan(30, 40), visible.newestWithin(new SeqSpan(1, 40)));
        assertEquals(new SeqSpan(10, 15), visible.newestWithin(new SeqSpan(1, 15)));
        assertEquals(new SeqSpan(3, 4), visible.newestWithin(new SeqSpan(3, 4)));
        assertTrue(visible.newestWithin(new SeqSpan(6, 9)).isEmpty());
        assertTrue(visible.newestWithin(new SeqSpan(21, 29)).isEmpty());
    }

    @Test
    void an_answer_without_a_request_is_dropped() {
        access.answered(answer(AccessRequest.getDefaultInstance(), 1, 0));
    }

    @Test
    void a_missing_answer_is_unavailable() {
        Access impatient = new Access(log, Duration.ZERO, (userId, conversationId) -> null, Runnable::run);

        assertUnavailable(impatient.of(ALICE, id("g:club")));
    }

    @Test
    void a_request_that_cannot_be_appended_is_unavailable() {
        log.fails(true);

        assertUnavailable(access.of(ALICE, id("g:club")));
    }

    private SeqSpan seen(String conversationId) {
        return access.of(ALICE, id(conversationId)).join().now();
    }

    private static ConversationId id(String text) {
        return Objects.requireNonNull(ConversationId.parse(text));
    }

    private static AccessAnswer answer(AccessRequest question, long fromSeq, long toSeq) {
        return AccessAnswer.newBuilder()
                .setOrigin(question.getOrigin())
                .setConversationId(question.getConversationId())
                .setFromSeq(fromSeq)
                .setToSeq(toSeq)
                .build();
    }

    private static void assertUnavailable(CompletableFuture<VisibleSpans> answer) {
        CompletionException failure = assertThrows(CompletionException.class, answer::join);
        RequestException request = assertInstanceOf(RequestException.class, failure.getCause());
        assertEquals(Error.Code.UNAVAILABLE, request.error().getCode());
        assertTrue(request.error().getRetryable());
    }
}
