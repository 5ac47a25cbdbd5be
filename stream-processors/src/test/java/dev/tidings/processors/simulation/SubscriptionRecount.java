package dev.tidings.processors.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.UnreadRecount;
import dev.tidings.v1.ConversationEvent;
import java.util.List;
import java.util.Map;

/** Checks that large groups and rooms, whose events name no member, reach every session that subscribes to them. */
final class SubscriptionRecount {

    private final World world;

    SubscriptionRecount(World world) {
        this.world = world;
    }

    /** Live, by a head or by a sync: a client reads in history what lies before the head. Messages that expire need not come. */
    void everySessionOfALargeGroupReceivesEverything() {
        for (Snapshot snapshot : List.of(world.snapshot(), world.everyoneOnline())) {
            for (Snapshot.Known known : members(snapshot)) {
                long joinedSeq = joinedSeq(snapshot, known);
                for (ConversationEvent event : snapshot.ledger().sequence(known.conversationId())) {
                    assertTrue(
                            event.getSeq() < joinedSeq
                                    || event.getSeq() <= known.knownSeq()
                                    || known.arrived().contains(event.getSeq())
                                    || event.getMessageSent().hasExpiresAt(),
                            () -> known + " lacks " + event);
                }
            }
        }
    }

    /** From the head that the subscriber received first. */
    void everySessionInARoomReceivesEverything() {
        for (Snapshot snapshot : List.of(world.snapshot(), world.everyoneOnline())) {
            for (Snapshot.InRoom session : snapshot.inRooms()) {
                for (ConversationEvent event : snapshot.ledger().sequence(session.roomId())) {
                    assertTrue(
                            event.getSeq() <= session.fromSeq()
                                    || session.arrived().contains(event.getSeq()),
                            () -> session + " lacks " + event);
                }
            }
        }
    }

    /** Members share the name: an event that changes it names none of them. */
    void everyMemberOfALargeGroupSeesItsName() {
        Ledger ledger = world.everyoneOnline().ledger();
        for (Device device : world.users.devices()) {
            device.conversations().forEach((conversation, timeline) -> {
                if (ledger.isLarge(conversation) && ledger.memberships.belongs(device.userId, conversation)) {
                    assertEquals(
                            name(ledger, conversation),
                            timeline.view().getGroup().getProfile().getName(),
                            () -> device.userId + '/' + device.deviceId + " in " + conversation);
                }
            });
        }
    }

    private static String name(Ledger ledger, String conversation) {
        return ledger.sequence(conversation).stream()
                .map(event -> event.hasGroupCreated()
                        ? event.getGroupCreated().getProfile().getName()
                        : event.getGroupUpdated().getProfile().getName())
                .filter(name -> !name.isEmpty())
                .reduce("", (earlier, later) -> later);
    }

    private static List<Snapshot.Known> members(Snapshot snapshot) {
        return snapshot.known().stream()
                .filter(known -> snapshot.ledger().isLarge(known.conversationId())
                        && snapshot.ledger().memberships.belongs(known.userId(), known.conversationId()))
                .toList();
    }

    private static long joinedSeq(Snapshot snapshot, Snapshot.Known known) {
        return snapshot
                .ledger()
                .received
                .getOrDefault(known.userId(), Map.of())
                .getOrDefault(known.conversationId(), List.of())
                .stream()
                .filter(event -> UnreadRecount.isComing(known.userId(), event))
                .mapToLong(ConversationEvent::getSeq)
                .max()
                .orElse(0);
    }

    /** The number of cases, for the log of the test. */
    @Override
    public String toString() {
        return "sessionsOfLargeGroups="
                + (members(world.snapshot()).size()
                        + members(world.everyoneOnline()).size())
                + " sessionsInRooms="
                + (world.snapshot().inRooms().size()
                        + world.everyoneOnline().inRooms().size());
    }
}
