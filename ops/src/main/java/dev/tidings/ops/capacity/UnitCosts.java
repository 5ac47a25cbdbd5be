package dev.tidings.ops.capacity;

/** Costs of a message and of a connection, and what one process is planned to carry. {@code capacity.md} has the source of each. */
final class UnitCosts {

    /** Processor time of a message in all parts at 250 messages a second for each partition: measured. */
    static final double MAX_CPU_MICROS = 2_700;

    static final double SLOW_PARTITION_RATE = 250;

    /** The same at 2,500 messages a second for each partition: measured. Batches grow with the rate. */
    static final double MIN_CPU_MICROS = 400;

    static final double FAST_PARTITION_RATE = 2_500;

    /** Use of the processors that is planned for the busiest second. */
    static final double UTILIZATION = 0.5;

    /** Shares of the processor time: measured by thread group. */
    static final double BROKER_SHARE = 0.33;

    static final double PROCESSOR_SHARE = 0.38;
    static final double GATEWAY_SHARE = 0.18;
    static final double SINK_SHARE = 0.11;

    /** Bytes in the log for a message with a text of 100 bytes, before replication: measured. */
    static final double LOG_BYTES_PER_MESSAGE = 3_534;

    static final int MEASURED_TEXT_BYTES = 100;

    /** Records of a message that contain its text: command, inbox record, event, two deliveries. */
    static final int TEXT_COPIES = 5;

    /** Share of the bytes in topics that are kept as long as the history (commands, events): assumed. */
    static final double PERMANENT_SHARE = 0.3;

    /** Days for which most other topics are kept. */
    static final int LOG_DAYS = 7;

    /** Messages a second of a partition: measured were 2,500, planned are 40 % of that. */
    static final double MESSAGES_PER_PARTITION = 1_000;

    static final int MIN_PARTITIONS = 8;

    /** Connections of a gateway: assumed; measured were 5,000 that reconnect at once. */
    static final long CONNECTIONS_PER_GATEWAY = 20_000;

    /** Memory of an idle connection, kernel buffers included: assumed. */
    static final double BYTES_PER_CONNECTION = 64 * 1024;

    static final double GATEWAY_BASE_BYTES = 1 << 30;
    static final double CORES_PER_INSTANCE = 2;
    static final double CORES_PER_BROKER = 4;

    /** Writes of a broker, copies included: assumed. */
    static final double BYTES_PER_SECOND_PER_BROKER = 50e6;

    /** A message in ClickHouse, compressed, with its index of words: assumed. */
    static final double HISTORY_BYTES_PER_MESSAGE = 400;

    /** A message in Redis: assumed. */
    static final double RECENT_BYTES_PER_MESSAGE = 500;

    /** {@code connectors.redis.keep-days}. */
    static final int RECENT_DAYS = 30;

    private UnitCosts() {}
}
