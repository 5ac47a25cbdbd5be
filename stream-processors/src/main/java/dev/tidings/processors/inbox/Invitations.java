package dev.tidings.processors.inbox;

import dev.tidings.processors.presence.PresenceVisibility;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.state.v1.ViewRecordOrBuilder;
import dev.tidings.v1.ChangeProfile.GroupInvitations;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.GroupCreated;
import dev.tidings.v1.GroupView;
import dev.tidings.v1.MembersAdded;
import dev.tidings.v1.SeqRange;

/**
 * Whether a user consents to being added to a group by another one. CONVERSATION, which knows no relations, has them as a
 * member already; their own view says whether they want to be one. See decision 0031.
 */
final class Invitations {

    enum Consent {
        /** The user is a member at once. */
        GIVEN,
        /** The user is invited, and accepts or declines. */
        ASKED,
        /** The user does not even notice, and leaves. */
        REFUSED
    }

    private Invitations() {}

    /** Who has added the user with this event; empty where the user came of their own will, or the operator did it. */
    static String adder(String userId, ConversationEvent event) {
        GroupCreated created = event.getGroupCreated();
        MembersAdded added = event.getMembersAdded();
        String adder = "";
        if (created.getMembersList().contains(userId)) {
            adder = created.getOwner();
        } else if (added.getCause() == MembersAdded.Cause.ADDED
                && added.getUserIdsList().contains(userId)) {
            adder = added.getBy();
        }
        return adder.equals(userId) ? "" : adder;
    }

    /** @param view the user's, of the private conversation with the one who adds them */
    static Consent consent(GroupInvitations setting, ConversationEvent event, ViewRecord view) {
        if (view.getRelation().getBlocked()) {
            return Consent.REFUSED;
        }
        boolean policyAsks = event.getGroupCreated().getStrangersNeedConsent()
                || event.getMembersAdded().getStrangersNeedConsent();
        boolean given = switch (setting) {
            case EVERYONE -> true;
            case FRIENDS_AND_PARTNERS -> PresenceVisibility.isPartner(view);
            case NOBODY -> false;
            case GROUP_INVITATIONS_UNSPECIFIED, UNRECOGNIZED -> !policyAsks || PresenceVisibility.isPartner(view);
        };
        return given ? Consent.GIVEN : Consent.ASKED;
    }

    /** The view of a user whom this event has added, with what the user thinks of it. */
    static ViewRecord added(ViewRecord view, String adder, Consent consent) {
        return switch (consent) {
            case GIVEN -> view;
            case ASKED -> {
                ViewRecord.Builder invited = view.toBuilder();
                invited.getGroupBuilder().setInvitedBy(adder);
                yield invited.build();
            }
            case REFUSED -> view.toBuilder().setInvitationRefused(true).build();
        };
    }

    /** Whether the user has been added and has not accepted: then nothing of the group counts, shows or notifies. */
    static boolean isPending(ViewRecordOrBuilder view) {
        return isRefused(view) || !view.getGroup().getInvitedBy().isEmpty();
    }

    /** Whether the view is not for the user to see at all. */
    static boolean isRefused(ViewRecordOrBuilder view) {
        return view.getInvitationRefused();
    }

    /** By the user's own word, or because the user acts as a member. What was said since the invitation is unread. */
    static void accept(ViewRecord.Builder view) {
        if (!view.getGroup().getInvitedBy().isEmpty()) {
            view.getGroupBuilder().clearInvitedBy();
        }
    }

    /**
     * Who has not accepted sees of the group what they could see in an earlier membership, as if they had not been added. Who
     * has never belonged to it sees nothing, and it stands in no list.
     *
     * @param seq of the event with which the user is gone
     */
    static void end(ViewRecord.Builder view, long seq) {
        GroupView.Builder group = view.getGroupBuilder().clearRole().clearInvitedBy();
        int earlier = view.getEarlierAccessCount();
        if (earlier == 0) {
            view.setHidden(true);
            group.clearJoinedSeq().setLeftSeq(seq);
            return;
        }
        SeqRange last = view.getEarlierAccess(earlier - 1);
        view.removeEarlierAccess(earlier - 1).clearInvitationRefused();
        group.setJoinedSeq(last.getFromSeq()).setLeftSeq(last.getToSeq());
    }
}
