/**
 * Checks the guarantees of a run. {@link dev.tidings.ops.bench.check.Ledger} records what the clients of one conversation
 * send and receive; {@link dev.tidings.ops.bench.check.LedgerAudit} judges the record; {@link
 * dev.tidings.ops.bench.check.CheckResult} adds up the findings of all conversations. Keeps every message in memory with its
 * times, about 200 bytes each, and 8 bytes more for each user of its conversation. Uses no clock and no network.
 */
@NullMarked
package dev.tidings.ops.bench.check;

import org.jspecify.annotations.NullMarked;
