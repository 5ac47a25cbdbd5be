package dev.tidings.gateway.api;

import dev.tidings.v1.Error;
import org.jspecify.annotations.Nullable;

/** Decides whether a user may make a request now. Thread-safe. */
@FunctionalInterface
public interface RequestGuard {

    /** Returns null if the request is allowed; otherwise the error for the user. */
    @Nullable
    Error check(String userId, ClientRequest.SessionRequest request);
}
