package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.v1.Ban;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Role;
import dev.tidings.v1.SubscribeGateway;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A model of the rules that shares no code with the product. It reads events, changes of the rules and subscriptions of gateways, tracks
 * members, mutes, blocks, bans, friends and subscribed gateways, and checks every event against them.
 */
final class ReferenceModel {

    private static final int WINDOW = 1024;
    private static final int WINDOW_MILLIS = 600_000;

    private final Map<String, Seen> conversations = new HashMap<>();
    private final Map<String, Ban> bans = new HashMap<>();
    private final Map<String, Integer> happened = new TreeMap<>();
    private final Map<String, Set<String>> expected = new HashMap<>();
    private final Map<String, Set<Integer>> toFollow = new HashMap<>();
    private boolean strangersMayWrite = true;
    private int roomsForgotten;
    private int detached;

    private static final class Seen {
        private long seq;
        private long index;
        private boolean large;
        private boolean dissolved;
        private boolean allMuted;
        private boolean friends;
        private final TreeMap<Integer, Long> attachedEpochs = new TreeMap<>();
        private final TreeMap<String, Role> members = new TreeMap<>();
        private final Map<String, Timestamp> muted = new HashMap<>();
        private final Set<String> former = new TreeSet<>();
        private final Set<String> blockers = new HashSet<>();
        private final Map<String, ConversationEvent> names = new HashMap<>();
        private final Map<Long, String> senders = new HashMap<>();
        private final Set<Long> recalled = new HashSet<>();
        private final Map<String, Long> delivered = new HashMap<>();
        private final ReferenceMentions mentions = new ReferenceMentions();
    }

    /** The number of events of each kind. */
    Map<String, Integer> happened() {
        return happened;
    }

    long largeGroups() {
        return conversations.values().stream().filter(seen -> seen.large).count();
    }

    /** The number of times that a room became empty. */
    int roomsForgotten() {
        return roomsForgotten;
    }

    /** The number of subscriptions that ended with a gateway that was gone. */
    int detached() {
        return detached;
    }

    /** A change of the rules is about to be appended. */
    void rulesChanged(Command command) {
        if (command.getRules().getPolicy().hasStrangersMayWrite()) {
            strangersMayWrite = command.getRules().getPolicy().getStrangersMayWrite();
        }
        command.getRules().getUnbanList().forEach(bans::remove);
        command.getRules().getBanList().forEach(ban -> bans.put(ban.getUserId(), ban));
    }

    /** A gateway subscribes to a conversation, or unsubscribes. */
    void subscribed(String conversationId, SubscribeGateway attach) {
        boolean room = conversationId.startsWith("r:");
        Seen seen = conversations.computeIfAbsent(conversationId, id -> new Seen());
        if (!room && !(conversationId.startsWith("g:") && seen.large)) {
            return;
        }
        long known = seen.attachedEpochs.getOrDefault(attach.getGatewaySlot(), 0L);
        if (known <= attach.getGatewayEpoch() && attach.getSessions() > 0) {
            seen.attachedEpochs.put(attach.getGatewaySlot(), attach.getGatewayEpoch());
        } else if (known <= attach.getGatewayEpoch()) {
            seen.attachedEpochs.remove(attach.getGatewaySlot());
        }
        if (room && seen.attachedEpochs.isEmpty()) {
            left(seen);
        }
    }

    void gone(GatewayGone gone) {
        conversations.forEach((id, seen) -> {
            Long known = seen.attachedEpochs.get(gone.getGatewaySlot());
            if (known != null && known <= gone.getGatewayEpoch()) {
                detached++;
                seen.attachedEpochs.remove(gone.getGatewaySlot());
                if (id.startsWith("r:") && seen.attachedEpochs.isEmpty()) {
                    left(seen);
                }
            }
        });
    }

    /** An empty room forgets its mutes and events. */
    private void left(Seen seen) {
        roomsForgotten++;
        seen.muted.clear();
        seen.allMuted = false;
        seen.names.clear();
        seen.mentions.forget();
    }

    /**
     * Checks the next event.
     *
     * @param asSystem whether its command had the operator's authority
     */
    void check(ConversationEvent event, boolean asSystem) {
        Seen seen = conversations.computeIfAbsent(event.getConversationId(), id -> new Seen());
        happened.merge(event.getBodyCase().name(), 1, Integer::sum);
        assertFalse(seen.dissolved && !isOwnAffair(event), () -> "after the end: " + event);
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
        if (event.getSeq() > 0) {
            toFollow.put(place(event), followers(seen, event));
        }
        if (event.getDeliveredSeq() > 0) {
            delivered(seen, event);
        }
        take(seen, event, asSystem);
        members.addAll(seen.members.keySet());
        members.addAll(seen.mentions.named(event));
        if (small) {
            expected.put(place(event), members);
        }
    }

    /** A carried position is of the author, in a private conversation, within the sequence, and newer than all before. */
    private static void delivered(Seen seen, ConversationEvent event) {
        assertTrue(event.getConversationId().startsWith("p:"), event::toString);
        assertTrue(event.getDeliveredSeq() < event.getSeq(), event::toString);
        Long before = seen.delivered.put(Timeline.author(event), event.getDeliveredSeq());
        assertTrue(
                before == null || before < event.getDeliveredSeq(), () -> "moves back from " + before + ": " + event);
    }

