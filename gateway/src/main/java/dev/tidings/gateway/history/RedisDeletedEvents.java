package dev.tidings.gateway.history;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.gateway.readmodel.CircuitBreaker;
import dev.tidings.gateway.readmodel.ReadModelUnavailableException;
import dev.tidings.gateway.readmodel.RedisReader;
import dev.tidings.schemas.readmodel.RedisKeys;
import dev.tidings.v1.ConversationView;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads deleted events from the keys of the Redis sink. They are not known while Redis does not answer. */
final class RedisDeletedEvents implements DeletedEvents {

    private static final Logger LOG = LoggerFactory.getLogger(RedisDeletedEvents.class);

    private final RedisReader redis;
    private final CircuitBreaker breaker = new CircuitBreaker("redis deleted events", System::nanoTime);

    RedisDeletedEvents(RedisReader redis) {
        this.redis = redis;
    }

    @Override
    public @Nullable List<SeqSpan> find(String userId, String conversationId) {
        try {
            byte[] view = breaker.call(() ->
                    redis.call(commands -> commands.hget(utf8(RedisKeys.deletedEvents(userId)), utf8(conversationId))));
            return view == null ? List.of() : deleted(view);
        } catch (ReadModelUnavailableException e) {
            LOG.debug("deleted events cannot be read", e);
            return null;
        } catch (RuntimeException | InvalidProtocolBufferException e) {
            LOG.warn("deleted events cannot be read", e);
            return null;
        }
    }

    private static List<SeqSpan> deleted(byte[] view) throws InvalidProtocolBufferException {
        return ConversationView.parseFrom(view).getDeletedList().stream()
                .map(range -> new SeqSpan(range.getFromSeq(), range.getToSeq()))
                .toList();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
