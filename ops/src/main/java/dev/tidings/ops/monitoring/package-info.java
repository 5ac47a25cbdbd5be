/** The health ports of processors and connectors, and the metrics that they export from Kafka's MBeans. */
@NullMarked
package dev.tidings.ops.monitoring;

import org.jspecify.annotations.NullMarked;
