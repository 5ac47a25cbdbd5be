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
 * A snapshot of a world in which nothing is pending: the log, the sessions on gateways, and the state of devices.
 *
 * @param ledger the log up to here
 * @param sessions live sessions on gateways, by user
 * @param presences the newest presence of each user
 * @param watched by session: the newest presence that it received of each user it watches
 * @param known by session: the state of its device
 * @param inRooms by session and room: the events that its device has
 * @param unsynced live sessions that have not synced
 * @param reached the time at which an event reached the first device of a user
 * @param uncertain users whose views got other versions than an aborted transaction had shown
 */
record Snapshot(
        Ledger ledger,
        Map<String, List<Session>> sessions,
        Map<String, Presence> presences,
        Map<String, Map<String, Presence>> watched,
        List<Known> known,
        List<InRoom> inRooms,
        List<String> unsynced,
        Map<Place, Long> reached,
        Set<String> uncertain) {

    record Place(String userId, String conversationId, long seq) {}

    /**
     * A session in a room.
     *
     * @param fromSeq the session must have received everything after this
     */
    record InRoom(String userId, String sessionId, String roomId, long fromSeq, Set<Long> arrived) {}

    /**
     * @param knownSeq the newest seq that a sync or a head has brought
     * @param seen the view as the device shows it
     */
    record Known(
            String userId,
            String sessionId,
            String conversationId,
            long knownSeq,
            Set<Long> arrived,
            ConversationView seen) {}

    static Snapshot of(World world) {
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
        List<InRoom> inRooms = new ArrayList<>();
        List<String> unsynced = new ArrayList<>();
        Map<Place, Long> reached = new HashMap<>();
        for (Device device : world.users.devices()) {
            device.everArrived()
                    .forEach((conversation, seqs) -> seqs.forEach((seq, millis) ->
                            reached.merge(new Place(device.userId, conversation, seq), millis, Math::min)));
            if (!device.isConnected()) {
                continue;
            }
            Map<String, Presence> received = new TreeMap<>();
            watching.getOrDefault(device.sessionId(), Set.of())
                    .forEach(userId -> received.put(
                            userId, device.presences().getOrDefault(userId, Presence.getDefaultInstance())));
            watched.put(device.sessionId(), received);
            device.rooms()
                    .forEach((room, fromSeq) -> inRooms.add(new InRoom(
                            device.userId, device.sessionId(), room, fromSeq, arrived(device.timeline(room)))));
            if (!device.isSynced()) {
                unsynced.add(device.sessionId());
            }
            Set<String> conversations = new TreeSet<>(ledger.broadcasts());
            conversations.addAll(
                    ledger.received.getOrDefault(device.userId, Map.of()).keySet());
            conversations.forEach(conversation -> {
                Timeline timeline = device.timeline(conversation);
                known.add(new Known(
                        device.userId,
                        device.sessionId(),
                        conversation,
                        timeline.knownSeq(),
                        arrived(timeline),
                        timeline.seen(0, 0)));
            });
        }
        return new Snapshot(
                ledger, sessions, presences, watched, known, inRooms, unsynced, reached, uncertain(world.cluster));
    }

    private static Set<Long> arrived(Timeline timeline) {
        Set<Long> arrived = new TreeSet<>();
        for (long seq = 1; seq <= timeline.lastSeq(); seq++) {
            if (timeline.has(seq)) {
                arrived.add(seq);
            }
        }
        return arrived;
    }

    boolean isUncertain(String userId) {
        return uncertain.contains(userId);
    }

    private static Set<String> uncertain(Cluster cluster) {
        Map<String, ConversationView> committed = new HashMap<>();
        Set<String> uncertain = new TreeSet<>();
        for (Partition partition : cluster.userChanges()) {
            UserChanges.committed(partition).forEach(event -> {
                if (event.hasViewChanged()) {
                    committed.put(version(event), event.getViewChanged());
                }
            });
            partition.all().stream().filter(Partition.Appended::isAborted).forEach(record -> {
                UserEvent event = UserChanges.parse(record);
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
