package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.v1.Ban;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Role;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Looks at nothing but what has come out, draws its own conclusions about who belongs, is muted, blocked or banned, and
 * holds every event to them. Knows none of the rules' code.
 */
final class Witness {

    private static final int WINDOW = 1024;
    private static final int WINDOW_MILLIS = 600_000;

    private final Map<String, Seen> conversations = new HashMap<>();
    private final Map<String, Ban> bans = new HashMap<>();
    private final Map<String, Integer> happened = new TreeMap<>();
    private final Map<String, Set<String>> toBeTold = new HashMap<>();

    private static final class Seen {
        private long seq;
        private long index;
        private boolean large;
        private boolean dissolved;
        private boolean allMuted;
        private final TreeMap<String, Role> members = new TreeMap<>();
        private final Map<String, Timestamp> muted = new HashMap<>();
        private final Set<String> blockers = new HashSet<>();
        private final Map<String, ConversationEvent> names = new HashMap<>();
        private final Map<Long, String> senders = new HashMap<>();
        private final Set<Long> recalled = new HashSet<>();
    }

    /** How often each kind of event has happened. */
    Map<String, Integer> happened() {
        return happened;
    }

    long largeGroups() {
        return conversations.values().stream().filter(seen -> seen.large).count();
    }

    /** A change of the rules is about to be appended. */
    void ruled(Command command) {
        command.getRules().getUnbanList().forEach(bans::remove);
        command.getRules().getBanList().forEach(ban -> bans.put(ban.getUserId(), ban));
    }

    /**
     * An event has come out.
     *
     * @param asSystem whether its command had the operator's authority
     */
    void saw(ConversationEvent event, boolean asSystem) {
        Seen seen = conversations.computeIfAbsent(event.getConversationId(), id -> new Seen());
        happened.merge(event.getBodyCase().name(), 1, Integer::sum);
        assertFalse(seen.dissolved, () -> "after the end: " + event);
        if (event.getSeq() > 0) {
            assertEquals(seen.seq + 1, event.getSeq(), () -> "a gap or a repetition: " + event);
            seen.seq = event.getSeq();
        }
        boolean countable = event.hasMessageSent()
                && !event.getMessageSent().getFlags().getNoUnread()
                && !event.getConversationId().startsWith("r:");
        seen.index += countable ? 1 : 0;
        assertEquals(seen.index, event.getMessageIndex(), event::toString);
        Set<String> members = new TreeSet<>(seen.members.keySet());
        boolean small = event.getConversationId().startsWith("g:") && !seen.large && event.getSeq() > 0;
        take(seen, event, asSystem);
        members.addAll(seen.members.keySet());
        if (small) {
            toBeTold.put(place(event), members);
        }
    }

    /** Everyone who was to be told of the events of small groups is told by these, and nobody else. */
    void told(Iterable<InboxRecord> inbox) {
        Map<String, Set<String>> told = new HashMap<>();
        for (InboxRecord record : inbox) {
            if (toBeTold.containsKey(place(record.getEvent()))) {
                record.getRecipientsList()
                        .forEach(recipient -> assertTrue(
                                told.computeIfAbsent(place(record.getEvent()), place -> new TreeSet<>())
                                        .add(recipient),
                                () -> "told twice: " + record));
            }
        }
        assertEquals(toBeTold, told);
        toBeTold.clear();
    }

