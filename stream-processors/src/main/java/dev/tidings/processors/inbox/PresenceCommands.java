package dev.tidings.processors.inbox;

import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.Undelivered;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;
import org.apache.kafka.streams.processor.api.Record;

/** Answers who asks for a user's presence, and ends the sessions of gateways that are gone. */
final class PresenceCommands {

    @SuppressWarnings("UnusedVariable")
    private final InboxStores stores;

    @SuppressWarnings("UnusedVariable")
    private final UserOutput output;

    @SuppressWarnings("UnusedVariable")
    private final SessionBook book;

    @SuppressWarnings("UnusedVariable")
    private final PresenceBoard board;

    PresenceCommands(InboxStores stores, UserOutput output, SessionBook book, PresenceBoard board) {
        this.stores = stores;
        this.output = output;
        this.book = book;
        this.board = board;
    }

    void watch(Record<String, UserCommand> record, WatchPresence command) {
        throw new IllegalArgumentException("not yet");
    }

    /** The key is empty: each user whose sessions end is told of under a record of his own. */
    void gatewayGone(Record<String, UserCommand> record, GatewayGone command) {
        throw new IllegalArgumentException("not yet");
    }

    void undelivered(Record<String, UserCommand> record, Undelivered command) {
        throw new IllegalArgumentException("not yet");
    }
}
