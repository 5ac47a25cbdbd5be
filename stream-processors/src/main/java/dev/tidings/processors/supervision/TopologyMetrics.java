package dev.tidings.processors.supervision;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the supervisor's counts of a topology as an MBean: {@code
 * dev.tidings.processors:type=topology,topology=<name>}. There is one per topology and process; a newer registration
 * replaces an older one.
 */
public final class TopologyMetrics implements TopologyMetricsMXBean, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopologyMetrics.class);

    private final String topology;
    private final Supervisor supervisor;

    private TopologyMetrics(String topology, Supervisor supervisor) {
        this.topology = topology;
        this.supervisor = supervisor;
    }

    public static TopologyMetrics register(String topology, Supervisor supervisor) {
        TopologyMetrics metrics = new TopologyMetrics(topology, supervisor);
        metrics.unregister();
        try {
            server().registerMBean(metrics, metrics.name());
        } catch (JMException e) {
            LOG.warn("metrics are not published topology={}", topology, e);
        }
        return metrics;
    }

    @Override
    public long getThreadDeaths() {
        return supervisor.deaths();
    }

    @Override
    public long getSkippedRecords() {
        return supervisor.skipped();
    }

    @Override
    public String[] getFaults() {
        return supervisor.faults().toArray(String[]::new);
    }

    @Override
    public void close() {
        unregister();
    }

    private void unregister() {
        try {
            if (server().isRegistered(name())) {
                server().unregisterMBean(name());
            }
        } catch (JMException e) {
            LOG.warn("metrics cannot be unregistered topology={}", topology, e);
        }
    }

    private ObjectName name() throws JMException {
        return new ObjectName("dev.tidings.processors:type=topology,topology=" + topology);
    }

    private static MBeanServer server() {
        return ManagementFactory.getPlatformMBeanServer();
    }
}
