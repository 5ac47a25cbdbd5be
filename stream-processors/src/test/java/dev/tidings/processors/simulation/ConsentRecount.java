package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.UnreadRecount;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.UserEvent;
import java.util.List;

/** Checks that a user who is added to a group without consent sees an invitation and nothing else. */
final class ConsentRecount {

    private final World world;
    private final Ledger ledger;

    ConsentRecount(World world, Ledger ledger) {
        this.world = world;
        this.ledger = ledger;
    }

    /** Only the event with which the user leaves reaches them. */
    void aUserWhoNeverAcceptsReceivesNothing() {
        for (Device device : devices(Guests.NEVER_ACCEPTS)) {
            device.timeline(Guests.GROUP)
                    .events()
                    .values()
                    .forEach(event -> assertTrue(
                            UnreadRecount.isGoing(device.userId, event), () -> "not accepted, and received: " + event));
        }
        assertEquals(
                List.of(),
                world.cluster.committed(Topics.NOTIFICATIONS).stream()
                        .filter(one -> one.getUserId().equals(Guests.NEVER_ACCEPTS)
                                && one.getConversationId().equals(Guests.GROUP))
                        .toList());
    }

    /** In every view that INBOX has written, and in those of devices. */
    void anInvitationShowsNothingElse() {
        for (UserEvent event : world.cluster.committedUserChanges()) {
            if (Guests.needsConsent(event.getUserId(), event.getViewChanged().getConversationId())) {
                showsNothingElse(event.getUserId(), event.getViewChanged());
            }
        }
        for (String guest : Guests.ALL) {
            devices(guest)
                    .forEach(device -> showsNothingElse(
                            guest, device.timeline(Guests.GROUP).view()));
        }
    }

    private static void showsNothingElse(String userId, ConversationView view) {
        if (!view.getGroup().getInvitedBy().isEmpty() || userId.equals(Guests.NEVER_ACCEPTS)) {
            assertEquals(0, view.getUnread(), view::toString);
            assertEquals(0, view.getUnreadMentions(), view::toString);
            assertEquals(MessagePreview.getDefaultInstance(), view.getLastMessage(), view::toString);
        }
    }

    /** As long as others see them as a member. */
    void aUserWhoNeverAcceptsStaysInvited() {
        if (ledger.memberships.belongs(Guests.NEVER_ACCEPTS, Guests.GROUP)) {
            for (Device device : devices(Guests.NEVER_ACCEPTS)) {
                ConversationView view = device.timeline(Guests.GROUP).view();
                assertFalse(view.getGroup().getInvitedBy().isEmpty(), view::toString);
            }
        }
    }

    void aUserWhoHasAcceptedReceivesEverythingSinceTheInvitation() {
        for (Device device : devices(Guests.ACCEPTS)) {
            Timeline timeline = device.timeline(Guests.GROUP);
            if (isAccepted(timeline)) {
                for (ConversationEvent event : ledger.sequence(Guests.GROUP)) {
                    assertTrue(
                            event.getSeq() < timeline.view().getGroup().getJoinedSeq() || timeline.has(event.getSeq()),
                            () -> device.userId + '/' + device.deviceId + " lacks " + event);
                }
            }
        }
    }

    private boolean isAccepted(Timeline timeline) {
        return ledger.memberships.belongs(Guests.ACCEPTS, Guests.GROUP)
                && timeline.view().getGroup().getInvitedBy().isEmpty();
    }

    private List<Device> devices(String userId) {
        return world.users.devices().stream()
                .filter(device -> device.userId.equals(userId))
                .toList();
    }

    /** The number of cases, for the log of the test. */
    @Override
    public String toString() {
        return "invitations="
                + world.cluster.committedUserChanges().stream()
                        .filter(event -> !event.getViewChanged()
                                .getGroup()
                                .getInvitedBy()
                                .isEmpty())
                        .count()
                + " accepted="
                + devices(Guests.ACCEPTS).stream()
                        .filter(device -> isAccepted(device.timeline(Guests.GROUP)))
                        .count();
    }
}
