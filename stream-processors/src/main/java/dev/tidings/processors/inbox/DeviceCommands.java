package dev.tidings.processors.inbox;

import dev.tidings.v1.DevicesRequest;
import dev.tidings.v1.RegisterPush;
import dev.tidings.v1.RevokeDevice;
import dev.tidings.v1.UserCommand;
import org.apache.kafka.streams.processor.api.Record;

/** Lists a user's devices, forgets them, and keeps where they are notified. */
final class DeviceCommands {

    @SuppressWarnings("UnusedVariable")
    private final InboxStores stores;

    @SuppressWarnings("UnusedVariable")
    private final UserOutput output;

    @SuppressWarnings("UnusedVariable")
    private final SessionBook book;

    DeviceCommands(InboxStores stores, UserOutput output, SessionBook book) {
        this.stores = stores;
        this.output = output;
        this.book = book;
    }

    void list(Record<String, UserCommand> record, DevicesRequest request) {
        throw new IllegalArgumentException("not yet");
    }

    void revoke(Record<String, UserCommand> record, RevokeDevice command) {
        throw new IllegalArgumentException("not yet");
    }

    void registerPush(Record<String, UserCommand> record, RegisterPush command) {
        throw new IllegalArgumentException("not yet");
    }
}
