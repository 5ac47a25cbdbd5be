/**
 * Measures what a run costs the server: processor time by process and thread group, from {@code /proc}, and records and bytes by
 * topic, from the broker; and samples of processor time, memory and lag meanwhile. Reads only; keeps two snapshots and one sample for
 * each interval in memory.
 */
@NullMarked
package dev.tidings.ops.bench.measure;

import org.jspecify.annotations.NullMarked;
