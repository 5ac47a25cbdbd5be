package dev.tidings.ops.bench.measure;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a sample of the server at fixed intervals, in a thread of its own, until it is stopped; at least one. The lag is left out if
 * the cluster does not answer.
 */
final class ServerSampler {

    private static final Logger LOG = LoggerFactory.getLogger(ServerSampler.class);

    private final ProcFileSystem proc;
    private final Supplier<List<Long>> pids;
    private final LongSupplier heapBytes;
    private final Supplier<Map<String, Long>> lag;
    private final long intervalNanos;
    private final long startNanos = System.nanoTime();
    private final CountDownLatch stopping = new CountDownLatch(1);
    /** Of the thread, until it has ended. */
    private final List<ServerSample> samples = new ArrayList<>();

    private final Thread thread;

    /**
     * @param pids of all processes of the server
     * @param heapBytes of its main process; 0: not measured
     */
    ServerSampler(
            ProcFileSystem proc,
            Supplier<List<Long>> pids,
            LongSupplier heapBytes,
            Supplier<Map<String, Long>> lag,
            Duration interval) {
        this.proc = proc;
        this.pids = pids;
        this.heapBytes = heapBytes;
        this.lag = lag;
        this.intervalNanos = interval.toNanos();
        this.thread = Thread.ofPlatform().name("bench-sampler").daemon().start(this::run);
    }

    /** Stops, and returns the samples in the order of time. */
    List<ServerSample> stop() {
        stopping.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.copyOf(samples);
    }

    private void run() {
        try {
            long cpuBefore = cpuNanos();
            long before = startNanos;
            boolean isLast = false;
            for (long sample = 1; !isLast; sample++) {
                isLast = stopping.await(untilSample(sample), TimeUnit.NANOSECONDS);
                long now = System.nanoTime();
                long cpu = cpuNanos();
                ServerSample taken = new ServerSample(
                        (double) (now - startNanos) / TimeUnit.SECONDS.toNanos(1),
                        (double) Math.max(0, cpu - cpuBefore) / Math.max(1, now - before),
                        residentBytes(),
                        heapBytes.getAsLong(),
                        currentLag());
                if (!isLast || sample == 1) {
                    samples.add(taken);
                }
                cpuBefore = cpu;
                before = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long untilSample(long number) {
        return Math.max(0, startNanos + number * intervalNanos - System.nanoTime());
    }

    private long cpuNanos() {
        return sum(proc::totalNanos);
    }

    private long residentBytes() {
        return sum(proc::residentBytes);
    }

    private long sum(OfProcess reading) {
        long sum = 0;
        for (long pid : pids.get()) {
            try {
                sum += reading.of(pid);
            } catch (IOException e) {
                // the process has ended meanwhile
            }
        }
        return sum;
    }

    private Map<String, Long> currentLag() {
        try {
            return lag.get();
        } catch (KafkaException e) {
            LOG.warn("lag not sampled reason={}", e.getMessage());
            return Map.of();
        }
    }

    @FunctionalInterface
    private interface OfProcess {
        long of(long pid) throws IOException;
    }
}
