package dev.tidings.processors.simulation;

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
    void everySessionOfALargeGroupIsToldOfEverything() {
        for (Rest rest : List.of(world.rest(), world.fullHouse())) {
            for (Rest.Known known : members(rest)) {
                long joinedSeq = joinedSeq(rest, known);
                for (ConversationEvent event : rest.ledger().sequence(known.conversationId())) {
                    assertTrue(
                            event.getSeq() < joinedSeq
                                    || event.getSeq() <= known.toldSeq()
                                    || known.arrived().contains(event.getSeq())
                                    || event.getMessageSent().hasExpiresAt(),
                            () -> known + " lacks " + event);
                }
            }
        }
    }

    /** From the head that it was told when it came. */
    void everySessionInARoomIsToldOfEverything() {
        for (Rest rest : List.of(world.rest(), world.fullHouse())) {
            for (Rest.InRoom session : rest.inRooms()) {
                for (ConversationEvent event : rest.ledger().sequence(session.roomId())) {
                    assertTrue(
                            event.getSeq() <= session.fromSeq()
                                    || session.arrived().contains(event.getSeq()),
                            () -> session + " lacks " + event);
                }
            }
        }
    }

    private static List<Rest.Known> members(Rest rest) {
        return rest.known().stream()
                .filter(known -> rest.ledger().isLarge(known.conversationId())
                        && rest.ledger().circles.belongs(known.userId(), known.conversationId()))
                .toList();
    }

    private static long joinedSeq(Rest rest, Rest.Known known) {
        return rest
                .ledger()
                .heard
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
                + (members(world.rest()).size() + members(world.fullHouse()).size())
                + " sessionsInRooms="
                + (world.rest().inRooms().size() + world.fullHouse().inRooms().size());
    }
}
