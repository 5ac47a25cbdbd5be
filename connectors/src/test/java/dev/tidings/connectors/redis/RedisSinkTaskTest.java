package dev.tidings.connectors.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.connectors.FakeSinkContext;
import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.UserProfile;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The task against a real redis-server. */
@Timeout(180)
class RedisSinkTaskTest {

    @TempDir
    Path directory;

    private final FakeSinkContext context = new FakeSinkContext(true);
    /** Time passes as the test says. */
    private final AtomicLong nanos = new AtomicLong();

    private final RedisSinkTask task = new RedisSinkTask(nanos::get);
    private RedisProcess server;
    private RedisClient client;
    private RedisCommands<String, byte[]> redis;

    @BeforeEach
    void start() throws Exception {
        server = RedisProcess.start(directory, RedisProcess.freePort());
        client = RedisClient.create(server.url());
        StatefulRedisConnection<String, byte[]> connection =
                client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
        redis = connection.sync();
        task.initialize(context);
        task.start(Map.of("redis.url", server.url(), "redis.recent.events", "5", "redis.timeout.ms", "2000"));
    }

    @AfterEach
    void stop() throws Exception {
        task.stop();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        server.close();
    }

    @Test
    void theNewestEventsAreKept() {
        task.put(events("g:x", 1, 4));
        assertEquals(List.of(1L, 2L, 3L, 4L), seqs("g:x"));
        task.put(events("g:x", 5, 7));
        assertEquals(List.of(3L, 4L, 5L, 6L, 7L), seqs("g:x"));
    }

    @Test
    void aReplayChangesNothing() {
        task.put(events("g:x", 1, 7));
        task.put(events("g:x", 1, 7));
        task.put(events("g:x", 1, 2));
        assertEquals(List.of(3L, 4L, 5L, 6L, 7L), seqs("g:x"));
    }

    @Test
    void changesAreKeptAsLongAsTheirEvents() {
        task.put(events("g:x", 1, 3));
        task.put(List.of(Samples.edit("g:x", 4, 1), Samples.recall("g:x", 5, 2), Samples.edit("g:x", 6, 1)));
        assertEquals(List.of("1<4", "1<6", "2<5"), changes("g:x"));
        task.put(events("g:x", 7, 9));
        assertEquals(List.of("1<6", "2<5"), changes("g:x"));
        task.put(events("g:x", 10, 20));
        assertEquals(List.of(), changes("g:x"));
    }

    @Test
    void changesAreTheSameInWhateverBatchesTheyCome() {
        List<SinkRecord> log = new ArrayList<>(events("g:x", 1, 3));
        log.add(Samples.edit("g:x", 4, 3));
        log.add(Samples.recall("g:x", 5, 3));
        log.add(Samples.edit("g:x", 6, 1));
        task.put(log);
        List<String> once = changes("g:x");
        for (int split = 1; split < log.size(); split++) {
            task.put(log.subList(0, split));
            task.put(log.subList(0, split));
            task.put(log.subList(split, log.size()));
            assertEquals(once, changes("g:x"));
            assertEquals(List.of(2L, 3L, 4L, 5L, 6L), seqs("g:x"));
        }
        assertEquals(List.of("1<6", "3<4", "3<5"), once);
    }

    @Test
    void ofTwoKeysThatBelongTogetherNoneOutlivesTheOther() {
        task.put(List.of(Samples.event("g:x", 1), Samples.recall("g:x", 2, 1)));
        redis.del(RedisKeys.changes("g:x"));
        task.put(events("g:x", 3, 3));
        assertEquals(List.of(3L), seqs("g:x"));

        task.put(List.of(Samples.event("g:y", 1), Samples.recall("g:y", 2, 1)));
        redis.del(RedisKeys.recentEvents("g:y"));
        task.put(events("g:y", 3, 3));
        assertEquals(List.of(3L), seqs("g:y"));
        assertEquals(List.of(), changes("g:y"));
    }

    @Test
    void aViewIsNeverPutOverANewerOne() {
        task.put(List.of(Samples.view("alice", "g:x", 300), Samples.view("alice", "g:y", 1)));
        task.put(List.of(Samples.view("alice", "g:x", 299), Samples.view("alice", "g:y", 128)));
        assertEquals(Map.of("g:x", 300L, "g:y", 128L), versions("alice"));
        task.put(List.of(Samples.view("alice", "g:x", 300), Samples.view("alice", "g:y", 1L << 40)));
        assertEquals(Map.of("g:x", 300L, "g:y", 1L << 40), versions("alice"));
    }

    @Test
    void aStoredViewThatCannotBeReadIsReplaced() {
        redis.hset(RedisKeys.views("alice"), "g:x", new byte[] {(byte) 0xff, (byte) 0xff});
        task.put(List.of(Samples.view("alice", "g:x", 1)));
        assertEquals(Map.of("g:x", 1L), versions("alice"));
    }

