package dev.tidings.ops.bench.client;

import dev.tidings.ops.bench.check.Ledger;
import dev.tidings.v1.Content;

/**
 * One conversation of a run.
 *
 * @param content of every message
 * @param large whether its events reach only clients that subscribe to it; the gateway confirms the subscription with {@code
 *     head}
 */
public record BenchConversation(String id, Content content, boolean large, Ledger ledger) {}
