package dev.tidings.ops.bench.client;

import dev.tidings.ops.bench.check.Ledger;
import dev.tidings.ops.bench.check.SeqRange;
import dev.tidings.v1.ConversationEvent;
import org.jspecify.annotations.Nullable;

/** One of several conversations of a client: what the user sends in it, and how much of it the user knows. Not thread-safe. */
final class ConversationClient {

    private final BenchConversation conversation;
    private final Ledger ledger;
    private final int user;
    private final Outbox outbox;
    private long lastSeq;

    /** @param user the user's index in the ledger */
    ConversationClient(BenchConversation conversation, int user, Outbox outbox) {
        this.conversation = conversation;
        this.ledger = conversation.ledger();
        this.user = user;
        this.outbox = outbox;
    }

    String conversationId() {
        return conversation.id();
    }

    Outbox outbox() {
        return outbox;
    }

    /** A new WebSocket is open: its live events need not follow those of the last one. */
    void opened() {
        ledger.connected(user);
    }

    /** The user has learnt that the conversation has events up to this seq. */
    void head(long seq) {
        lastSeq = Math.max(lastSeq, seq);
    }

    /** The user learns of every event that any user knows of. */
    void learnNewest() {
        head(ledger.newestSeq());
    }

    /** An event arrived. Returns whether it is a message that the user receives for the first time. */
    boolean arrived(ConversationEvent event, boolean live, long nowNanos) {
        head(event.getSeq());
        return ledger.arrived(user, event, live, nowNanos);
    }

    /** Returns the first range that the user misses of what they have learnt of, or null. */
    @Nullable
    SeqRange missing() {
        return ledger.missing(user, lastSeq);
    }

    /** Whether the user has every event that they have learnt of, and every message that was promised so far. */
    boolean isComplete() {
        return missing() == null && ledger.hasAllPromised(user);
    }
}
