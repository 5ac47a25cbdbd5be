package dev.tidings.ops.chaos;

/** The roles of a cluster, in the order in which they start. */
enum ClusterRole {
    /** Kafka in the process itself; Redis and ClickHouse as its children. */
    BACKENDS("backends", 1, "-Xmx768m"),
    PROCESSORS("processors", 2, "-Xmx384m"),
    CONNECTORS("connectors", 1, "-Xmx384m"),
    GATEWAY("gateway", 2, "-Xmx384m");

    /** The command that runs it. */
    final String command;

    final int processes;
    final String heap;

    ClusterRole(String command, int processes, String heap) {
        this.command = command;
        this.processes = processes;
        this.heap = heap;
    }
}
