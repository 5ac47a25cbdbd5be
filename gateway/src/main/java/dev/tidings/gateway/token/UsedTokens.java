package dev.tidings.gateway.token;

import dev.tidings.gateway.readmodel.ReadModelUnavailableException;
import java.time.Duration;

/** The ids of the tokens that can be used once and have been used, for all gateways. */
public interface UsedTokens {

    /**
     * Marks a token as used.
     *
     * @param lifetime after which the token has expired, and its id may be forgotten
     * @return whether this is its first use
     * @throws ReadModelUnavailableException if that is not known now; the token may be marked
     */
    boolean use(String tokenId, Duration lifetime);
}
