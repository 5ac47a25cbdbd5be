package dev.tidings.ops.capacity;

import static dev.tidings.ops.capacity.UnitCosts.BROKER_SHARE;
import static dev.tidings.ops.capacity.UnitCosts.BYTES_PER_CONNECTION;
import static dev.tidings.ops.capacity.UnitCosts.BYTES_PER_SECOND_PER_BROKER;
import static dev.tidings.ops.capacity.UnitCosts.CONNECTIONS_PER_GATEWAY;
import static dev.tidings.ops.capacity.UnitCosts.CORES_PER_BROKER;
import static dev.tidings.ops.capacity.UnitCosts.CORES_PER_INSTANCE;
import static dev.tidings.ops.capacity.UnitCosts.FAST_PARTITION_RATE;
import static dev.tidings.ops.capacity.UnitCosts.GATEWAY_BASE_BYTES;
import static dev.tidings.ops.capacity.UnitCosts.GATEWAY_SHARE;
import static dev.tidings.ops.capacity.UnitCosts.HISTORY_BYTES_PER_MESSAGE;
import static dev.tidings.ops.capacity.UnitCosts.LOG_BYTES_PER_MESSAGE;
import static dev.tidings.ops.capacity.UnitCosts.LOG_DAYS;
import static dev.tidings.ops.capacity.UnitCosts.MAX_CPU_MICROS;
import static dev.tidings.ops.capacity.UnitCosts.MEASURED_TEXT_BYTES;
import static dev.tidings.ops.capacity.UnitCosts.MESSAGES_PER_PARTITION;
import static dev.tidings.ops.capacity.UnitCosts.MIN_CPU_MICROS;
import static dev.tidings.ops.capacity.UnitCosts.MIN_PARTITIONS;
import static dev.tidings.ops.capacity.UnitCosts.PERMANENT_SHARE;
import static dev.tidings.ops.capacity.UnitCosts.PROCESSOR_SHARE;
import static dev.tidings.ops.capacity.UnitCosts.RECENT_BYTES_PER_MESSAGE;
import static dev.tidings.ops.capacity.UnitCosts.RECENT_DAYS;
import static dev.tidings.ops.capacity.UnitCosts.SINK_SHARE;
import static dev.tidings.ops.capacity.UnitCosts.SLOW_PARTITION_RATE;
import static dev.tidings.ops.capacity.UnitCosts.TEXT_COPIES;
import static dev.tidings.ops.capacity.UnitCosts.UTILIZATION;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The machines, partitions and disks for a load, each with the formula that gives it. */
public record CapacityPlan(ExpectedLoad load) {

    private static final double MICROS_PER_SECOND = 1e6;
    private static final double TERABYTE = 1e12;
    private static final double GIGABYTE = 1e9;

    /** Above it, one transaction of INBOX registers so many partitions of deliveries that commits dominate. */
    private static final long MAX_GATEWAYS = 200;

    private static final long MAX_PARTITIONS = 256;
    private static final long MAX_BROKERS = 30;

    /** A planned number, as text with its unit, and how it is computed. */
    public record Quantity(String name, String value, String formula) {}

    /** Interpolates between the two measured rates, on logarithmic scales; constant outside of them. */
    double cpuMicrosPerMessage() {
        double rate = Math.clamp(load.peakMessagesPerSecond() / partitions(), SLOW_PARTITION_RATE, FAST_PARTITION_RATE);
        double position = Math.log(rate / SLOW_PARTITION_RATE) / Math.log(FAST_PARTITION_RATE / SLOW_PARTITION_RATE);
        return MAX_CPU_MICROS * Math.pow(MIN_CPU_MICROS / MAX_CPU_MICROS, position);
    }

    double cores() {
        return load.peakMessagesPerSecond() * cpuMicrosPerMessage() / MICROS_PER_SECOND / UTILIZATION;
    }

    /** Partitions of conversations and of users: a power of two, because they cannot be changed later. */
    long partitions() {
        long needed = ceil(load.peakMessagesPerSecond() / MESSAGES_PER_PARTITION);
        return Math.max(MIN_PARTITIONS, needed <= 1 ? 1 : Long.highestOneBit(needed - 1) << 1);
    }

    /** Gateways, with a tenth as reserve for those that fail or are restarted. */
    long gateways() {
        long needed = Math.max(
                ceil((double) load.onlineUsers() / CONNECTIONS_PER_GATEWAY),
                ceil(cores() * GATEWAY_SHARE / CORES_PER_INSTANCE));
        return needed + Math.max(1, ceil(needed / 10.0));
    }

    long gatewaySlots() {
        return 2 * gateways();
    }

    double gatewayBytes() {
        return GATEWAY_BASE_BYTES + Math.min(load.onlineUsers(), CONNECTIONS_PER_GATEWAY) * BYTES_PER_CONNECTION;
    }

    long processors() {
        return Math.max(2, ceil(cores() * PROCESSOR_SHARE / CORES_PER_INSTANCE));
    }

    long threadsPerTopology() {
        return ceil((double) partitions() / processors());
    }

