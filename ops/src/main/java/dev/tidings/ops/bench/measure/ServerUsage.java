package dev.tidings.ops.bench.measure;

import java.util.List;

/**
 * The CPU time, records and bytes that the server and the generator used between two snapshots.
 *
 * @param server processor time of each process of the server
 * @param generator processor time of this process
 * @param traffic records and bytes by topic
 * @param samples in the order of time
 */
public record ServerUsage(List<CpuTimes> server, CpuTimes generator, TopicTraffic traffic, List<ServerSample> samples) {

    public ServerUsage {
        server = List.copyOf(server);
        samples = List.copyOf(samples);
    }

    /** Returns what was used since an earlier snapshot, with the samples taken meanwhile. */
    ServerUsage since(ServerUsage earlier, List<ServerSample> taken) {
        List<CpuTimes> used = server.stream()
                .map(now -> earlier.server.stream()
                        .filter(before -> before.process().equals(now.process()))
                        .findFirst()
                        .map(now::since)
                        .orElse(now))
                .toList();
        return new ServerUsage(used, generator.since(earlier.generator), traffic.since(earlier.traffic), taken);
    }
}
