package dev.tidings.processors.inbox.view;

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
 * Decides whether a user consents to being added to a group by another user. CONVERSATION does not know relations and
 * treats the user as a member already; the user's own view holds their consent. See decision 0031.
 */
public final class Invitations {

    public enum Consent {
        /** The user is a member at once. */
        GIVEN,
        /** The user is invited, and accepts or declines. */
        ASKED,
        /** The user does not see the invitation, and leaves. */
        REFUSED
    }

    private Invitations() {}

    /**
     * Returns the user who added this user by the event; empty if the user joined by themselves or was added by an
     * operator.
     */
    public static String adder(String userId, ConversationEvent event) {
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

    /**
     * Returns the user's consent to being added.
     *
     * @param view the user's view of the private conversation with the user who adds them
     */
    public static Consent consent(GroupInvitations setting, ConversationEvent event, ViewRecord view) {
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

    /** Returns the view of the added user with their consent. */
    public static ViewRecord added(ViewRecord view, String adder, Consent consent) {
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

    /**
     * Returns true if the user has been added and has not accepted yet. Until then the group has no unread count, no
     * preview and no notifications for the user.
     */
    public static boolean isPending(ViewRecordOrBuilder view) {
        return isRefused(view) || !view.getGroup().getInvitedBy().isEmpty();
    }

    /** Returns true if the user must not see the view at all. */
    public static boolean isRefused(ViewRecordOrBuilder view) {
        return view.getInvitationRefused();
    }

    /**
     * Accepts the invitation, by the user's command or because the user acts as a member. Messages since the invitation
     * are unread.
     */
    public static void accept(ViewRecord.Builder view) {
        if (!view.getGroup().getInvitedBy().isEmpty()) {
            view.getGroupBuilder().clearInvitedBy();
        }
    }

    /**
     * Ends an invitation that was not accepted. The user sees only the history of earlier memberships, as if they had
     * not been added. Without an earlier membership the user sees nothing, and no list shows the group.
     *
     * @param seq of the event that removes the user
     */
    static void end(ViewRecord.Builder view, long seq) {
        // messages since the invitation neither show, count nor notify
        view.clearLastMessage().clearNotable().clearMentionIndexes().setJoinedIndex(view.getLastIndex());
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
