package dev.tidings.processors.conversation;

import dev.tidings.state.v1.ConversationHead;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.GatewaySubscriptionsRecord;
import dev.tidings.state.v1.GroupRecord;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.state.v1.MentionsRecord;
import dev.tidings.state.v1.ReactionsRecord;
import dev.tidings.state.v1.SendRateRecord;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The state of one conversation, as far as decisions need it. It holds no content except the beginning of recent texts, which
 * replies quote. A record that does not exist is returned with all fields zero or empty.
 */
public interface Conversation {

    /** All fields zero if the conversation has no event yet. */
    ConversationHead head();

    /** The metadata of the event at this seq; null if it is not among the {@link RecentEvents}. */
    @Nullable
    EntryRecord entry(long seq);

    /** The seq of the event with this {@link CommandName}; 0 if it is not among the {@link RecentEvents}. */
    long seqOf(String scope, String name);

    /** The mentions of the message at this seq; empty if it has none or they are no longer kept. */
    MentionsRecord mentions(long seq);

    /** The first seq at or after {@code fromSeq} whose mentions are kept; 0 if there is none. */
    long firstMentions(long fromSeq);

    /** The record of a user. All fields zero for users without a record, and for users outside a group. */
    MemberRecord member(String userId);

    /** The record of a user who left a group or was removed; all fields zero for all other users. */
    MemberRecord formerMember(String userId);

    /**
     * Visits all users with a record, members or not, ascending by user id, until the visitor returns false.
     *
     * @param afterUserId the visit starts after this user; empty: with the first
     */
    void visitMembers(String afterUserId, BiPredicate<String, MemberRecord> visitor);

    /** The state that members share: profile, owner, pins. A group that exists has a profile. */
    GroupRecord group();

    /** The reactions of one user to one message. */
    ReactionsRecord reactions(long seq, String userId);

    /** The times of a user's newest messages. Empty while no rule limits rates. */
    SendRateRecord sendRate(String userId);

    /** The gateways that receive the events of a large group or a room. */
    GatewaySubscriptionsRecord subscriptions();

    /** A conversation that events are applied to; see {@link ConversationDecider#evolve}. */
    interface Mutable extends Conversation {

        /** Replaces the head. It is stored with the entry of the event, so {@link #putEntry} has to follow. */
        void putHead(ConversationHead head);

        /** Adds the entry of the head's last seq, and the name that the entry contains. */
        void putEntry(long seq, EntryRecord entry);

        /** Replaces an entry. Its name stays the same. */
        void updateEntry(long seq, EntryRecord entry);

        /** Deletes an entry and its name. Its reactions have to be deleted before. */
        void deleteEntry(long seq);

        /**
         * Deletes reactions to an event.
         *
         * @param atMost the number of reactions to delete with this call
         * @return whether all reactions are deleted
         */
        boolean deleteReactions(long seq, int atMost);

        void putMentions(long seq, MentionsRecord mentions);

        void deleteMentions(long seq);

        void putMember(String userId, MemberRecord member);

        void putFormerMember(String userId, MemberRecord member);

        void deleteMember(String userId);

        void deleteFormerMember(String userId);

        void putGroup(GroupRecord group);

        void putReactions(long seq, String userId, ReactionsRecord reactions);

        void putSendRate(String userId, SendRateRecord sendRate);

        void putSubscriptions(GatewaySubscriptionsRecord subscriptions);

        /**
         * Begins a new generation: events of the sequence, their names and reactions, and send rates are no longer visible.
         * Sequence numbers continue. Takes constant time; {@link RoomCleanup} deletes the records of the old generation.
         *
         * @return whether there was anything to leave behind
         */
        boolean beginGeneration();

        default void changeMember(String userId, UnaryOperator<MemberRecord.Builder> change) {
            putMember(userId, change.apply(member(userId).toBuilder()).build());
        }

        default void changeGroup(UnaryOperator<GroupRecord.Builder> change) {
            putGroup(change.apply(group().toBuilder()).build());
        }
    }
}