    private void take(Seen seen, ConversationEvent event, boolean asSystem) {
        switch (event.getBodyCase()) {
            case MESSAGE_SENT -> sent(seen, event, asSystem);
            case MESSAGE_EDITED -> {
                speaks(seen, event, event.getMessageEdited().getBy(), asSystem);
                assertFalse(seen.recalled.contains(event.getMessageEdited().getSeq()), () -> "recalled: " + event);
                assertTrue(seen.senders.containsKey(event.getMessageEdited().getSeq()), () -> "no message: " + event);
            }
            case MESSAGE_RECALLED -> {
                belongs(seen, event, event.getMessageRecalled().getBy(), asSystem);
                seen.recalled.add(event.getMessageRecalled().getSeq());
            }
            case REACTION_CHANGED -> {
                if (event.getReactionChanged().getRemoved()) {
                    belongs(seen, event, event.getReactionChanged().getUserId(), asSystem);
                } else {
                    speaks(seen, event, event.getReactionChanged().getUserId(), asSystem);
                }
                assertFalse(seen.recalled.contains(event.getReactionChanged().getSeq()), () -> "recalled: " + event);
            }
            case PIN_CHANGED -> belongs(seen, event, event.getPinChanged().getBy(), asSystem);
            case READ_ADVANCED -> belongs(seen, event, event.getReadAdvanced().getUserId(), asSystem);
            case DELIVERED_ADVANCED ->
                belongs(seen, event, event.getDeliveredAdvanced().getUserId(), asSystem);
            case MESSAGES_DELETED ->
                belongs(seen, event, event.getMessagesDeleted().getUserId(), asSystem);
            case GROUP_CREATED -> {
                assertEquals(1, event.getSeq(), event::toString);
                event.getGroupCreated()
                        .getMembersList()
                        .forEach(user -> seen.members.put(
                                user, user.equals(event.getGroupCreated().getOwner()) ? Role.OWNER : Role.MEMBER));
                seen.large = event.getGroupCreated().getLarge();
            }
            case MEMBERS_ADDED -> {
                event.getMembersAdded()
                        .getUserIdsList()
                        .forEach(user -> assertEquals(null, seen.members.put(user, Role.MEMBER), event::toString));
                assertEquals(seen.members.size(), event.getMembersAdded().getMemberCount(), event::toString);
                seen.large |= event.getMembersAdded().getBecameLarge();
            }
            case MEMBER_LEFT -> gone(seen, event, event.getMemberLeft().getUserId());
            case MEMBERS_REMOVED -> event.getMembersRemoved().getUserIdsList().forEach(user -> gone(seen, event, user));
            case ROLE_CHANGED -> {
                ranks(seen, event, event.getRoleChanged().getBy(), Role.OWNER, asSystem);
                seen.members.put(
                        event.getRoleChanged().getUserId(),
                        event.getRoleChanged().getRole());
            }
            case OWNERSHIP_TRANSFERRED -> {
                if (!event.getOwnershipTransferred().getFrom().isEmpty()) {
                    seen.members.put(event.getOwnershipTransferred().getFrom(), Role.ADMIN);
                }
                seen.members.put(event.getOwnershipTransferred().getTo(), Role.OWNER);
            }
            case MEMBER_MUTED -> {
                ranks(seen, event, event.getMemberMuted().getBy(), Role.ADMIN, asSystem);
                seen.muted.remove(event.getMemberMuted().getUserId());
                if (event.getMemberMuted().hasUntil()) {
                    seen.muted.put(
                            event.getMemberMuted().getUserId(),
                            event.getMemberMuted().getUntil());
                }
            }
            case ALL_MUTED -> {
                ranks(seen, event, event.getAllMuted().getBy(), Role.ADMIN, asSystem);
                seen.allMuted = event.getAllMuted().getMuted();
            }
            case GROUP_UPDATED -> ranks(seen, event, event.getGroupUpdated().getBy(), Role.ADMIN, asSystem);
            case GROUP_DISSOLVED -> {
                ranks(seen, event, event.getGroupDissolved().getBy(), Role.OWNER, asSystem);
                seen.dissolved = true;
            }
            case BLOCK_CHANGED -> {
                if (event.getBlockChanged().getBlocked()) {
                    seen.blockers.add(event.getBlockChanged().getBy());
                } else {
                    seen.blockers.remove(event.getBlockChanged().getBy());
                }
            }
            case JOIN_REQUESTED,
                    JOIN_DECLINED,
                    FRIEND_REQUESTED,
                    FRIEND_ACCEPTED,
                    FRIEND_DECLINED,
                    FRIEND_REMOVED,
                    REMARK_CHANGED -> {}
            case TYPING_STARTED, BODY_NOT_SET -> throw new AssertionError("never in the history: " + event);
        }
    }

    private void sent(Seen seen, ConversationEvent event, boolean asSystem) {
        MessageSent sent = event.getMessageSent();
        assertEquals(asSystem, sent.getAsSystem(), event::toString);
        speaks(seen, event, sent.getSender(), asSystem);
        String name = sent.getSender() + ' ' + sent.getClientMsgId();
        ConversationEvent before = seen.names.put(name, event);
        boolean room = event.getConversationId().startsWith("r:");
        boolean forgotten = before != null
                && event.getSeq() - before.getSeq() >= WINDOW
                && Timestamps.toMillis(event.getSentAt()) - Timestamps.toMillis(before.getSentAt()) >= WINDOW_MILLIS;
        assertTrue(before == null || room || forgotten, () -> "the same message again: " + event);
        seen.senders.put(event.getSeq(), sent.getSender());
    }

    private void speaks(Seen seen, ConversationEvent event, String user, boolean asSystem) {
        belongs(seen, event, user, asSystem);
        if (asSystem) {
            return;
        }
        assertTrue(seen.blockers.isEmpty(), () -> "between those who have blocked each other: " + event);
        Timestamp until = seen.muted.get(user);
        boolean room = event.getConversationId().startsWith("r:");
        // an empty room forgets whom it has muted
        assertTrue(until == null || room || Timestamps.compare(until, event.getSentAt()) <= 0, () -> "muted: " + event);
        boolean admin = seen.members.getOrDefault(user, Role.MEMBER).compareTo(Role.ADMIN) >= 0;
        assertTrue(!seen.allMuted || admin || room, () -> "all are muted: " + event);
    }

    private void belongs(Seen seen, ConversationEvent event, String user, boolean asSystem) {
        if (asSystem) {
            return;
        }
        String id = event.getConversationId();
        boolean member = switch (id.charAt(0)) {
            case 'p' -> id.startsWith("p:" + user + ':') || id.endsWith(':' + user);
            case 'g' -> seen.members.containsKey(user);
            case 's' -> id.equals("s:" + user) && !event.hasMessageSent();
            case 'b' -> !event.hasMessageSent();
            default -> true;
        };
        assertTrue(member, () -> user + " does not belong: " + event);
        Ban ban = bans.get(user);
        assertTrue(
                ban == null || (ban.hasUntil() && Timestamps.compare(ban.getUntil(), event.getSentAt()) <= 0),
                () -> user + " is banned: " + event);
    }

    private void ranks(Seen seen, ConversationEvent event, String user, Role role, boolean asSystem) {
        belongs(seen, event, user, asSystem);
        assertTrue(
                asSystem
                        || seen.members
                                        .getOrDefault(user, Role.ROLE_UNSPECIFIED)
                                        .compareTo(role)
                                >= 0,
                () -> user + " has no right to: " + event);
    }

    /** Whoever goes takes his mute with him. */
    private static void gone(Seen seen, ConversationEvent event, String user) {
        assertTrue(seen.members.remove(user) != null, event::toString);
        seen.muted.remove(user);
    }

    private static String place(ConversationEvent event) {
        return event.getConversationId() + ' ' + event.getSeq();
    }
}
