package dev.tidings.connectors.redis;

import static java.util.Objects.requireNonNull;

import dev.tidings.connectors.PoisonRecord;
import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.v1.UserBadge;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Stores many changes in one round trip: writes all commands, sends them together, and awaits them together. Connects with the first
 * change, and again after the connection was lost. Not thread-safe.
 */
final class Redis implements AutoCloseable {

    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    /** A change that is on its way. */
    private record Pending(Change change, Future<?> answer) {}

    private final RedisServers servers;
    private final Duration timeout;
    private final int recentEvents;
    private final byte[] ttlMillis;
    /** Digests of the scripts that Redis has. */
    private final Map<Script, String> digests = new EnumMap<>(Script.class);

    private @Nullable RedisConnection<String, byte[]> connection;

    /** @param ttl of every key except profiles, from the last time it was written */
    Redis(String url, Duration timeout, int recentEvents, Duration ttl) {
        this.servers = RedisServers.of(url, timeout);
        this.timeout = timeout;
        this.recentEvents = recentEvents;
        this.ttlMillis = number(ttl.toMillis());
    }

    /**
     * Stores all changes, and returns those that Redis refuses for good. Where any other fails, throws its failure; some
     * of the others may be stored by then.
     */
    List<PoisonRecord> store(List<Change> changes) {
        if (changes.isEmpty()) {
            return List.of();
        }
        RedisConnection<String, byte[]> open = connect();
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        loadScripts(open, deadlineNanos);
        RedisClusterAsyncCommands<String, byte[]> commands = open.async();
        List<Pending> pending = new ArrayList<>(changes.size());
        for (Change change : changes) {
            pending.add(new Pending(change, send(commands, change)));
        }
        open.flush();
        return await(pending, deadlineNanos);
    }

    @Override
    public void close() {
        servers.close();
    }

    private RedisConnection<String, byte[]> connect() {
        RedisConnection<String, byte[]> open = connection;
        if (open == null) {
            open = servers.connect(CODEC);
            open.holdBackCommands();
            connection = open;
        }
        return open;
    }

    private void loadScripts(RedisConnection<String, byte[]> open, long deadlineNanos) {
        for (Script script : Script.values()) {
            if (!digests.containsKey(script)) {
                Future<String> answer = open.async().scriptLoad(script.text());
                open.flush();
                digests.put(script, await(answer, deadlineNanos));
            }
        }
    }

    private Future<?> send(RedisClusterAsyncCommands<String, byte[]> commands, Change change) {
        return switch (change) {
            case Change.MoreEvents more -> {
                String[] keys = {RedisKeys.recentEvents(more.conversationId()), RedisKeys.changes(more.conversationId())
                };
                yield run(commands, Script.STORE_RECENT_EVENTS, keys, arguments(more));
            }
            case Change.NewerViews newer -> {
                String[] keys = {RedisKeys.views(newer.userId()), RedisKeys.deletedEvents(newer.userId())};
                yield run(commands, Script.STORE_NEWER_VIEWS, keys, arguments(newer));
            }
            case Change.NewerProfile newer -> {
                String[] keys = {RedisKeys.profile(newer.userId())};
                byte[][] arguments = {number(newer.version()), newer.profile()};
                yield run(commands, Script.STORE_NEWER_PROFILE, keys, arguments);
            }
            case Change.NewerBadge(String userId, UserBadge badge, var _) -> {
                String[] keys = {RedisKeys.badge(userId)};
                byte[][] arguments = {ttlMillis, number(badge.getVersion()), number(badge.getUnread())};
                yield run(commands, Script.STORE_NEWER_BADGE, keys, arguments);
            }
        };
    }

    private Future<Long> run(
            RedisClusterAsyncCommands<String, byte[]> commands, Script script, String[] keys, byte[][] arguments) {
        return commands.evalsha(requireNonNull(digests.get(script)), ScriptOutputType.INTEGER, keys, arguments);
    }

    private byte[][] arguments(Change.MoreEvents more) {
        List<byte[]> arguments = new ArrayList<>(3 + more.entries().size() * 3);
        arguments.add(ttlMillis);
        arguments.add(number(recentEvents));
        arguments.add(RedisKeys.CHANGES_MARK.getBytes(StandardCharsets.US_ASCII));
        for (Change.Entry entry : more.entries()) {
            arguments.add(number(entry.seq()));
            arguments.add(number(entry.changedSeq()));
            arguments.add(entry.event());
        }
        return arguments.toArray(byte[][]::new);
    }

    private byte[][] arguments(Change.NewerViews newer) {
        List<byte[]> arguments = new ArrayList<>(1 + newer.views().size() * 4);
        arguments.add(ttlMillis);
        for (Change.View view : newer.views()) {
            arguments.add(view.conversationId().getBytes(StandardCharsets.UTF_8));
            arguments.add(number(view.version()));
            arguments.add(view.view());
            arguments.add(view.deleted());
        }
        return arguments.toArray(byte[][]::new);
    }

    private static byte[] number(long value) {
        return Long.toString(value).getBytes(StandardCharsets.US_ASCII);
    }

    private List<PoisonRecord> await(List<Pending> pending, long deadlineNanos) {
        List<PoisonRecord> poison = new ArrayList<>();
        for (Pending one : pending) {
            try {
                await(one.answer(), deadlineNanos);
            } catch (RedisNoScriptException e) {
                // a server was restarted or replaced; the repeated batch loads the scripts again
                digests.clear();
                throw e;
            } catch (RuntimeException e) {
                if (RedisFailure.of(e) != RedisFailure.BAD_KEY) {
                    throw e;
                }
                one.change().origins().forEach(record -> poison.add(new PoisonRecord(record, e)));
            }
        }
        return poison;
    }

    private static <T> T await(Future<T> answer, long deadlineNanos) {
        try {
            return answer.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new RedisCommandTimeoutException("Redis did not answer in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for Redis", e);
        }
    }
}