    @Test
    void aKeyOfAnotherKindCostsItsOwnRecordsOnly() {
        redis.set(RedisKeys.recentEvents("g:taken"), "not ours".getBytes(StandardCharsets.UTF_8));
        redis.set(RedisKeys.changes("g:half"), "not ours".getBytes(StandardCharsets.UTF_8));
        redis.set(RedisKeys.views("taken"), "not ours".getBytes(StandardCharsets.UTF_8));
        SinkRecord event = Samples.event("g:taken", 1);
        SinkRecord other = Samples.event("g:half", 1);
        SinkRecord view = Samples.view("taken", "g:x", 1);
        task.put(List.of(event, Samples.event("g:x", 1), other, view, Samples.view("alice", "g:x", 1)));
        assertEquals(List.of(1L), seqs("g:x"));
        assertEquals(Map.of("g:x", 1L), versions("alice"));
        assertEquals(List.of(), seqs("g:half"));
        assertEquals(List.of(event, other, view), context.reported);
    }

    @Test
    void aServerThatIsAwayIsTriedAgainWithGrowingPauses() throws Exception {
        task.put(events("g:x", 1, 1));
        int port = server.port();
        server.close();
        List<SinkRecord> batch = List.of(Samples.event("g:x", 2), Samples.view("alice", "g:x", 1));
        assertThrows(RetriableException.class, () -> task.put(batch));
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(200));
        assertThrows(RetriableException.class, () -> task.put(batch));
        assertEquals(List.of(200L, 400L), context.timeoutsMillis);

