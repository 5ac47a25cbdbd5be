package dev.tidings.processors.inbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.tidings.processors.inbox.view.Broadcasts;
import dev.tidings.processors.inbox.view.SettingsDecider;
import dev.tidings.state.v1.BroadcastRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import org.junit.jupiter.api.Test;

/** Tests {@link SettingsDecider}, and the effect of events on settings. */
class SettingsTest {

    private static final ChangeSettings HIDE =
            ChangeSettings.newBuilder().setHidden(true).build();

    private final EventSequence sequence = new EventSequence("p:alice:bob");

    @Test
    void present_fields_are_changed_and_shown() {
        ViewRecord view = SettingsDecider.change(
                ViewRecord.getDefaultInstance(),
                ChangeSettings.newBuilder()
                        .setPinned(true)
                        .setMuted(true)
                        .setHidden(true)
                        .setDraft("half a")
                        .setCustom(ByteString.copyFromUtf8("red"))
                        .build());

        ConversationView shown = Counted.shown("p:alice:bob", view);
        assertTrue(shown.getPinned());
        assertTrue(shown.getMuted());
        assertTrue(shown.getHidden());
        assertEquals("half a", shown.getDraft());
        assertEquals(ByteString.copyFromUtf8("red"), shown.getCustom());
    }

    @Test
    void absent_fields_stay() {
        ViewRecord before = SettingsDecider.change(
                ViewRecord.getDefaultInstance(),
                ChangeSettings.newBuilder().setPinned(true).setDraft("half a").build());

        ViewRecord after = SettingsDecider.change(
                before, ChangeSettings.newBuilder().setMuted(true).build());

        assertEquals(before.toBuilder().setMuted(true).build(), after);
    }

    @Test
    void a_present_and_empty_field_clears_the_setting() {
        ViewRecord before = SettingsDecider.change(
                ViewRecord.getDefaultInstance(),
                ChangeSettings.newBuilder().setPinned(true).setDraft("half a").build());

        ViewRecord after = SettingsDecider.change(
                before,
                ChangeSettings.newBuilder().setPinned(false).setDraft("").build());

        assertEquals(ViewRecord.getDefaultInstance(), after);
    }

    @Test
    void events_do_not_change_settings() {
        ViewRecord before = SettingsDecider.change(
                Viewed.by("bob", sequence.sent("alice")),
                ChangeSettings.newBuilder()
                        .setPinned(true)
                        .setMuted(true)
                        .setDraft("half a")
                        .build());

        ViewRecord after = Viewed.after(before, "bob", sequence.sent("alice"));

        assertTrue(after.getPinned());
        assertTrue(after.getMuted());
        assertEquals("half a", after.getDraft());
    }

    @Test
    void the_next_message_ends_hiding() {
        ViewRecord hidden = SettingsDecider.change(Viewed.by("bob", sequence.sent("alice")), HIDE);

        assertFalse(Viewed.after(hidden, "bob", sequence.sent("alice")).getHidden());
    }

    @Test
    void the_users_own_message_ends_hiding_too() {
        ViewRecord hidden = SettingsDecider.change(Viewed.by("bob", sequence.sent("alice")), HIDE);

        assertFalse(Viewed.after(hidden, "bob", sequence.sent("bob")).getHidden());
    }

    @Test
    void other_events_do_not_end_hiding() {
        ConversationEvent message = sequence.sent("alice");
        ViewRecord hidden = SettingsDecider.change(Viewed.by("bob", message), HIDE);

        ViewRecord after = Viewed.after(hidden, "bob", sequence.edited(message, "better"));

        assertTrue(Viewed.after(after, "bob", sequence.reacted("alice", 1)).getHidden());
    }

    @Test
    void a_repeated_message_does_not_end_hiding() {
        ConversationEvent message = sequence.sent("alice");
        ViewRecord hidden = SettingsDecider.change(Viewed.by("bob", message), HIDE);

        assertTrue(Viewed.after(hidden, "bob", message).getHidden());
    }

    @Test
    void a_hidden_broadcast_is_seen_again_with_its_next_message() {
        EventSequence news = new EventSequence("b:news");
        BroadcastRecord one = Broadcasts.apply(BroadcastRecord.getDefaultInstance(), news.sent("shop"), 1);
        ViewRecord own = SettingsDecider.change(ViewRecord.getDefaultInstance(), one, HIDE);

        BroadcastRecord two = Broadcasts.apply(one, news.sent("shop"), 2);

        assertTrue(Broadcasts.seen(one, own).getHidden());
        assertFalse(Broadcasts.seen(two, own).getHidden());
        assertTrue(Broadcasts.seen(two, SettingsDecider.change(own, two, HIDE)).getHidden());
    }

    @Test
    void a_muted_conversation_is_not_in_the_badge() {
        ViewRecord view = Viewed.by("bob", sequence.sent("alice"), sequence.sent("alice"));

        assertEquals(2, Counted.inBadge(view));
        assertEquals(0, Counted.inBadge(view.toBuilder().setMuted(true).build()));
    }

    @Test
    void a_hidden_conversation_is_not_in_the_badge_until_the_next_message_comes() {
        ViewRecord hidden = SettingsDecider.change(Viewed.by("bob", sequence.sent("alice")), HIDE);

        assertEquals(0, Counted.inBadge(hidden));
        assertEquals(2, Counted.inBadge(Viewed.after(hidden, "bob", sequence.sent("alice"))));
    }
}
