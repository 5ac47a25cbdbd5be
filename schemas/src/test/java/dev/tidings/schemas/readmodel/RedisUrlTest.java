package dev.tidings.schemas.readmodel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;

class RedisUrlTest {

    @Test
    void a_cluster_is_named_by_its_scheme() {
        assertEquals(
                new RedisUrl("redis://user:secret@a:7000,b:7001", true),
                RedisUrl.of("redis-cluster://user:secret@a:7000,b:7001"));
        assertEquals(new RedisUrl("rediss://a", true), RedisUrl.of("rediss-cluster://a"));
        assertEquals(
                new RedisUrl("redis-sentinel://a,b?sentinelMasterId=m", false),
                RedisUrl.of("redis-sentinel://a,b?sentinelMasterId=m"));
        assertTrue(RedisUrl.schemes().containsAll(Set.of("redis", "redis-cluster", "rediss-cluster")));
    }

    @Test
    void the_text_has_no_password() {
        assertFalse(RedisUrl.of("redis://:secret@a").toString().contains("secret"));
    }
}
