package dev.tidings.processors.supervision;

/** The MBean of a topology. Counts start at 0 with the process. */
public interface TopologyMetricsMXBean {

    /** Returns the number of stream threads that died and were replaced. */
    long getThreadDeaths();

    /**
     * Returns the number of input records and unreadable ranges that were skipped and became dead letters outside a
     * transaction.
     */
    long getSkippedRecords();

    /** Returns one sentence for each current fault; empty if the topology is healthy. */
    String[] getFaults();
}
