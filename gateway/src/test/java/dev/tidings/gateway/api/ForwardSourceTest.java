package dev.tidings.gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Forward;
import dev.tidings.v1.ForwardedFrom;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.MessageState;
import dev.tidings.v1.PinChanged;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.TextContent;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForwardSourceTest {

    private static final Forward FORWARD =
            Forward.newBuilder().setConversationId("p:alice:bob").setSeq(4).build();
    private static final Content CONTENT = Content.newBuilder()
            .setText(TextContent.newBuilder().setBody("hello"))
            .build();

    @Test
    void a_forward_has_the_content_and_the_first_origin_of_the_message() {
        ForwardSource.Found found = assertInstanceOf(ForwardSource.Found.class, source(message()));

        assertEquals(CONTENT, found.content());
        assertEquals(
                ForwardedFrom.newBuilder()
                        .setConversationId("p:alice:bob")
                        .setSeq(4)
                        .setMessageId("m4")
                        .setSender("bob")
                        .setSentAt(Timestamps.fromMillis(1_000))
                        .build(),
                found.from());
    }

    @Test
    void a_forward_of_a_forward_keeps_the_first_origin() {
        ForwardedFrom first = ForwardedFrom.newBuilder()
                .setConversationId("g:club")
                .setSeq(99)
                .setSender("carol")
                .build();

        ForwardSource.Found found =
                assertInstanceOf(ForwardSource.Found.class, source(message().setForwardedFrom(first)));

        assertEquals(first, found.from());
    }

    @Test
    void a_recalled_message_is_not_forwarded() {
        MessageSent.Builder recalled =
                message().clearContent().setState(MessageState.newBuilder().setRecalledSeq(5));

        assertEquals(Refusal.Reason.MESSAGE_RECALLED, refusal(source(recalled)));
    }

    @Test
    void an_event_that_is_not_a_message_is_not_found() {
        ConversationEvent pin =
                event().setPinChanged(PinChanged.getDefaultInstance()).build();

        assertEquals(
                Refusal.Reason.MESSAGE_NOT_FOUND,
                refusal(ForwardSource.of(FORWARD, new HistoryRange(List.of(pin), 4, 4, true, 9))));
    }

    @Test
    void a_message_whose_state_history_does_not_know_is_not_yet_known() {
        assertInstanceOf(
                ForwardSource.NotYetKnown.class,
                ForwardSource.of(FORWARD, new HistoryRange(List.of(), 5, 4, false, 9)));
    }

    @Test
    void an_expired_message_is_not_forwarded() {
        MessageSent.Builder expired =
                message().clearContent().setState(MessageState.newBuilder().setExpired(true));

        assertEquals(Refusal.Reason.EXPIRED, refusal(source(expired)));
    }

    @Test
    void a_message_that_history_has_not_reached_is_not_yet_known() {
        assertInstanceOf(
                ForwardSource.NotYetKnown.class, ForwardSource.of(FORWARD, new HistoryRange(List.of(), 7, 3, true, 3)));
    }

    private static ForwardSource source(MessageSent.Builder message) {
        return ForwardSource.of(
                FORWARD,
                new HistoryRange(List.of(event().setMessageSent(message).build()), 4, 4, true, 9));
    }

    private static Refusal.Reason refusal(ForwardSource source) {
        return assertInstanceOf(ForwardSource.Unusable.class, source).refusal().getReason();
    }

    private static ConversationEvent.Builder event() {
        return ConversationEvent.newBuilder()
                .setConversationId("p:alice:bob")
                .setSeq(4)
                .setSentAt(Timestamps.fromMillis(1_000));
    }

    private static MessageSent.Builder message() {
        return MessageSent.newBuilder().setMessageId("m4").setSender("bob").setContent(CONTENT);
    }
}
