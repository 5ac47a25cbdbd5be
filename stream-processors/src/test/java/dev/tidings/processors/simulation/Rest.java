package dev.tidings.processors.simulation;

import dev.tidings.schemas.Topics;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Presence;
import dev.tidings.v1.Session;
import dev.tidings.v1.UserEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A world that stands still, as it is known to those who are in it; some are not.
 *
 * @param ledger the log up to here
 * @param sessions that live: gateways hold them open, by user
 * @param presences the last that was told of each user
 * @param watched by session: the last that it was told of each user whom it watches
 * @param known by session: what its device knows of conversations
 * @param unsynced sessions that live and have not synced
 * @param reached when an event came to the first device of a user
 * @param uncertain users whose views took their versions otherwise than was read from a transaction that was aborted
 */
record Rest(
        Ledger ledger,
        Map<String, List<Session>> sessions,
        Map<String, Presence> presences,
        Map<String, Map<String, Presence>> watched,
        List<Known> known,
        List<String> unsynced,
        Map<Place, Long> reached,
        Set<String> uncertain) {

    record Place(String userId, String conversationId, long seq) {}

    /**
     * @param toldSeq up to here a sync said what there is; what came later came live
     * @param seen as the device shows it
     */
    record Known(
            String userId,
            String sessionId,
            String conversationId,
            long toldSeq,
            Set<Long> arrived,
            ConversationView seen) {}

    static Rest of(World world) {
        Map<String, List<Session>> sessions = new TreeMap<>();
        Map<String, Set<String>> watching = new TreeMap<>();
        for (Gateway gateway : world.gateways.holders()) {
            for (Connection connection : gateway.sessions()) {
                sessions.computeIfAbsent(connection.userId, none -> new ArrayList<>())
                        .add(connection.session);
                watching.put(connection.session.getSessionId(), new TreeSet<>(connection.watched));
            }
        }
        Map<String, Presence> presences = new TreeMap<>();
        for (UserEvent event : world.cluster.committed(Topics.USER_EVENTS)) {
            if (event.hasPresenceChanged()) {
                presences.put(event.getUserId(), event.getPresenceChanged());
            }
        }
        Ledger ledger = new Ledger(world.cluster);
        Map<String, Map<String, Presence>> watched = new TreeMap<>();
        List<Known> known = new ArrayList<>();
        List<String> unsynced = new ArrayList<>();
        Map<Place, Long> reached = new HashMap<>();
        for (Device device : world.people.devices()) {
            device.everArrived()
                    .forEach((conversation, seqs) -> seqs.forEach((seq, millis) ->
                            reached.merge(new Place(device.userId, conversation, seq), millis, Math::min)));
            if (!device.isConnected()) {
                continue;
            }
            Map<String, Presence> told = new TreeMap<>();
            watching.getOrDefault(device.sessionId(), Set.of())
                    .forEach(userId ->
                            told.put(userId, device.presences().getOrDefault(userId, Presence.getDefaultInstance())));
            watched.put(device.sessionId(), told);
            if (!device.isSynced()) {
                unsynced.add(device.sessionId());
            }
            Set<String> conversations = new TreeSet<>(ledger.broadcasts());
            conversations.addAll(
                    ledger.heard.getOrDefault(device.userId, Map.of()).keySet());
            conversations.forEach(conversation -> {
                Timeline timeline = device.timeline(conversation);
                Set<Long> arrived = new TreeSet<>();
                for (long seq = 1; seq <= timeline.lastSeq(); seq++) {
                    if (timeline.has(seq)) {
                        arrived.add(seq);
                    }
                }
                known.add(new Known(
                        device.userId,
                        device.sessionId(),
                        conversation,
                        timeline.toldSeq(),
                        arrived,
                        timeline.seen(0, 0)));
            });
        }
        return new Rest(ledger, sessions, presences, watched, known, unsynced, reached, uncertain(world.cluster));
    }

    boolean isUncertain(String userId) {
        return uncertain.contains(userId);
    }

    private static Set<String> uncertain(Cluster cluster) {
        Map<String, ConversationView> committed = new HashMap<>();
        Set<String> uncertain = new TreeSet<>();
        for (Partition partition : cluster.partitions(Topics.USER_EVENTS)) {
            partition.committed().forEach(record -> {
                UserEvent event = Ledger.value(Topics.USER_EVENTS, record);
                if (event.hasViewChanged()) {
                    committed.put(version(event), event.getViewChanged());
                }
            });
            partition.all().stream().filter(Partition.Appended::isAborted).forEach(record -> {
                UserEvent event = Ledger.value(Topics.USER_EVENTS, record);
                if (event.hasViewChanged() && !event.getViewChanged().equals(committed.get(version(event)))) {
                    uncertain.add(event.getUserId());
                }
            });
        }
        return uncertain;
    }

    private static String version(UserEvent event) {
        return event.getUserId() + ' ' + event.getViewChanged().getVersion();
    }
}
