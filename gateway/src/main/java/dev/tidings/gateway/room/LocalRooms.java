package dev.tidings.gateway.room;

import dev.tidings.gateway.subscription.RoomListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users of this gateway who are in rooms. Collects changes and writes them to the {@link RoomUserStore} once a second, so that no
 * join waits for the store. After a failed write the whole room is written again at a later tick. Thread-safe.
 */
public final class LocalRooms implements RoomListener {

    /** The maximum number of rooms without users that are not written yet. Further ones are dropped, and expire in the store. */
    static final int MAX_EMPTY_ROOMS = 10_000;

    static final Duration REFRESH_INTERVAL = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(LocalRooms.class);

    /** Guarded by the lock of {@link LocalRooms}. */
    private static final class LocalRoom {
        /** The number of sessions of each user. */
        private final Map<String, Integer> sessions = new HashMap<>();
        /** Users who have entered or left since the last write. */
        private final Set<String> changed = new LinkedHashSet<>();
        /** Whether the store does not have the room, or has another state of it. */
        private boolean isUnknown = true;
    }

    /** The pending changes of one room. */
    private sealed interface Write {

        String roomId();

        record Replace(String roomId, List<String> users) implements Write {}

        record Delta(String roomId, List<String> entered, List<String> left) implements Write {}

        record Refresh(String roomId) implements Write {}
    }

    private final RoomUserStore store;
    private final Executor executor;
    // guarded by this
    private final Map<String, LocalRoom> rooms = new HashMap<>();
    private final Set<String> changedRooms = new LinkedHashSet<>();
    private long refreshedNanos;
    private boolean isWriting;

    /** @param executor runs the calls of the store, which block */
    public LocalRooms(RedisRoomUsers store, Executor executor) {
        this((RoomUserStore) store, executor, System.nanoTime());
    }

    LocalRooms(RoomUserStore store, Executor executor, long nowNanos) {
        this.store = store;
        this.executor = executor;
        this.refreshedNanos = nowNanos;
    }

    @Override
    public synchronized void entered(String roomId, String userId) {
        LocalRoom room = rooms.computeIfAbsent(roomId, first -> new LocalRoom());
        if (room.sessions.merge(userId, 1, Integer::sum) == 1) {
            room.changed.add(userId);
            changedRooms.add(roomId);
        }
    }

    @Override
    public synchronized void left(String roomId, String userId) {
        LocalRoom room = rooms.get(roomId);
        if (room == null || !room.sessions.containsKey(userId)) {
            return;
        }
        if (room.sessions.merge(userId, -1, Integer::sum) == 0) {
            room.sessions.remove(userId);
            room.changed.add(userId);
            changedRooms.add(roomId);
        }
    }

    /** The number of rooms that are known. */
    synchronized int size() {
        return rooms.size();
    }

    /** Writes what has changed, in another thread. Call it once a second. */
    public void tick(long nowNanos) {
        List<Write> writes = new ArrayList<>();
        synchronized (this) {
            if (isWriting) {
                return;
            }
            changedRooms.forEach(roomId -> writes.add(writeOf(roomId)));
            changedRooms.clear();
            if (nowNanos - refreshedNanos >= REFRESH_INTERVAL.toNanos()) {
                refreshedNanos = nowNanos;
                rooms.keySet().forEach(roomId -> writes.add(new Write.Refresh(roomId)));
            }
            if (writes.isEmpty()) {
                return;
            }
            isWriting = true;
        }
        executor.execute(() -> write(writes));
    }

    /** Returns the write that brings the store up to date, and counts it as done. */
    private Write writeOf(String roomId) {
        LocalRoom room = rooms.computeIfAbsent(roomId, unknown -> new LocalRoom());
        Write write = room.isUnknown
                ? new Write.Replace(roomId, List.copyOf(room.sessions.keySet()))
                : new Write.Delta(roomId, changed(room, true), changed(room, false));
        room.changed.clear();
        room.isUnknown = false;
        if (room.sessions.isEmpty()) {
            rooms.remove(roomId);
        }
        return write;
    }

    private static List<String> changed(LocalRoom room, boolean isInRoom) {
        return room.changed.stream()
                .filter(userId -> room.sessions.containsKey(userId) == isInRoom)
                .toList();
    }

    private void write(List<Write> writes) {
        Set<String> failed = new HashSet<>();
        for (Write write : writes) {
            try {
                if (!isWritten(write)) {
                    failed.add(write.roomId());
                }
            } catch (RuntimeException e) {
                failed.add(write.roomId());
                LOG.debug("users of a room could not be written; retrying room={}", write.roomId(), e);
            }
        }
        synchronized (this) {
            failed.forEach(this::forgetWritten);
            isWriting = false;
        }
    }

    /** Returns false if the store has lost the room. */
    private boolean isWritten(Write write) {
        switch (write) {
            case Write.Replace(String roomId, List<String> users) -> store.replace(roomId, users);
            case Write.Delta(String roomId, List<String> entered, List<String> left) ->
                store.change(roomId, entered, left);
            case Write.Refresh(String roomId) -> {
                return store.refresh(roomId);
            }
        }
        return true;
    }

    /** Marks the room as unknown, so that all of it is written at the next tick. */
    private void forgetWritten(String roomId) {
        LocalRoom room = rooms.get(roomId);
        if (room == null) {
            if (changedRooms.size() >= MAX_EMPTY_ROOMS) {
                return;
            }
            room = new LocalRoom();
            rooms.put(roomId, room);
        }
        room.isUnknown = true;
        room.changed.clear();
        changedRooms.add(roomId);
    }
}
