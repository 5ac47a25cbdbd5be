/**
 * Large groups and rooms, whose events come once for the whole gateway: which sessions follow which of them, and what the
 * log is told of it. Reads followed events and heads from {@code deliveries}, writes {@code SubscribeGateway} to {@code
 * commands}. Keeps nothing that outlives the sessions.
 */
@NullMarked
package dev.tidings.gateway.follow;

import org.jspecify.annotations.NullMarked;
