package dev.tidings.gateway.auth;

import java.time.Duration;
import java.util.Set;

/** Issues tokens for any user, for development. Only the all-in-one has it. */
public final class DevTokens {

    private static final Duration VALIDITY = Duration.ofDays(7);

    private final TokenIssuer issuer;

    /** @param policy the claims that the gateway requires of the tokens */
    public DevTokens(TokenSigner signer, TokenPolicy policy) {
        this.issuer = new TokenIssuer(signer, policy, System::currentTimeMillis);
    }

    public String issue(String userId) {
        return issuer.issue(userId, Set.of(Scope.USER), "", VALIDITY);
    }
}
