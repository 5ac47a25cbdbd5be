/**
 * Traces of sampled messages: reads the header {@code traceparent} of records, and exports spans by OTLP. Changes nothing in a
 * topology: interceptors of Kafka's clients make the spans.
 */
@NullMarked
package dev.tidings.schemas.tracing;

import org.jspecify.annotations.NullMarked;
