package dev.tidings.ops.bench;

/** Where the users' tokens come from. */
interface Tokens {

    /** @throws BenchException where none is to be had */
    String of(String userId);
}
