package dev.tidings.ops.bench.measure;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Measures the memory of a JVM on this machine, of the same user. Each measurement collects its garbage. Not thread-safe. */
public final class MemoryProbe implements AutoCloseable {

    private static final long BYTES_PER_KILOBYTE = 1_024;

    private final Path status;
    private final JMXConnector connector;
    private final MemoryMXBean memory;

    private MemoryProbe(Path status, JMXConnector connector, MemoryMXBean memory) {
        this.status = status;
        this.connector = connector;
        this.memory = memory;
    }

    /** @throws IOException if there is no such JVM, or it belongs to another user */
    public static MemoryProbe of(long pid) throws IOException {
        try {
            VirtualMachine jvm = VirtualMachine.attach(Long.toString(pid));
            String address;
            try {
                address = jvm.startLocalManagementAgent();
            } finally {
                jvm.detach();
            }
            JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address));
            MemoryMXBean memory =
                    ManagementFactory.getPlatformMXBean(connector.getMBeanServerConnection(), MemoryMXBean.class);
            return new MemoryProbe(Path.of("/proc", Long.toString(pid), "status"), connector, memory);
        } catch (AttachNotSupportedException e) {
            throw new IOException("process " + pid + " is no JVM that can be attached to", e);
        }
    }

    /** Collects the garbage of the process, then measures it. */
    public ServerMemory measure() throws IOException {
        memory.gc();
        return new ServerMemory(memory.getHeapMemoryUsage().getUsed(), residentBytes(Files.readString(status)));
    }

    /** Returns the value of {@code VmRSS}. */
    static long residentBytes(String status) throws IOException {
        return status.lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * BYTES_PER_KILOBYTE)
                .findFirst()
                .orElseThrow(() -> new IOException("the process has ended: it has no VmRSS"));
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
