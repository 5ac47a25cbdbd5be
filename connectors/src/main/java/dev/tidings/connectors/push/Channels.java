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

    /** Returns the channel of this name, or one that rejects everything. */
    Channel named(String name) {
        return byName.getOrDefault(name, refusing("there is no such channel"));
    }

    /** Returns the name of the channel's queue. All unknown channels share one. */
    String queueName(String name) {
        return byName.containsKey(name) ? name : "";
    }

    static Channel refusing(String reason) {
        return (notification, target) -> new AttemptResult.Refused(reason);
    }
}
