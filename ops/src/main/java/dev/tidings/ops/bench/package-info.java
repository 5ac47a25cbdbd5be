/**
 * {@code tidings bench}: a load generator that sends by the clock over real WebSockets, from a process of its own, and checks
 * every message.
 *
 * <p>Reads: the answers and deliveries of a gateway. Writes: messages of users made for the run, named {@code bench-<run>-<n>},
 * in pairs or in groups {@code g:bench-<run>}, or in a storm {@code bench-<run>-user-<n>} and {@code bench-<run>-sender-<n>};
 * and a report. Keeps all messages of the run in memory. Deletes nothing: the run's messages stay in the system.
 *
 * <p>The way of a message: {@link dev.tidings.ops.bench.Pacer} decides when it is due, a client of {@link
 * dev.tidings.ops.bench.client} sends and receives it over {@link dev.tidings.ops.bench.websocket}, {@link
 * dev.tidings.ops.bench.check} records and judges it, {@link dev.tidings.ops.bench.report} prints the result. {@link
 * dev.tidings.ops.bench.LoadRun} is a run with a steady load, {@link dev.tidings.ops.bench.StormRun} a reconnect storm.
 */
@NullMarked
package dev.tidings.ops.bench;

import org.jspecify.annotations.NullMarked;
