package dev.tidings.processors.inbox;

import dev.tidings.state.v1.UserRecord;
import dev.tidings.v1.UserCommand;
import org.apache.kafka.streams.processor.api.Record;

/** What others may know of a user: tells those who watch when it changes. */
final class PresenceBoard {

    @SuppressWarnings("UnusedVariable")
    private final InboxStores stores;

    @SuppressWarnings("UnusedVariable")
    private final UserOutput output;

    PresenceBoard(InboxStores stores, UserOutput output) {
        this.stores = stores;
        this.output = output;
    }

    /** The record's user has other sessions than before; they are stored already. */
    void sessionsChanged(Record<String, UserCommand> record, UserRecord before, UserRecord after) {}

    /**
     * The record's user says something else of himself; checked already.
     *
     * @return whether it is something else
     */
    boolean changeStatus(Record<String, UserCommand> record, String status) {
        throw new IllegalArgumentException("not yet");
    }
}
