package dev.tidings.ops.bench.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the server of a run: {@link #begin} takes the first snapshot, {@link #end} the second; samples are taken in between. The server is a process of this
 * machine with all its descendants. Not thread-safe.
 */
public final class ServerProbe implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerProbe.class);

    private final long pid;
    private final ProcFileSystem proc = new ProcFileSystem(Path.of("/proc"));
    private final Admin admin;
    private final TopicTrafficReader topics;
    private @Nullable ServerUsage begin;
    private @Nullable ServerSampler sampler;
    private @Nullable MemoryProbe memory;

    /** @param pid of the server's main process */
    public ServerProbe(long pid, String bootstrapServers, Map<String, String> clientProperties) {
        this.pid = pid;
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        this.admin = Admin.create(properties);
        this.topics = new TopicTrafficReader(admin);
    }

    /**
     * Takes the first snapshot, and starts to take samples.
     *
     * @param interval between samples
     * @throws IOException if the process has ended, or this is not Linux
     */
    public void begin(Duration interval) throws IOException {
        begin = snapshot();
        openMemory();
        sampler = new ServerSampler(proc, this::pids, this::heapBytes, new ConsumerLagReader(admin)::read, interval);
    }

    /** Without the right to attach to the process, as to this one itself, the heap is not measured. */
    private void openMemory() {
        try {
            memory = MemoryProbe.of(pid);
        } catch (IOException e) {
            LOG.info("heap not measured pid={} reason={}", pid, e.getMessage());
        }
    }

    private long heapBytes() {
        MemoryProbe open = memory;
        try {
            return open == null ? 0 : open.heapBytes();
        } catch (IOException e) {
            return 0; // the process has ended
        }
    }

    /**
     * Returns what was used since {@link #begin}.
     *
     * @throws IOException if the process has ended
     */
    public ServerUsage end() throws IOException {
        if (begin == null || sampler == null) {
            throw new IllegalStateException("not begun");
        }
        return snapshot().since(begin, sampler.stop());
    }

    private ServerUsage snapshot() throws IOException {
        List<CpuTimes> server = new ArrayList<>();
        server.add(proc.read(pid));
        for (long child : children()) {
            try {
                server.add(proc.read(child));
            } catch (IOException e) {
                // the child has ended meanwhile
            }
        }
        return new ServerUsage(server, proc.read(ProcessHandle.current().pid()), topics.read(), List.of());
    }

    private List<Long> pids() {
        return Stream.concat(Stream.of(pid), children().stream()).toList();
    }

    private List<Long> children() {
        return ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid)
                .toList();
    }

    @Override
    public void close() {
        if (sampler != null) {
            sampler.stop();
        }
        if (memory != null) {
            try {
                memory.close();
            } catch (IOException e) {
                LOG.debug("connection to the process not closed pid={}", pid, e);
            }
        }
        admin.close();
    }
}
