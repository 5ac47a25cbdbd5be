package dev.tidings.gateway.history;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.gateway.readmodel.RedisReader;
import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.v1.ConversationEvent;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the newest events and changes of each conversation from the keys of the Redis sink. */
final class RedisHistory implements HistoryLayer {

    private static final String EVENTS_SCRIPT = resource("recent-events.lua");
    private static final String CHANGES_SCRIPT = resource("recent-changes.lua");

    private final RedisReader redis;

    RedisHistory(RedisReader redis) {
        this.redis = redis;
    }

    @Override
    public long headSeq(String conversationId) {
        List<ScoredValue<byte[]>> newest =
                redis.call(commands -> commands.zrevrangeWithScores(key(conversationId), 0, 0));
        return newest.isEmpty() ? 0 : (long) newest.getFirst().getScore();
    }

    @Override
    public List<ConversationEvent> events(String conversationId, long fromSeq, long toSeq, long maxBytes) {
        byte[][] keys = {key(conversationId)};
        byte[][] arguments = {number(fromSeq), number(toSeq), number(maxBytes)};
        List<byte[]> newestFirst =
                redis.call(commands -> commands.eval(EVENTS_SCRIPT, ScriptOutputType.MULTI, keys, arguments));
        return parse(conversationId, newestFirst.reversed());
    }

    @Override
    public KnownChanges changes(String conversationId, Set<Long> messageSeqs) {
        byte[][] keys = {key(conversationId), utf8(RedisKeys.changes(conversationId))};
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(utf8(RedisKeys.CHANGES_MARK));
        messageSeqs.forEach(seq -> arguments.add(number(seq)));
        List<Object> answer = redis.call(commands ->
                commands.eval(CHANGES_SCRIPT, ScriptOutputType.MULTI, keys, arguments.toArray(byte[][]::new)));
        long fromSeq = (long) answer.getFirst();
        List<byte[]> changes =
                answer.stream().skip(2).map(change -> (byte[]) change).toList();
        return new KnownChanges(
                parse(conversationId, changes), fromSeq == 0 ? Long.MAX_VALUE : fromSeq, (long) answer.get(1));
    }

    private static List<ConversationEvent> parse(String conversationId, List<byte[]> stored) {
        List<ConversationEvent> events = new ArrayList<>();
        for (byte[] bytes : stored) {
            try {
                events.add(ConversationEvent.parseFrom(bytes));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(
                        "Redis returned an event of " + conversationId + " that cannot be parsed", e);
            }
        }
        return events;
    }

    private static byte[] key(String conversationId) {
        return utf8(RedisKeys.recentEvents(conversationId));
    }

    private static byte[] number(long number) {
        return utf8(Long.toString(number));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String resource(String name) {
        try (InputStream in = RedisHistory.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing from the gateway's jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
