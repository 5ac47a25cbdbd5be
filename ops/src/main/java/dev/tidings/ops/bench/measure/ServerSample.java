package dev.tidings.ops.bench.measure;

import java.util.Map;

/**
 * The server at one time of a run.
 *
 * @param seconds since the measurement began
 * @param cores processors that all its processes used on average since the sample before
 * @param residentBytes memory of all its processes in RAM
 * @param heapBytes Java heap of the main process in use, garbage included; 0: not measured
 * @param lag records between the committed position and the end of the input, by consumer group
 */
public record ServerSample(double seconds, double cores, long residentBytes, long heapBytes, Map<String, Long> lag) {

    public ServerSample {
        lag = Map.copyOf(lag);
    }
}
