package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.inbox.view.Broadcasts;
import dev.tidings.state.v1.BroadcastRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BroadcastsTest {

    private static final String NEWS = "b:news";

    private final EventSequence sequence = new EventSequence(NEWS);

    @Test
    void a_broadcast_is_unread_until_the_user_reads_it() {
        sequence.sent("");
        sequence.sent("");

        assertEquals(2, seenWith(ViewRecord.getDefaultInstance()).getUnread());
    }

    @Test
    void each_user_has_an_own_read_position() {
        ConversationEvent first = sequence.sent("");
        sequence.sent("");
        EventSequence own = new EventSequence(NEWS);
        ViewRecord read = Viewed.by("bob", own.read("bob", first));

        ConversationView seen = seenWith(read);

        assertEquals(1, seen.getUnread());
        assertEquals(1, seen.getReadSeq());
        assertEquals(2, seen.getLastSeq());
        assertEquals("says 2", seen.getLastMessage().getText());
        assertEquals(at(2), seen.getUpdatedAt());
    }

    @Test
    void a_new_user_has_no_unread_broadcasts_from_before() {
        sequence.sent("");
        ViewRecord joined = Broadcasts.joined(ViewRecord.getDefaultInstance(), broadcast());
        sequence.sent("");

        assertEquals(1, seenWith(joined).getUnread());
    }

    @Test
    void a_repeated_event_changes_nothing() {
        sequence.sent("");
        sequence.recalled(sequence.sent(""));
        BroadcastRecord broadcast = broadcast();

        sequence.events().forEach(event -> assertSame(broadcast, Broadcasts.apply(broadcast, event, 7)));
    }

    @Test
    void edits_and_recalls_show_in_the_preview() {
        ConversationEvent last = sequence.sent("");
        sequence.edited(last, "corrected");
        assertEquals("corrected", broadcast().getLastMessage().getText());

        sequence.recalled(last);
        assertEquals("", broadcast().getLastMessage().getText());
    }

    @Test
    void an_event_of_another_conversation_is_rejected() {
        ConversationEvent secret = new EventSequence("p:alice:bob").sent("alice");

        assertThrows(
                IllegalArgumentException.class,
                () -> Broadcasts.apply(BroadcastRecord.getDefaultInstance(), secret, 7));
    }

    @Test
    void an_event_without_a_body_is_rejected() {
        ConversationEvent nothing =
                ConversationEvent.newBuilder().setConversationId(NEWS).setSeq(1).build();

        assertThrows(
                IllegalArgumentException.class,
                () -> Broadcasts.apply(BroadcastRecord.getDefaultInstance(), nothing, 7));
    }

    @Test
    void a_broadcast_without_events_for_90_days_is_dropped() {
        sequence.sent("");
        SortedMap<String, BroadcastRecord> broadcasts = new TreeMap<>();
        broadcasts.put(NEWS, broadcast());
        Timestamp last = broadcast().getUpdatedAt();

        assertEquals(List.of(), Broadcasts.forgotten(broadcasts, Timestamps.add(last, Broadcasts.KEPT)));
        assertEquals(
                List.of(NEWS),
                Broadcasts.forgotten(
                        broadcasts, Timestamps.add(Timestamps.add(last, Broadcasts.KEPT), Durations.fromMillis(1))));
    }

    private ConversationView seenWith(ViewRecord own) {
        return Counted.shown(NEWS, Broadcasts.seen(broadcast(), own));
    }

    private BroadcastRecord broadcast() {
        BroadcastRecord broadcast = BroadcastRecord.getDefaultInstance();
        for (ConversationEvent event : sequence.events()) {
            broadcast = Broadcasts.apply(broadcast, event, event.getSeq());
        }
        return broadcast;
    }
}
