package dev.tidings.processors.conversation;

import dev.tidings.state.v1.ConversationHead;
import dev.tidings.state.v1.EntryRecord;
import dev.tidings.state.v1.MemberRecord;
import org.jspecify.annotations.Nullable;

/** What is remembered of one conversation: enough to decide the next command, never its content. */
public interface Conversation {

    /** All zero for a conversation in which nothing has happened yet. */
    ConversationHead head();

    /** The entry at this seq, or null where there is none within the window. */
    @Nullable
    EntryRecord entry(long seq);

    /** The seq of the message that this sender named so, or 0 where there is none within the window. */
    long seqOf(String sender, String clientMsgId);

    /** All zero for a member who has not read anything. */
    MemberRecord member(String userId);

    /** A conversation that takes up what has happened; see {@link ConversationDecider#evolve}. */
    interface Evolving extends Conversation {

        void putHead(ConversationHead head);

        void putEntry(long seq, EntryRecord entry);

        /** Forgets the entry and the name its sender gave it. */
        void forgetEntry(long seq, EntryRecord entry);

        void putMember(String userId, MemberRecord member);
    }
}
