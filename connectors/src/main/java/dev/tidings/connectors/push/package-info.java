/**
 * Notifications to devices, over the channel each device has named.
 *
 * <p>Reads {@code tidings.notifications} and {@code tidings.push-retries} (as {@code read_committed} as its consumer is told to
 * be), hands each notification to its targets by their {@link dev.tidings.connectors.push.Channel}, and writes what became of
 * it at each of them to {@code tidings.push-outcomes}. Records of which a target failed go to the dead letters as well.
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
 * <p>Each channel has a {@link dev.tidings.connectors.push.Lane} of its own, and within it each device one attempt at a time, so
 * that a slow one delays no other. What fails, or finds no place, is written to {@code tidings.push-retries} and waits there;
 * the topic of notifications moves on.
 *
 * <p>At least once: an offset is committed when Kafka has confirmed an outcome or a retry for each target of all records before
 * it. What was sent before a crash is sent again, with the same idempotency key. See decision record 0035.
 *
 * <p>Kept, in memory and within bounds: what is read and not settled; which devices failed last; what was sent last to each of
 * many devices. Not kept: anything beyond a restart. From Redis it learns what has become of a message meanwhile, as far as
 * Redis knows.
 */
@NullMarked
package dev.tidings.connectors.push;

import org.jspecify.annotations.NullMarked;
