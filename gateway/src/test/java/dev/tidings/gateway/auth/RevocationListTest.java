package dev.tidings.gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.v1.Error;
import dev.tidings.v1.TokenRevocation;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RevocationListTest {

    private static final long NOW = 1_700_000_000_500L;
    private static final long SECOND = 1_700_000_000_000L;
    private static final Duration LIFETIME = Duration.ofDays(31);

    private final AtomicLong logMillis = new AtomicLong(NOW);
    private final RevocationList list = new RevocationList(LIFETIME, logMillis::get);

    @Test
    void a_revoked_token_is_known_by_its_id() {
        list.accept(TokenRevocation.newBuilder().setTokenId("t-1").build(), NOW);

        assertTrue(list.isRevoked(token("alice", "t-1", SECOND + 9_000), "phone"));
        assertFalse(list.isRevoked(token("alice", "t-2", SECOND), "phone"));
        assertFalse(list.isRevoked(token("alice", "", SECOND), "phone"));
    }

    @Test
    void a_revoked_user_needs_a_token_of_a_later_second() {
        list.accept(TokenRevocation.newBuilder().setUserId("alice").build(), NOW);

        assertTrue(list.isRevoked(token("alice", "", SECOND - 60_000), "phone"));
        assertTrue(list.isRevoked(token("alice", "", SECOND), "phone"));
        assertTrue(list.isRevoked(token("alice", "", 0), "phone"));
        assertFalse(list.isRevoked(token("alice", "", SECOND + 1_000), "phone"));
        assertFalse(list.isRevoked(token("bob", "", SECOND), "phone"));
    }

    @Test
    void a_device_is_revoked_for_its_user_only() {
        list.accept(
                TokenRevocation.newBuilder()
                        .setUserId("alice")
                        .setDeviceId("phone")
                        .build(),
                NOW);

        assertTrue(list.isRevoked(token("alice", "", SECOND), "phone"));
        assertFalse(list.isRevoked(token("alice", "", SECOND), "tablet"));
        assertFalse(list.isRevoked(token("bob", "", SECOND), "phone"));
    }

    @Test
    void a_revocation_lapses_when_no_token_that_it_revokes_is_valid() {
        TokenRevocation revocation =
                TokenRevocation.newBuilder().setUserId("alice").build();
        list.accept(revocation, NOW);
        assertEquals(1, list.size());

        logMillis.set(NOW + LIFETIME.toMillis());
        assertTrue(list.isRevoked(token("alice", "", SECOND), "phone"));
        logMillis.set(NOW + LIFETIME.toMillis() + 1);
        assertFalse(list.isRevoked(token("alice", "", SECOND), "phone"));
        list.accept(revocation, NOW);
        assertEquals(0, list.size());
    }

    @Test
    void a_guarded_authenticator_rejects_revoked_tokens() throws Exception {
        Authenticator guarded = list.guard(id -> token("alice", id, SECOND));
        assertEquals("t-1", guarded.authenticate("t-1").tokenId());

        list.accept(TokenRevocation.newBuilder().setTokenId("t-1").build(), NOW);

        assertEquals(
                Error.Code.INVALID_TOKEN,
                assertThrows(RejectedTokenException.class, () -> guarded.authenticate("t-1"))
                        .code());
        assertEquals("t-2", guarded.authenticate("t-2").tokenId());
    }

    @Test
    void lapsed_revocations_are_removed_while_others_come() {
        list.accept(TokenRevocation.newBuilder().setTokenId("old").build(), NOW);
        logMillis.set(NOW + LIFETIME.toMillis() + 1);
        int added = RevocationList.MAX_REVOCATIONS / 10;
        for (int i = 0; i < added; i++) {
            list.accept(TokenRevocation.newBuilder().setTokenId("t-" + i).build(), logMillis.get());
        }

        assertEquals(added, list.size());
    }

    @Test
    void the_maximum_of_revocations_applies_and_is_counted() {
        for (int i = 0; i < RevocationList.MAX_REVOCATIONS; i++) {
            list.accept(TokenRevocation.newBuilder().setTokenId("t-" + i).build(), NOW);
        }

        assertEquals(RevocationList.MAX_REVOCATIONS, list.size());
        assertTrue(list.isRevoked(token("alice", "t-0", SECOND), "phone"));
        assertTrue(list.isRevoked(token("alice", "t-99999", SECOND), "phone"));
        assertFalse(list.isRevoked(token("alice", "t-100000", SECOND), "phone"));
    }

    @Test
    void a_revocation_names_one_subject() {
        for (TokenRevocation flawed : new TokenRevocation[] {
            TokenRevocation.getDefaultInstance(),
            TokenRevocation.newBuilder().setDeviceId("phone").build(),
            TokenRevocation.newBuilder().setTokenId("t").setUserId("alice").build(),
            TokenRevocation.newBuilder().setTokenId("t").setDeviceId("phone").build(),
            TokenRevocation.newBuilder().setUserId("not a user").build(),
            TokenRevocation.newBuilder().setTokenId("x".repeat(129)).build()
        }) {
            assertThrows(IllegalArgumentException.class, () -> list.accept(flawed, NOW), flawed::toString);
        }
    }

    private static Principal token(String userId, String tokenId, long issuedAtMillis) {
        return new Principal(userId, Set.of(Scope.USER), tokenId, "", issuedAtMillis, Principal.NEVER);
    }
}
