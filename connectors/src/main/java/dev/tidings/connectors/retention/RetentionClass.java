package dev.tidings.connectors.retention;

import java.util.Optional;
import java.util.stream.Stream;

/** Data that shares a retention: the messages of a kind of conversation, or the rows of other tables. */
public enum RetentionClass {
    PRIVATE("private", "p:"),
    GROUP("group", "g:"),
    ROOM("room", "r:"),
    SYSTEM("system", "s:"),
    BROADCAST("broadcast", "b:"),
    RECEIPTS("receipts", ""),
    SESSIONS("sessions", ""),
    PRESENCE("presence", ""),
    NOTIFICATIONS("notifications", ""),
    AUDIT("audit", "");

    private final String label;
    private final String idPrefix;

    RetentionClass(String label, String idPrefix) {
        this.label = label;
        this.idPrefix = idPrefix;
    }

    /** The name in settings and in the names of archive objects. */
    public String label() {
        return label;
    }

    /** The prefix of the ids of its conversations; empty if it is no kind of conversation. */
    public String idPrefix() {
        return idPrefix;
    }

    public boolean isConversationKind() {
        return !idPrefix.isEmpty();
    }

    /** Returns the kinds of conversations. */
    public static Stream<RetentionClass> conversationKinds() {
        return Stream.of(values()).filter(RetentionClass::isConversationKind);
    }

    /** Returns the kind of a conversation; empty for an id with an unknown prefix, whose events stay for ever. */
    public static Optional<RetentionClass> ofConversation(String conversationId) {
        return conversationKinds()
                .filter(kind -> conversationId.startsWith(kind.idPrefix))
                .findFirst();
    }
}