        server = RedisProcess.start(directory, port);
        // it has lost its data and the script with them
        await().atMost(Duration.ofMinutes(1)).until(() -> accepted(batch));
        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> seqs("g:x").equals(List.of(2L)));
        assertEquals(Map.of("g:x", 1L), versions("alice"));
        assertEquals(List.of(), context.reported);
    }

    @Test
    void aBatchThatIsBroughtAgainTooEarlyWaitsAsLongAsTheLogSays() throws Exception {
        int port = server.port();
        server.close();
        List<SinkRecord> batch = List.of(Samples.event("g:x", 1));
        assertThrows(RetriableException.class, () -> task.put(batch));

        server = RedisProcess.start(directory, port);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(150));
        assertThrows(RetriableException.class, () -> task.put(batch));
        assertEquals(List.of(200L, 50L), context.timeoutsMillis);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(50));
        await().atMost(Duration.ofMinutes(1)).until(() -> accepted(batch));
    }

    @Test
    void everyKeyExpires() {
        task.put(List.of(
                Samples.event("g:x", 1),
                Samples.recall("g:x", 2, 1),
                Samples.view("alice", "g:x", 1),
                Samples.badge("alice", 1, 1)));
        List<String> keys = redis.keys("*");
        assertEquals(
                Set.of(
                        RedisKeys.recentEvents("g:x"),
                        RedisKeys.changes("g:x"),
                        RedisKeys.views("alice"),
                        RedisKeys.badge("alice")),
                Set.copyOf(keys));
        long days = Duration.ofDays(30).toMillis();
        for (String key : keys) {
            long ttl = redis.pttl(key);
            assertTrue(ttl > 0 && ttl <= days, () -> key + " expires in " + ttl);
        }
    }

    @Test
    void aRedisThatIsFullIsTriedAgainAndThenTakesEverything() {
        redis.configSet("maxmemory", "1");
        redis.configSet("maxmemory-policy", "noeviction");
        List<SinkRecord> batch = List.of(Samples.event("g:x", 1), Samples.view("alice", "g:x", 1));
        assertThrows(RetriableException.class, () -> task.put(batch));
        assertEquals(List.of(), redis.keys("*"));

        redis.configSet("maxmemory", "0");
        assertTrue(accepted(batch));
        assertEquals(List.of(1L), seqs("g:x"));
        assertEquals(Map.of("g:x", 1L), versions("alice"));
        assertEquals(List.of(), context.reported);
    }

    @Test
    void the_deleted_events_of_the_newest_view_are_kept_without_expiry() throws Exception {
        task.put(List.of(Samples.viewWithDeletion("alice", "p:alice:bob", 2, 5), Samples.view("alice", "g:x", 3)));
        task.put(List.of(Samples.viewWithDeletion("alice", "p:alice:bob", 1, 4)));

        Map<String, byte[]> deleted = redis.hgetall(RedisKeys.deletedEvents("alice"));
        assertEquals(Set.of("p:alice:bob"), deleted.keySet());
        ConversationView kept = ConversationView.parseFrom(deleted.get("p:alice:bob"));
        assertEquals(5, kept.getDeleted(0).getToSeq());
        assertEquals(0, kept.getVersion());
        assertEquals(-1, redis.pttl(RedisKeys.deletedEvents("alice")));
        task.put(List.of(Samples.view("alice", "p:alice:bob", 3)));
        assertEquals(Map.of(), redis.hgetall(RedisKeys.deletedEvents("alice")));
    }

    @Test
    void theBadgeIsTheNewestOfNotificationsAndChanges() {
        task.put(List.of(Samples.notified("alice", 3, 20), Samples.badge("alice", 2, 10)));
        assertEquals(Map.of("unread", "3", "version", "20"), badge("alice"));
        task.put(List.of(Samples.badge("alice", 0, 21)));
        task.put(List.of(Samples.notified("alice", 3, 20)));
        assertEquals(Map.of("unread", "0", "version", "21"), badge("alice"));
        task.put(List.of(Samples.notified("alice", 4, 1L << 51)));
        assertEquals(Map.of("unread", "4", "version", Long.toString(1L << 51)), badge("alice"));
    }

    @Test
    void a_profile_is_replaced_only_by_a_newer_one_and_does_not_expire() throws Exception {
        task.put(List.of(
                Samples.profile("alice", "Alice", 2),
                Samples.profile("yu", "小雨", 5),
                Samples.profile("alice", "A", 1)));
        assertEquals("Alice", displayName("alice"));
        assertEquals("小雨", displayName("yu"));
        task.put(List.of(Samples.profile("alice", "old", 1), Samples.profile("yu", "雨", 1_790_000_000_001L)));
        assertEquals("Alice", displayName("alice"));
        task.put(List.of(Samples.profile("yu", "older", 1_790_000_000_000L)));
        assertEquals("雨", displayName("yu"));
        assertEquals(-1, redis.pttl(RedisKeys.profile("alice")));
    }

    @Test
    void a_profile_under_a_foreign_key_is_reported_and_the_others_are_stored() throws Exception {
        redis.lpush(RedisKeys.profile("alice"), new byte[] {1});
        task.put(List.of(Samples.profile("alice", "Alice", 1), Samples.profile("yu", "小雨", 1)));
        assertEquals(1, context.reported.size());
        assertEquals("小雨", displayName("yu"));
    }

    @Test
    void aServerThatIsNotThereYetIsTriedAgain() throws Exception {
        RedisSinkTask early = new RedisSinkTask();
        early.initialize(context);
        early.start(Map.of("redis.url", "redis://127.0.0.1:" + RedisProcess.freePort()));
        assertThrows(RetriableException.class, () -> early.put(events("g:x", 1, 1)));
        early.stop();
    }

    @Test
    void aForeignTopicIsRefusedWhenItIsAssigned() {
        assertThrows(ConnectException.class, () -> task.open(List.of(new TopicPartition("other", 0))));
    }

    @Test
    void aWrongPasswordStopsTheTask() {
        redis.configSet("requirepass", "secret");
        RedisSinkTask unauthorized = new RedisSinkTask();
        unauthorized.initialize(context);
        unauthorized.start(Map.of("redis.url", server.url()));
        ConnectException failure = assertThrows(ConnectException.class, () -> unauthorized.put(events("g:x", 1, 1)));
        assertFalse(failure instanceof RetriableException, failure::toString);
        unauthorized.stop();
    }

    private Map<String, String> badge(String userId) {
        Map<String, String> badge = new TreeMap<>();
        redis.hgetall(RedisKeys.badge(userId))
                .forEach((field, value) -> badge.put(field, new String(value, StandardCharsets.UTF_8)));
        return badge;
    }

    private String displayName(String userId) throws InvalidProtocolBufferException {
        return UserProfile.parseFrom(redis.hget(RedisKeys.profile(userId), RedisKeys.PROFILE))
                .getDisplayName();
    }

    private boolean accepted(List<SinkRecord> batch) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        try {
            task.put(batch);
            return true;
        } catch (RetriableException e) {
            return false;
        }
    }

    private static List<SinkRecord> events(String conversationId, long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(seq -> Samples.event(conversationId, seq))
                .toList();
    }

    private List<Long> seqs(String conversationId) {
        List<Long> seqs = new ArrayList<>();
        for (byte[] member : redis.zrange(RedisKeys.recentEvents(conversationId), 0, -1)) {
            try {
                seqs.add(ConversationEvent.parseFrom(member).getSeq());
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }
        return seqs;
    }

    /** Message and event that changes it, such as 1<4; in the order of messages, then of events. */
    private List<String> changes(String conversationId) {
        List<String> changes = new ArrayList<>();
        for (ScoredValue<byte[]> member : redis.zrangeWithScores(RedisKeys.changes(conversationId), 0, -1)) {
            if (member.getScore() > 0) {
                try {
                    changes.add((long) member.getScore() + "<"
                            + ConversationEvent.parseFrom(member.getValue()).getSeq());
                } catch (InvalidProtocolBufferException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        changes.sort(null);
        return changes;
    }

    private Map<String, Long> versions(String userId) {
        Map<String, Long> versions = new TreeMap<>();
        redis.hgetall(RedisKeys.views(userId)).forEach((conversationId, view) -> {
            try {
                versions.put(conversationId, ConversationView.parseFrom(view).getVersion());
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        });
        return versions;
    }
}
