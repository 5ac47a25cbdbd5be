package dev.tidings.processors.supervision;

/** Attributes of the MBean of a topology; counted from the start of the process. */
public interface TopologyMetricsMXBean {

    /** Stream threads that died and were replaced. */
    long getThreadDeaths();

    /** Input records, and ranges of unreadable ones, that were skipped and became dead letters outside a transaction. */
    long getSkippedRecords();

    /** What is wrong now, a sentence each; empty if all is well. */
    String[] getFaults();
}
