package dev.tidings.gateway.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.auth.Authenticator;
import dev.tidings.gateway.auth.Principal;
import dev.tidings.gateway.auth.RejectedTokenException;
import dev.tidings.gateway.auth.Scope;
import dev.tidings.gateway.readmodel.ReadModelUnavailableException;
import dev.tidings.v1.Error;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A token is its id; it is issued at {@link #issuedAtMillis}. */
class SingleUseAuthenticatorTest {

    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final Duration SKEW = Duration.ofSeconds(5);
    private static final long ISSUED_AT_MILLIS = 1_000_000;

    private final Map<String, Duration> used = new HashMap<>();
    private boolean redisFails;
    private long nowMillis = ISSUED_AT_MILLIS;
    private long issuedAtMillis = ISSUED_AT_MILLIS;
    private final Authenticator authenticator =
            new SingleUseAuthenticator(this::principal, this::use, WINDOW, SKEW, () -> nowMillis);

    @Test
    void a_token_is_accepted_once() throws Exception {
        assertEquals("alice", authenticator.authenticate("t1").userId());

        RejectedTokenException again = rejected("t1");
        assertEquals(Error.Code.INVALID_TOKEN, again.code());
        assertTrue(String.valueOf(again.getMessage()).contains("has been used for a connect"), again::getMessage);
        assertEquals("alice", authenticator.authenticate("t2").userId());
    }

    @ParameterizedTest
    @CsvSource({"0, true", "64, true", "65, true", "66, false", "-5, true", "-6, false"})
    void a_token_is_accepted_for_a_short_time_after_its_issue(long ageSeconds, boolean isAccepted) throws Exception {
        nowMillis = ISSUED_AT_MILLIS + ageSeconds * 1_000;

        if (isAccepted) {
            authenticator.authenticate("t1");
        } else {
            RejectedTokenException late = rejected("t1");
            assertEquals(
                    "the token was issued " + ageSeconds + " s ago; at most 60 s are allowed at a connect",
                    late.getMessage());
            assertEquals(Map.of(), used);
        }
    }

    @Test
    void an_id_is_remembered_for_longer_than_its_token_can_be_used() throws Exception {
        authenticator.authenticate("t1");

        assertEquals(Map.of("connect:t1", Duration.ofSeconds(70)), used);
    }

    @Test
    void a_token_without_an_id_or_a_time_of_issue_is_rejected() {
        assertEquals(Error.Code.INVALID_TOKEN, rejected("").code());
        issuedAtMillis = 0;
        assertEquals(Error.Code.INVALID_TOKEN, rejected("t1").code());
    }

    @Test
    void without_redis_no_token_is_accepted_and_the_client_tries_again() {
        redisFails = true;

        assertEquals(Error.Code.UNAVAILABLE, rejected("t1").code());
    }

    private RejectedTokenException rejected(String token) {
        return assertThrows(RejectedTokenException.class, () -> authenticator.authenticate(token));
    }

    private Principal principal(String token) {
        return new Principal("alice", Set.of(Scope.USER), token, "", issuedAtMillis, Principal.NEVER);
    }

    private boolean use(String tokenId, Duration lifetime) {
        if (redisFails) {
            throw new ReadModelUnavailableException("Redis does not answer");
        }
        return used.put(tokenId, lifetime) == null;
    }
}
