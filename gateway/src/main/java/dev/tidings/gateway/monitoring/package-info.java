/** Health, readiness and metrics over HTTP, for every role of the system. Keeps no state but the counts of metrics. */
@NullMarked
package dev.tidings.gateway.monitoring;

import org.jspecify.annotations.NullMarked;
