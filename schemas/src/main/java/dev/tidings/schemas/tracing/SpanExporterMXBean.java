package dev.tidings.schemas.tracing;

/** The counts of one {@link SpanExporter}. */
public interface SpanExporterMXBean {

    /** Spans that the receiver accepted. */
    long getExportedSpans();

    /** Spans that were lost: the queue was full, or the receiver did not accept them. */
    long getDroppedSpans();
}
