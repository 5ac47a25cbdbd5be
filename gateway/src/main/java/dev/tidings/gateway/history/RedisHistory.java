package dev.tidings.gateway.history;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.readmodel.RedisReader;
import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.v1.ConversationEvent;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.Range.Boundary;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
    public List<ConversationEvent> events(String conversationId, SeqSpan range, ReadOrder order, long maxBytes) {
        boolean newestFirst = order == ReadOrder.NEWEST_FIRST;
        byte[][] keys = {key(conversationId)};
        byte[][] arguments = {
            number(range.from()), number(range.to()), number(maxBytes), utf8(newestFirst ? "newest" : "oldest")
        };
        List<byte[]> read =
                redis.call(commands -> commands.eval(EVENTS_SCRIPT, ScriptOutputType.MULTI, keys, arguments));
        return parse(conversationId, newestFirst ? read.reversed() : read);
    }

    /** Searches by halves: events are sorted by seq, and time does not go back. Asks about ten times for 1,000 events. */
    @Override
    public TimePosition position(String conversationId, long millis) {
        long head = headSeq(conversationId);
        TimePosition position = TimePosition.UNKNOWN;
        long low = 1;
        long high = head;
        while (low <= high) {
            long middle = low + (high - low) / 2;
            ConversationEvent event = firstFrom(conversationId, middle);
            if (event == null || event.getSeq() > high || Timestamps.toMillis(event.getSentAt()) >= millis) {
                high = middle - 1;
                position = event == null ? position : position.and(before(event, millis));
            } else {
                low = event.getSeq() + 1;
                position = position.and(before(event, millis));
            }
        }
        return position;
    }

    private static TimePosition before(ConversationEvent event, long millis) {
        return Timestamps.toMillis(event.getSentAt()) < millis
                ? new TimePosition(event.getSeq(), Long.MAX_VALUE)
                : new TimePosition(0, event.getSeq());
    }

    private @Nullable ConversationEvent firstFrom(String conversationId, long seq) {
        List<byte[]> first = redis.call(commands -> commands.zrangebyscore(
                key(conversationId),
                Range.from(Boundary.including((double) seq), Boundary.unbounded()),
                Limit.create(0, 1)));
        return first.isEmpty() ? null : parse(conversationId, first).getFirst();
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
