/**
 * The reports of the load generator: named values and percentiles, printed as a table and written as JSON. Keeps the figures in
 * memory until the run is reported.
 */
@NullMarked
package dev.tidings.ops.bench.report;

import org.jspecify.annotations.NullMarked;
