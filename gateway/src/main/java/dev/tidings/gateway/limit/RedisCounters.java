package dev.tidings.gateway.limit;

import dev.tidings.gateway.readmodel.CircuitBreaker;
import dev.tidings.gateway.readmodel.RedisReader;
import dev.tidings.schemas.readmodel.RedisKeys;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Counts the messages of users in Redis: one script for many users; in a cluster, whose servers share the users, one for each. */
final class RedisCounters implements SharedCounters {

    /** Adds each argument to its key, and returns each total and the milliseconds until it expires. The first argument is the time to live. */
    private static final String SCRIPT = """
            local answer = {}
            for i, key in ipairs(KEYS) do
              local total = redis.call('INCRBY', key, ARGV[i + 1])
              local remaining = redis.call('PTTL', key)
              if remaining < 0 then
                redis.call('PEXPIRE', key, ARGV[1])
                remaining = tonumber(ARGV[1])
              end
              answer[2 * i - 1] = total
              answer[2 * i] = remaining
            end
            return answer
            """;

    private final RedisReader redis;
    private final CircuitBreaker breaker;
    private final Duration timeToLive;

    RedisCounters(RedisReader redis, CircuitBreaker breaker, Duration timeToLive) {
        this.redis = redis;
        this.breaker = breaker;
        this.timeToLive = timeToLive;
    }

    @Override
    public List<Total> add(Map<String, Long> counts) {
        List<String> userIds = List.copyOf(counts.keySet());
        List<List<String>> groups =
                redis.isCluster() ? userIds.stream().map(List::of).toList() : List.of(userIds);
        List<Object> answer = breaker
                .call(() -> redis.callAll(commands -> groups.stream()
                        .map(group -> add(commands, group, counts))
                        .toList()))
                .stream()
                .flatMap(List::stream)
                .toList();
        List<Total> totals = new ArrayList<>();
        for (int i = 0; i < userIds.size(); i++) {
            totals.add(new Total(userIds.get(i), (long) answer.get(2 * i), (long) answer.get(2 * i + 1)));
        }
        return totals;
    }

    private RedisFuture<List<Object>> add(
            RedisClusterAsyncCommands<byte[], byte[]> commands, List<String> userIds, Map<String, Long> counts) {
        byte[][] keys = userIds.stream()
                .map(userId -> utf8(RedisKeys.messagesInMinute(userId)))
                .toArray(byte[][]::new);
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(utf8(Long.toString(timeToLive.toMillis())));
        userIds.forEach(userId -> arguments.add(utf8(Long.toString(counts.getOrDefault(userId, 0L)))));
        return commands.eval(SCRIPT, ScriptOutputType.MULTI, keys, arguments.toArray(byte[][]::new));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
