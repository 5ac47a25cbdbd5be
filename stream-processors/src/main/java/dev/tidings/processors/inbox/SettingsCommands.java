package dev.tidings.processors.inbox;

import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.UserCommand;
import org.apache.kafka.streams.processor.api.Record;

/** Keeps how a user wants to see conversations and to be notified. */
final class SettingsCommands {

    @SuppressWarnings("UnusedVariable")
    private final InboxStores stores;

    @SuppressWarnings("UnusedVariable")
    private final UserOutput output;

    @SuppressWarnings("UnusedVariable")
    private final PresenceBoard presence;

    SettingsCommands(InboxStores stores, UserOutput output, PresenceBoard presence) {
        this.stores = stores;
        this.output = output;
        this.presence = presence;
    }

    void change(Record<String, UserCommand> record, ChangeSettings command) {
        throw new IllegalArgumentException("not yet");
    }

    void changeProfile(Record<String, UserCommand> record, ChangeProfile command) {
        throw new IllegalArgumentException("not yet");
    }
}
