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

    /** One that refuses everything, where there is none of this name. */
    Channel named(String name) {
        return byName.getOrDefault(name, refusing("there is no such channel"));
    }

    /** Which lane it has: one for each channel there is, and one for all other names. */
    String lane(String name) {
        return byName.containsKey(name) ? name : "";
    }

    static Channel refusing(String reason) {
        return (notification, target) -> new Answer.Refused(reason);
    }
}
