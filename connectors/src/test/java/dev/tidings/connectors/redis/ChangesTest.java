package dev.tidings.connectors.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.tidings.connectors.FakeSinkContext;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Session;
import dev.tidings.v1.UserEvent;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class ChangesTest {

    @Test
    void onlyTheNewestEventsOfAConversationAreWritten() {
        List<SinkRecord> records = LongStream.rangeClosed(1, 10)
                .mapToObj(seq -> Samples.event("g:x", seq))
                .toList();
        Change.MoreEvents more = assertInstanceOf(
                Change.MoreEvents.class, Changes.of(records, 3).all().getFirst());
        assertEquals(
                List.of(8L, 9L, 10L),
                more.entries().stream().map(Change.Entry::seq).toList());
        assertEquals(records, more.origins());
    }

    @Test
    void factsOutsideTheSequenceAndSessionsChangeNothing() {
        byte[] opened = UserEvent.newBuilder()
                .setUserId("alice")
                .setSessionOpened(Session.getDefaultInstance())
                .build()
                .toByteArray();
        Changes changes = Changes.of(
                List.of(Samples.event("g:x", 0), FakeSinkContext.record(Topics.USER_EVENTS.name(), 1, opened)), 3);
        assertEquals(List.of(), changes.all());
        assertEquals(List.of(), changes.poison());
    }

    @Test
    void oneChangeForEachUserWithTheNewestViewOfEachConversation() {
        Changes changes = Changes.of(
                List.of(
                        Samples.view("alice", "g:x", 2),
                        Samples.view("alice", "g:y", 3),
                        Samples.view("alice", "g:x", 4),
                        Samples.view("alice", "g:x", 1)),
                3);
        Change.NewerViews views =
                assertInstanceOf(Change.NewerViews.class, changes.all().getFirst());
        assertEquals(
                List.of("g:x@4", "g:y@3"),
                views.views().stream()
                        .map(view -> view.conversationId() + '@' + view.version())
                        .toList());
        assertEquals(1, changes.all().size());
    }

    @Test
    void anEventThatChangesAMessageSaysWhich() {
        Change.MoreEvents more = assertInstanceOf(
                Change.MoreEvents.class,
                Changes.of(
                                List.of(
                                        Samples.event("g:x", 5),
                                        Samples.edit("g:x", 6, 5),
                                        Samples.recall("g:x", 7, 1),
                                        Samples.reaction("g:x", 8, 2),
                                        Samples.pin("g:x", 9, 3)),
                                5)
                        .all()
                        .getFirst());
        assertEquals(
                List.of(0L, 5L, 1L, 2L, 3L),
                more.entries().stream().map(Change.Entry::changedSeq).toList());
    }

    @Test
    void aChangeOfNoEarlierMessageIsPoison() {
        List<SinkRecord> wrong = List.of(
                Samples.edit("g:x", 6, 0),
                Samples.edit("g:x", 6, 6),
                Samples.recall("g:x", 6, -1),
                Samples.recall("g:x", 6, 7),
                Samples.reaction("g:x", 6, 6),
                Samples.pin("g:x", 6, 0));
        Changes changes = Changes.of(wrong, 3);
        assertEquals(wrong, changes.poison().stream().map(one -> one.record()).toList());
        assertEquals(List.of(), changes.all());
    }

    @Test
    void whatCannotBeReadIsPoison() {
        SinkRecord garbage = FakeSinkContext.record(Topics.USER_EVENTS.name(), 1, new byte[] {(byte) 0xff});
        SinkRecord nameless = FakeSinkContext.record(Topics.CONVERSATION_EVENTS.name(), 2, new byte[0]);
        SinkRecord empty = FakeSinkContext.record(Topics.CONVERSATION_EVENTS.name(), 3, null);
        Changes changes = Changes.of(List.of(garbage, nameless, Samples.event("g:x", 1), empty), 3);
        assertEquals(
                List.of(garbage, nameless, empty),
                changes.poison().stream().map(one -> one.record()).toList());
        assertEquals(1, changes.all().size());
    }
}