    long connectors() {
        return Math.max(2, ceil(cores() * SINK_SHARE / CORES_PER_INSTANCE));
    }

    double logBytesPerMessage() {
        return LOG_BYTES_PER_MESSAGE + TEXT_COPIES * Math.max(0, load.textBytes() - MEASURED_TEXT_BYTES);
    }

    double brokerBytesPerSecond() {
        return load.peakMessagesPerSecond() * logBytesPerMessage() * load.replicationFactor();
    }

    long brokers() {
        long forWrites = ceil(brokerBytesPerSecond() / BYTES_PER_SECOND_PER_BROKER);
        long forCpu = ceil(cores() * BROKER_SHARE / CORES_PER_BROKER);
        return Math.max(Math.max(3, load.replicationFactor()), Math.max(forWrites, forCpu));
    }

    double logBytes() {
        double perDay = load.messagesPerDay() * logBytesPerMessage() * load.replicationFactor();
        return perDay * (PERMANENT_SHARE * load.historyDays() + (1 - PERMANENT_SHARE) * LOG_DAYS);
    }

    double historyBytes() {
        return load.messagesPerDay() * load.historyDays() * HISTORY_BYTES_PER_MESSAGE;
    }

    double recentBytes() {
        return load.messagesPerDay() * Math.min(RECENT_DAYS, load.historyDays()) * RECENT_BYTES_PER_MESSAGE;
    }

    /** Returns all quantities in the order of the message's path. */
    public List<Quantity> quantities() {
        return List.of(
                new Quantity(
                        "messages at the peak",
                        whole(load.peakMessagesPerSecond()) + "/s",
                        "online users x messages a day / 86,400 x peak factor"),
                new Quantity(
                        "cores in all",
                        whole(Math.ceil(cores())),
                        "peak x " + whole(cpuMicrosPerMessage()) + " us at this rate / 50 % use"),
                new Quantity(
                        "gateways",
                        whole(gateways()),
                        "larger of users / 20,000 and 18 % of the cores / 2; a tenth more"),
                new Quantity("memory of a gateway", gigabytes(gatewayBytes()), "1 GB and 64 kB for each connection"),
                new Quantity("topics.gateway-slots", whole(gatewaySlots()), "2 x gateways"),
                new Quantity(
                        "topics.*-partitions", whole(partitions()), "peak / 1,000, the next power of two; at least 8"),
                new Quantity("processors", whole(processors()), "38 % of the cores / 2; at least 2"),
                new Quantity("processors.threads", whole(threadsPerTopology()), "partitions / processors"),
                new Quantity("connectors", whole(connectors()), "11 % of the cores / 2; at least 2"),
                new Quantity("brokers", whole(brokers()), "largest of 3, writes / 50 MB/s and 33 % of the cores / 4"),
                new Quantity(
                        "writes of all brokers",
                        whole(brokerBytesPerSecond() / 1e6) + " MB/s",
                        "peak x (3,534 + 5 x (text bytes - 100)) x replication"),
                new Quantity(
                        "disk of all brokers",
                        terabytes(logBytes()),
                        "a day's bytes x (30 % x history days + 70 % x 7)"),
                new Quantity("disk of ClickHouse", terabytes(historyBytes()), "messages x history days x 400 B"),
                new Quantity("memory of Redis", gigabytes(recentBytes()), "messages of 30 days x 500 B, at most"));
    }

    /** Returns one sentence for each limit of the design that the plan exceeds, the first one to be reached first. */
    public List<String> limits() {
        List<String> limits = new ArrayList<>();
        if (gateways() > MAX_GATEWAYS) {
            limits.add(whole(gateways())
                    + " gateways: a transaction registers each partition of tidings.deliveries that it"
                    + " writes to, so commits become slow above about " + MAX_GATEWAYS + ". Run several cells.");
        }
        if (recentBytes() > TERABYTE) {
            limits.add(gigabytes(recentBytes())
                    + " in Redis: run a Redis Cluster (redis-cluster:// in redis.url), lower"
                    + " connectors.redis.keep-days, or let Redis evict.");
        }
        if (partitions() > MAX_PARTITIONS) {
            limits.add(whole(partitions())
                    + " partitions: each topology has a task with up to 13 stores for each. Above about "
                    + MAX_PARTITIONS + ", rebalances and starts become slow. Run several cells.");
        }
        if (brokers() > MAX_BROKERS) {
            limits.add(whole(brokers()) + " brokers: run several Kafka clusters, one for each cell.");
        }
        return limits;
    }

    private static long ceil(double value) {
        return (long) Math.ceil(value);
    }

    private static String whole(double value) {
        return String.format(Locale.ROOT, "%,d", Math.round(value));
    }

    private static String gigabytes(double bytes) {
        return String.format(Locale.ROOT, "%,.1f GB", bytes / GIGABYTE);
    }

    private static String terabytes(double bytes) {
        return String.format(Locale.ROOT, "%,.1f TB", bytes / TERABYTE);
    }
}
