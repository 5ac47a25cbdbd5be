package dev.tidings.connectors.push;

import java.util.Map;

/** The channels there are, by the names devices register them under. */
final class Channels {

    static final String LOG = "log";
    static final String WEBHOOK = "webhook";

    private final Map<String, Channel> byName;

    Channels(Map<String, Channel> byName) {
        this.byName = Map.copyOf(byName);
    }

    /** The channel of this name, or one that rejects everything. */
    Channel named(String name) {
        return byName.getOrDefault(name, refusing("there is no such channel"));
    }

    /** The queue of a channel: one per known channel, and one for all other names. */
    String lane(String name) {
        return byName.containsKey(name) ? name : "";
    }

    static Channel refusing(String reason) {
        return (notification, target) -> new AttemptResult.Refused(reason);
    }
}
