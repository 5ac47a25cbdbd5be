package dev.tidings.ops.embedded;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.readmodel.ReadModelUnavailableException;
import dev.tidings.gateway.readmodel.RedisReader;
import dev.tidings.gateway.room.RedisRoomUsers;
import dev.tidings.v1.GatewayBeat;
import dev.tidings.v1.RoomUsers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The users of rooms in a real Redis, for two gateways. */
class RoomUsersIT {

    @TempDir
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // by start()
    private static EmbeddedRedis redis;

    @SuppressWarnings("NullAway.Init") // by start()
    private static RedisReader reader;

    private final List<GatewayBeat> running = new ArrayList<>(List.of(beat(0, 7), beat(1, 2)));

    @SuppressWarnings("NullAway.Init") // by connect()
    private RedisRoomUsers first;

    @SuppressWarnings("NullAway.Init") // by connect()
    private RedisRoomUsers second;

    @BeforeAll
    static void start() {
        redis = EmbeddedRedis.start(directory, 0);
        reader = new RedisReader(redis.url());
        // the first call connects, which can take longer than a call may on a busy machine
        await().atMost(Duration.ofMinutes(1))
                .ignoreException(ReadModelUnavailableException.class)
                .until(() -> "PONG".equals(reader.call(commands -> commands.ping())));
    }

    @BeforeEach
    void connect() {
        first = new RedisRoomUsers(reader, 0, 7, () -> running);
        second = new RedisRoomUsers(reader, 1, 2, () -> running);
    }

    @AfterAll
    static void stop() {
        reader.close();
        redis.close();
    }

    @Test
    void pages_merge_the_users_of_all_gateways() {
        first.replace("r:merged", List.of("dave", "alice", "bob"));
        second.replace("r:merged", List.of("carol", "bob"));

        RoomUsers page = first.page("r:merged", "", 3);
        assertEquals(List.of("alice", "bob", "carol"), page.getUserIdsList());
        assertEquals("carol", page.getNextAfterUserId());
        assertEquals(5, page.getUserCount());
        RoomUsers last = second.page("r:merged", "carol", 3);
        assertEquals(List.of("dave"), last.getUserIdsList());
        assertFalse(last.hasNextAfterUserId());
    }

    @Test
    void users_enter_and_leave() {
        first.replace("r:changed", List.of("alice", "bob"));
        first.change("r:changed", List.of("carol"), List.of("alice"));

        assertEquals(List.of("bob", "carol"), first.page("r:changed", "", 10).getUserIdsList());
        first.replace("r:changed", List.of());
        assertEquals(RoomUsers.getDefaultInstance(), first.page("r:changed", "", 10));
    }

    @Test
    void a_gateway_that_does_not_run_has_no_users() {
        second.replace("r:gone", List.of("alice"));

        running.removeLast();

        assertEquals(List.of(), first.page("r:gone", "", 10).getUserIdsList());
    }

    @Test
    void a_room_that_was_never_written_or_is_lost_cannot_be_refreshed() {
        assertFalse(first.refresh("r:unknown"));
        first.replace("r:known", List.of("alice"));
        assertTrue(first.refresh("r:known"));
    }

    @Test
    void a_room_with_more_users_than_one_call_writes_is_read_in_pages_of_a_fixed_size() {
        List<String> users =
                IntStream.range(0, 2_500).mapToObj(i -> "user%04d".formatted(i)).toList();
        first.replace("r:large", users);

        List<String> read = new ArrayList<>();
        String after = "";
        do {
            RoomUsers page = first.page("r:large", after, 1_000);
            read.addAll(page.getUserIdsList());
            after = page.getNextAfterUserId();
        } while (!after.isEmpty());

        assertEquals(users, read);
        assertEquals(2_500, first.page("r:large", "", 1).getUserCount());
    }

    private static GatewayBeat beat(int slot, long epoch) {
        return GatewayBeat.newBuilder().setSlot(slot).setEpoch(epoch).build();
    }
}
