/**
 * Measures what a run costs the server: processor time by process and thread group, from {@code /proc}, and records and bytes by
 * topic, from the broker. Reads only; keeps two snapshots in memory.
 */
@NullMarked
package dev.tidings.ops.bench.measure;

import org.jspecify.annotations.NullMarked;
