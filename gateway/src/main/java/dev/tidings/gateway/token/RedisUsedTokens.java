package dev.tidings.gateway.token;

import dev.tidings.gateway.readmodel.RedisReader;
import dev.tidings.schemas.readmodel.RedisKeys;
import io.lettuce.core.SetArgs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Keeps the used tokens in Redis. A Redis that loses its newest writes lets a token be used twice. */
public final class RedisUsedTokens implements UsedTokens {

    private static final byte[] VALUE = {'1'};

    private final RedisReader redis;

    public RedisUsedTokens(RedisReader redis) {
        this.redis = redis;
    }

    @Override
    public boolean use(String tokenId, Duration lifetime) {
        byte[] key = RedisKeys.usedToken(tokenId).getBytes(StandardCharsets.UTF_8);
        SetArgs onlyIfAbsent = SetArgs.Builder.nx().ex(lifetime.toSeconds() + 1);
        return redis.call(commands -> commands.set(key, VALUE, onlyIfAbsent)) != null;
    }
}
