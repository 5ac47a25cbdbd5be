/**
 * Evaluates alert rules and dashboards as a Prometheus server does: the part of its query language that they use. {@code AlertRulesTest}
 * compares it with the expectations that {@code promtool} confirms.
 */
@NullMarked
package dev.tidings.ops.promql;

import org.jspecify.annotations.NullMarked;
