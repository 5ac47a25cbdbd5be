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
import org.jspecify.annotations.Nullable;

/** What is remembered of one conversation: enough to decide the next command. Of content, only the beginning of recent texts, for replies to quote. */
public interface Conversation {

    /** All zero for a conversation in which nothing has happened yet. */
    ConversationHead head();

    /** The entry at this seq, or null where there is none within the window. */
    @Nullable
    EntryRecord entry(long seq);

    /** The seq of the event that is named so (see {@link CommandName}), or 0 where there is none within the window. */
    long seqOf(String scope, String name);

    /** Whom the message at this seq mentions. All empty where it mentions no one, or that is no longer remembered. */
    MentionsRecord mentions(long seq);

    /** The first seq, from this one on, whose mentions are remembered; 0: none. */
    long firstMentions(long fromSeq);

    /** All zero for a user of whom nothing is known, and for who does not belong to a group. */
    MemberRecord member(String userId);

    /** What is known of a user who has left a group or was removed; all zero for everyone else. */
    MemberRecord formerMember(String userId);

    /**
     * Shows everyone of whom something is known, members or not, ascending by user id, for as long as the visitor wants
     * more.
     *
     * @param afterUserId who comes before the first; empty: from the beginning
     */
    void visitMembers(String afterUserId, BiPredicate<String, MemberRecord> visitor);

    /** What members share. All zero where there is nothing; a group that exists has a profile. */
    GroupRecord group();

    /** All empty where the user has not reacted. */
    ReactionsRecord reactions(long seq, String userId);

    /** All zero where no rule has looked at how fast this user goes. */
    SendRateRecord pace(String userId);

    /** Which gateways want the events of a large group or a room. */
    GatewaySubscriptionsRecord attachments();

    /** A conversation that takes up what has happened; see {@link Evolution}. */
    interface Evolving extends Conversation {

        void putHead(ConversationHead head);

        /** @param entry with the name its sender gave it */
        void putEntry(long seq, EntryRecord entry);

        /** Changes what is known of an event; its name stays. */
        void updateEntry(long seq, EntryRecord entry);

        /** Forgets the entry and its name. The reactions to it go before. */
        void forgetEntry(long seq, EntryRecord entry);

        /**
         * Forgets reactions to an event.
         *
         * @return whether there are no more
         */
        boolean forgetReactions(long seq, int atMost);

        void putMentions(long seq, MentionsRecord mentions);

        void forgetMentions(long seq);

        void putMember(String userId, MemberRecord member);

        /** Keeps what is known of a member who does not belong any more. */
        void putFormerMember(String userId, MemberRecord member);

        void forgetMember(String userId);

        void forgetFormerMember(String userId);

        void putGroup(GroupRecord group);

        void putReactions(long seq, String userId, ReactionsRecord reactions);

        void putPace(String userId, SendRateRecord pace);

        void putAttachments(GatewaySubscriptionsRecord attachments);

        /**
         * Leaves behind all events of the sequence until now, and the pace of senders: from here on nothing is remembered of
         * them. Sequence numbers go on. In constant time: what is left behind is deleted by {@link Forgetting}.
         *
         * @return whether there was anything
         */
        boolean beginGeneration();
    }
}
