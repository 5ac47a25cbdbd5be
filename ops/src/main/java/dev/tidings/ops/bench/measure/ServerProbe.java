package dev.tidings.ops.bench.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures the server of a run: {@link #begin} takes the first snapshot, {@link #end} the second. The server is a process of this
 * machine with all its descendants. Not thread-safe.
 */
public final class ServerProbe implements AutoCloseable {

    private final long pid;
    private final ProcFileSystem proc = new ProcFileSystem(Path.of("/proc"));
    private final TopicTrafficReader topics;
    private @Nullable ServerUsage begin;

    /** @param pid of the server's main process */
    public ServerProbe(long pid, String bootstrapServers, Map<String, String> clientProperties) {
        this.pid = pid;
        this.topics = new TopicTrafficReader(bootstrapServers, clientProperties);
    }

    /** @throws IOException if the process has ended, or this is not Linux */
    public void begin() throws IOException {
        begin = snapshot();
    }

    /**
     * Returns what was used since {@link #begin}.
     *
     * @throws IOException if the process has ended
     */
    public ServerUsage end() throws IOException {
        if (begin == null) {
            throw new IllegalStateException("not begun");
        }
        return snapshot().since(begin);
    }

    private ServerUsage snapshot() throws IOException {
        List<CpuTimes> server = new ArrayList<>();
        server.add(proc.read(pid));
        List<Long> children = ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid)
                .toList();
        for (long child : children) {
            try {
                server.add(proc.read(child));
            } catch (IOException e) {
                // the child has ended meanwhile
            }
        }
        return new ServerUsage(server, proc.read(ProcessHandle.current().pid()), topics.read());
    }

    @Override
    public void close() {
        topics.close();
    }
}
