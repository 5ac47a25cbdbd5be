package dev.tidings.gateway.room;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LocalRoomsTest {

    private static final String LOBBY = "r:lobby";
    private static final String HALL = "r:hall";

    /** Keeps the users in memory, and records the calls. */
    private static final class MemoryStore implements RoomUserStore {
        private final Map<String, Set<String>> users = new TreeMap<>();
        private final List<String> calls = new ArrayList<>();
        private boolean isDown;

        @Override
        public void replace(String roomId, Collection<String> userIds) {
            requireUp();
            calls.add("replace " + roomId);
            users.put(roomId, new TreeSet<>(userIds));
        }

        @Override
        public void change(String roomId, Collection<String> entered, Collection<String> left) {
            requireUp();
            calls.add("change " + roomId + ' ' + entered + ' ' + left);
            Set<String> room = users.computeIfAbsent(roomId, first -> new TreeSet<>());
            room.addAll(entered);
            left.forEach(room::remove);
        }

        @Override
        public boolean refresh(String roomId) {
            requireUp();
            calls.add("refresh " + roomId);
            return users.containsKey(roomId);
        }

        private void requireUp() {
            if (isDown) {
                throw new IllegalStateException("the store does not answer");
            }
        }
    }

    private final MemoryStore store = new MemoryStore();
    private final Queue<Runnable> writes = new ArrayDeque<>();
    private final LocalRooms rooms = new LocalRooms(store, writes::add, 0);
    private long nowNanos;

    @Test
    void a_user_is_in_a_room_until_the_last_of_their_sessions_leaves_it() {
        rooms.entered(LOBBY, "alice");
        rooms.entered(LOBBY, "alice");
        rooms.entered(LOBBY, "bob");
        tick();
        assertEquals(Map.of(LOBBY, Set.of("alice", "bob")), store.users);

        rooms.left(LOBBY, "alice");
        tick();
        assertEquals(Set.of("alice", "bob"), store.users.get(LOBBY));

        rooms.left(LOBBY, "alice");
        tick();
        assertEquals(Set.of("bob"), store.users.get(LOBBY));
    }

    @Test
    void only_what_has_changed_is_written() {
        rooms.entered(LOBBY, "alice");
        rooms.entered(HALL, "bob");
        tick();
        store.calls.clear();

        rooms.entered(LOBBY, "carol");
        rooms.entered(LOBBY, "dave");
        rooms.left(LOBBY, "dave");
        rooms.left(LOBBY, "alice");
        tick();
        tick();

        assertEquals(List.of("change r:lobby [carol] [dave, alice]"), store.calls);
    }

    @Test
    void an_empty_room_is_written_and_forgotten() {
        rooms.entered(LOBBY, "alice");
        tick();
        rooms.left(LOBBY, "alice");
        tick();

        assertEquals(Set.of(), store.users.get(LOBBY));
        assertEquals(0, rooms.size());

        rooms.entered(LOBBY, "bob");
        store.calls.clear();
        tick();
        assertEquals(List.of("replace r:lobby"), store.calls);
    }

    @Test
    void a_user_who_leaves_a_room_that_they_are_not_in_changes_nothing() {
        rooms.left(LOBBY, "alice");
        tick();

        assertEquals(List.of(), store.calls);
        assertEquals(0, rooms.size());
    }

    @Test
    void after_a_failure_the_whole_room_is_written() {
        rooms.entered(LOBBY, "alice");
        rooms.entered(LOBBY, "bob");
        tick();
        store.isDown = true;
        rooms.left(LOBBY, "alice");
        tick();
        rooms.entered(LOBBY, "carol");
        tick();

        store.isDown = false;
        tick();

        assertEquals(Set.of("bob", "carol"), store.users.get(LOBBY));
    }

    @Test
    void a_room_that_is_emptied_while_the_store_is_down_is_emptied_afterwards() {
        rooms.entered(LOBBY, "alice");
        tick();
        store.isDown = true;
        rooms.left(LOBBY, "alice");
        tick();

        store.isDown = false;
        tick();

        assertEquals(Set.of(), store.users.get(LOBBY));
        assertEquals(0, rooms.size());
    }

    @Test
    void empty_rooms_that_cannot_be_written_are_bounded() {
        store.isDown = true;
        for (int i = 0; i < LocalRooms.MAX_EMPTY_ROOMS + 100; i++) {
            rooms.entered("r:room" + i, "alice");
            rooms.left("r:room" + i, "alice");
        }

        tick();

        assertEquals(LocalRooms.MAX_EMPTY_ROOMS, rooms.size());
    }

    @Test
    void rooms_are_refreshed_and_written_again_if_the_store_has_lost_them() {
        rooms.entered(LOBBY, "alice");
        rooms.entered(HALL, "bob");
        tick();
        store.calls.clear();
        store.users.remove(HALL);

        nowNanos += LocalRooms.REFRESH_INTERVAL.toNanos();
        tick();
        tick();

        assertEquals(Set.of("refresh r:lobby", "refresh r:hall", "replace r:hall"), Set.copyOf(store.calls));
        assertEquals(Set.of("bob"), store.users.get(HALL));
    }

    @Test
    void changes_during_a_write_wait_for_the_next_one() {
        rooms.entered(LOBBY, "alice");
        rooms.tick(nowNanos);
        rooms.entered(LOBBY, "bob");
        rooms.tick(nowNanos);
        assertEquals(1, writes.size());

        writes.remove().run();
        tick();

        assertEquals(List.of("replace r:lobby", "change r:lobby [bob] []"), store.calls);
    }

    private void tick() {
        nowNanos += Duration.ofSeconds(1).toNanos();
        rooms.tick(nowNanos);
        while (!writes.isEmpty()) {
            writes.remove().run();
        }
    }
}