    /** Checks that these records name all recipients of the events of small groups, and no others. */
    void checkRecipients(Iterable<InboxRecord> inbox) {
        Map<String, Set<String>> received = new HashMap<>();
        for (InboxRecord record : inbox) {
            if (expected.containsKey(place(record.getEvent()))) {
                record.getRecipientsList()
                        .forEach(recipient -> assertTrue(
                                received.computeIfAbsent(place(record.getEvent()), place -> new TreeSet<>())
                                        .add(recipient),
                                () -> "delivered twice: " + record));
            }
        }
        assertEquals(expected, received);
        expected.clear();
    }

    /** Checks that every event went once to each gateway that subscribes to its conversation, and to no other. */
    void checkGateways(Iterable<Delivery> deliveries) {
        Map<String, Set<Integer>> received = new HashMap<>();
        toFollow.keySet().forEach(place -> received.put(place, new TreeSet<>()));
        for (Delivery delivery : deliveries) {
            ConversationEvent event = delivery.getFollowedEvent().getEvent();
            if (event.getSeq() > 0) {
                assertTrue(
                        received.computeIfAbsent(place(event), place -> new TreeSet<>())
                                .add(delivery.getGatewaySlot()),
                        () -> "delivered twice: " + delivery);
            }
        }
        assertEquals(toFollow, received);
        toFollow.clear();
    }

    private Set<Integer> followers(Seen seen, ConversationEvent event) {
        return switch (event.getConversationId().charAt(0)) {
            case 'r' -> new TreeSet<>(seen.attachedEpochs.keySet());
            case 'g' -> seen.large ? new TreeSet<>(seen.attachedEpochs.keySet()) : Set.of();
            default -> Set.of();
        };
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
            case READ_ADVANCED ->
                hasBelonged(seen, event, event.getReadAdvanced().getUserId(), asSystem);
            case DELIVERED_ADVANCED ->
                belongs(seen, event, event.getDeliveredAdvanced().getUserId(), asSystem);
            case MESSAGES_DELETED ->
                hasBelonged(seen, event, event.getMessagesDeleted().getUserId(), asSystem);
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
            case FRIEND_ACCEPTED -> seen.friends = true;
            case FRIEND_REMOVED -> seen.friends = false;
            case JOIN_REQUESTED, JOIN_DECLINED, FRIEND_REQUESTED, FRIEND_DECLINED, REMARK_CHANGED -> {}
            case TYPING_STARTED, BODY_NOT_SET -> throw new AssertionError("never in the history: " + event);
        }
    }

    private void sent(Seen seen, ConversationEvent event, boolean asSystem) {
        MessageSent sent = event.getMessageSent();
        assertEquals(asSystem, sent.getAsSystem(), event::toString);
        speaks(seen, event, sent.getSender(), asSystem);
        String name = sent.getSender() + ' ' + sent.getClientMsgId();
        ConversationEvent before = seen.names.put(name, event);
        boolean forgotten = before != null
                && event.getSeq() - before.getSeq() >= WINDOW
                && Timestamps.toMillis(event.getSentAt()) - Timestamps.toMillis(before.getSentAt()) >= WINDOW_MILLIS;
        assertTrue(before == null || forgotten, () -> "the same message again: " + event);
        seen.senders.put(event.getSeq(), sent.getSender());
    }

    private void speaks(Seen seen, ConversationEvent event, String user, boolean asSystem) {
        belongs(seen, event, user, asSystem);
        if (asSystem) {
            return;
        }
        assertTrue(seen.blockers.isEmpty(), () -> "between those who have blocked each other: " + event);
        Timestamp until = seen.muted.get(user);
        assertTrue(until == null || Timestamps.compare(until, event.getSentAt()) <= 0, () -> "muted: " + event);
        boolean admin = seen.members.getOrDefault(user, Role.MEMBER).compareTo(Role.ADMIN) >= 0;
        assertTrue(!seen.allMuted || admin, () -> "all are muted: " + event);
        boolean known = !event.getConversationId().startsWith("p:") || seen.friends;
        assertTrue(known || strangersMayWrite, () -> "between strangers: " + event);
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

    private static boolean isOwnAffair(ConversationEvent event) {
        return event.hasReadAdvanced() || event.hasMessagesDeleted();
    }

    /** Former members may still read and delete for themselves. */
    private void hasBelonged(Seen seen, ConversationEvent event, String user, boolean asSystem) {
        if (!seen.former.contains(user)) {
            belongs(seen, event, user, asSystem);
        }
    }

    /** A mute survives leaving and joining again. */
    private static void gone(Seen seen, ConversationEvent event, String user) {
        assertTrue(seen.members.remove(user) != null, event::toString);
        seen.former.add(user);
    }

    private static String place(ConversationEvent event) {
        return event.getConversationId() + ' ' + event.getSeq();
    }
}
