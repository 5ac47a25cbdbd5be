package dev.tidings.ops.bench.measure;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.file.Path;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Measures the memory of a JVM on this machine, of the same user. Not thread-safe. */
public final class MemoryProbe implements AutoCloseable {

    private final ProcFileSystem proc = new ProcFileSystem(Path.of("/proc"));
    private final long pid;
    private final JMXConnector connector;
    private final MemoryMXBean memory;

    private MemoryProbe(long pid, JMXConnector connector, MemoryMXBean memory) {
        this.pid = pid;
        this.connector = connector;
        this.memory = memory;
    }

    /** @throws IOException if there is no such JVM, or it belongs to another user */
    @SuppressWarnings("BanJNDI") // the address is that of the agent which was just started on this machine
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
            return new MemoryProbe(pid, connector, memory);
        } catch (AttachNotSupportedException e) {
            throw new IOException("process " + pid + " is no JVM that can be attached to", e);
        }
    }

    /** Collects the garbage of the process, then measures it. */
    public ServerMemory measure() throws IOException {
        memory.gc();
        return new ServerMemory(memory.getHeapMemoryUsage().getUsed(), proc.residentBytes(pid));
    }

    /** Returns the Java heap in use, garbage included. */
    long heapBytes() throws IOException {
        try {
            return memory.getHeapMemoryUsage().getUsed();
        } catch (UndeclaredThrowableException e) {
            throw new IOException("process " + pid + " does not answer", e);
        }
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
