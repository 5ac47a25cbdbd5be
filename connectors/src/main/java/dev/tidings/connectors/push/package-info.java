/**
 * The push sink: sends notifications to devices, over the channel that each device registered.
 *
 * <p>Reads {@code tidings.notifications} and {@code tidings.push-retries} (with {@code read_committed}, as its consumer is
 * configured), sends each notification to its targets by their {@link dev.tidings.connectors.push.Channel}, and writes the outcome
 * at each of them to {@code tidings.push-outcomes}. Records with a failed target also become dead letters.
 *
 * <pre>
 *                  ┌─ expired ─────────────────────────▶ EXPIRED
 * notification ────┼─ a newer one waits, or was sent ──▶ COLLAPSED
 * at one target    ├─ recalled, read or deleted ───────▶ OBSOLETE
 *        ▲         └─ attempt ─┬─ taken ───────────────▶ DELIVERED
 *        │                     ├─ refused, or too often ▶ FAILED
 *        └── push-retries ◀────┴─ not now
 * </pre>
 *
 * <p>Each channel has a {@link dev.tidings.connectors.push.ChannelQueue} of its own, and within it each device one attempt at a time, so
 * that a slow one delays no other. Failed and postponed deliveries are written to {@code tidings.push-retries}; the topic of
 * notifications moves on.
 *
 * <p>At least once: an offset is committed when Kafka has confirmed an outcome or a retry for each target of all records before
 * it. After a crash a notification may be sent again, with the same idempotency key. See decision record 0035.
 *
 * <p>All state is in memory, bounded, and lost with a restart: unsettled records, devices that failed last, the last notification of
 * many devices. Redis tells whether a message was recalled, read or deleted meanwhile, as far as it knows.
 */
@NullMarked
package dev.tidings.connectors.push;

import org.jspecify.annotations.NullMarked;
