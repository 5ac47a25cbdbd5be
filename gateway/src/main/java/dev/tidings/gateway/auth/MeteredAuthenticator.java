package dev.tidings.gateway.auth;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import dev.tidings.v1.Error;

/** Counts the tokens that another authenticator rejects. Tokens that cannot be verified now do not count. Thread-safe. */
public final class MeteredAuthenticator implements Authenticator {

    private final Authenticator authenticator;
    private final Meter failures;

    public MeteredAuthenticator(Authenticator authenticator, MetricRegistry metrics) {
        this.authenticator = authenticator;
        this.failures = metrics.meter("tidings.gateway.authentication.failures");
    }

    @Override
    public Principal authenticate(String token) throws RejectedTokenException {
        try {
            return authenticator.authenticate(token);
        } catch (RejectedTokenException e) {
            if (e.code() != Error.Code.UNAVAILABLE) {
                failures.mark();
            }
            throw e;
        }
    }
}
