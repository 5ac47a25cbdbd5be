package dev.tidings.ops.bench;

/** Supplies the users' access tokens. */
public interface TokenSource {

    /** @throws BenchException if no token can be obtained */
    String tokenFor(String userId);
}
