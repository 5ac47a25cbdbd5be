package dev.tidings.ops.chaos;

/** The roles of a cluster, in the order in which they start. */
enum ClusterRole {
    /** A node of Kafka; only if there are several, otherwise Kafka runs with the other backends. */
    BROKER("broker", 0, "-Xmx512m"),
    /** Redis and ClickHouse as children of the process, and Kafka in the process itself if there are no brokers. */
    BACKENDS("backends", 1, "-Xmx768m"),
    PROCESSORS("processors", 2, "-Xmx384m"),
    CONNECTORS("connectors", 2, "-Xmx384m"),
    GATEWAY("gateway", 2, "-Xmx384m");

    /** The command that runs it; the main class of Kafka runs a broker. */
    final String command;

    /** The number of processes; that of brokers is an option. */
    final int processes;

    final String heap;

    ClusterRole(String command, int processes, String heap) {
        this.command = command;
        this.processes = processes;
        this.heap = heap;
    }

    /** Returns the name of a process, such as {@code gateway-2}. */
    String process(int number) {
        return processes == 1 ? command : command + '-' + number;
    }
}
