/**
 * {@code tidings bench}: load by the clock, over real WebSockets, from a process of its own, and a checker that holds
 * the system to its promise.
 *
 * <p>Reads: what a gateway answers and delivers. Writes: messages of users made up for the run, named
 * {@code bench-<run>-<n>}, who talk in pairs or in one group {@code g:bench-<run>}, or in a storm
 * {@code bench-<run>-user-<n>} and {@code bench-<run>-sender-<n>}; a report. Keeps, in memory until the
 * end: every message with its times, about 200 bytes each, and in a group 8 more for each user. Keeps nothing else:
 * whatever a run leaves behind in the system stays there.
 *
 * <p>Before the run {@link dev.tidings.ops.bench.GroupFounder} makes the group. Then, in the order of a message's way:
 * {@link dev.tidings.ops.bench.Pacer} says when, {@link dev.tidings.ops.bench.ChatClient} sends and receives by its
 * {@link dev.tidings.ops.bench.Outbox} and its {@link dev.tidings.ops.bench.Line}, {@link dev.tidings.ops.bench.WireLoop}
 * carries, {@link dev.tidings.ops.bench.Ledger} takes note, {@link dev.tidings.ops.bench.Verdict} sums up.
 *
 * <p>{@link dev.tidings.ops.bench.Storm} is the other kind of run: its {@link dev.tidings.ops.bench.StormClient}s drop all at
 * once and come back, and {@link dev.tidings.ops.bench.StormTimes} knows when.
 */
@NullMarked
package dev.tidings.ops.bench;

import org.jspecify.annotations.NullMarked;
