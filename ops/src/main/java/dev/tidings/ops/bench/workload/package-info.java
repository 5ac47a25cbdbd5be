/**
 * Workloads of the load generator: files that name several runs, and their results as a table, as JSON, as a page with plots, and
 * compared with an earlier result.
 */
@NullMarked
package dev.tidings.ops.bench.workload;

import org.jspecify.annotations.NullMarked;
