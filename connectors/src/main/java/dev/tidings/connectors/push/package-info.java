/**
 * Notifications to devices, over the channel each device has named.
 *
 * <p>Reads {@code tidings.notifications} (as {@code read_committed} as its consumer is told to be), hands each notification
 * to its targets by their {@link dev.tidings.connectors.push.Channel}, and writes what became of it at each of them to
 * {@code tidings.push-outcomes}. Records of which a target failed go to the dead letters as well.
 *
 * <pre>
 *                  ┌─ expired ─────────────────────────▶ EXPIRED
 * notification ────┼─ a newer one in the same put ─────▶ COLLAPSED
 * at one target    └─ attempt ─┬─ taken ───────────────▶ DELIVERED
 *                       ▲      ├─ refused ─────────────▶ FAILED
 *                       └─pause┴─ not now, six times ──▶ FAILED
 * </pre>
 *
 * <p>At least once: a put returns when everything in it is settled and the outcomes are confirmed, and only then offsets
 * are committed. What was sent before a crash is sent again, with the same idempotency key.
 *
 * <p>Kept: how far the put in progress has come, in memory. Not kept: anything beyond it. A put that waits for its last
 * target holds up those behind it, for about a minute at most.
 */
@NullMarked
package dev.tidings.connectors.push;

import org.jspecify.annotations.NullMarked;
