package dev.tidings.schemas.id;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The id of a conversation, which states its kind: {@code p:<a>:<b>} private (ids sorted), {@code g:<id>}
 * group, {@code r:<id>} room, {@code s:<id>} system account to one user, {@code b:<id>} broadcast to all.
 */
public sealed interface ConversationId {

    record Private(String a, String b) implements ConversationId {
        /** Both users, in the order of the id. */
        public List<String> users() {
            return List.of(a, b);
        }

        public boolean has(String userId) {
            return a.equals(userId) || b.equals(userId);
        }

        /** The other user of the conversation; the user themselves if both are the same. */
        public String peerOf(String userId) {
            return a.equals(userId) ? b : a;
        }

        public boolean withOneself() {
            return a.equals(b);
        }

        @Override
        public String toString() {
            return "p:" + a + ':' + b;
        }
    }

    record Group(String id) implements ConversationId {
        @Override
        public String toString() {
            return "g:" + id;
        }
    }

    record Room(String id) implements ConversationId {
        @Override
        public String toString() {
            return "r:" + id;
        }
    }

    record SystemAccount(String id) implements ConversationId {
        @Override
        public String toString() {
            return "s:" + id;
        }
    }

    record Broadcast(String id) implements ConversationId {
        @Override
        public String toString() {
            return "b:" + id;
        }
    }

    /** The private conversation of two users, in any order. */
    static Private between(String one, String other) {
        return one.compareTo(other) <= 0 ? new Private(one, other) : new Private(other, one);
    }

    /** Returns null if the text is not a conversation id. */
    static @Nullable ConversationId parse(String text) {
        if (text.length() < 3 || text.charAt(1) != ':') {
            return null;
        }
        String rest = text.substring(2);
        return switch (text.charAt(0)) {
            case 'p' -> parsePrivate(rest);
            case 'g' -> UserId.isValid(rest) ? new Group(rest) : null;
            case 'r' -> UserId.isValid(rest) ? new Room(rest) : null;
            case 's' -> UserId.isValid(rest) ? new SystemAccount(rest) : null;
            case 'b' -> UserId.isValid(rest) ? new Broadcast(rest) : null;
            default -> null;
        };
    }

    private static @Nullable Private parsePrivate(String rest) {
        int colon = rest.indexOf(':');
        if (colon < 0) {
            return null;
        }
        String a = rest.substring(0, colon);
        String b = rest.substring(colon + 1);
        boolean wellFormed = UserId.isValid(a) && UserId.isValid(b) && a.compareTo(b) <= 0;
        return wellFormed ? new Private(a, b) : null;
    }
}
