package dev.tidings.processors;

import dev.tidings.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All topologies of the pipeline, and the watch over gateways, running in this process. */
public final class StreamProcessors implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StreamProcessors.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final List<KafkaStreams> running;
    private final GatewayWatch watch;

    private StreamProcessors(List<KafkaStreams> running, GatewayWatch watch) {
        this.running = running;
        this.watch = watch;
    }

    public static StreamProcessors start(ProcessorsConfig config) {
        List<KafkaStreams> started = new ArrayList<>();
        for (Pipeline pipeline : Pipeline.all(config.layout(), config.storeKind())) {
            KafkaStreams streams = new KafkaStreams(
                    pipeline.topology(), StreamsSettings.of(config, pipeline, Topics.DEAD_LETTERS.name()));
            streams.setUncaughtExceptionHandler(failure -> {
                LOG.error("topology thread failed and starts again topology={}", pipeline.name(), failure);
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            });
            streams.setStateListener((now, before) ->
                    LOG.info("topology changed state topology={} from={} to={}", pipeline.name(), before, now));
            streams.start();
            started.add(streams);
        }
        return new StreamProcessors(List.copyOf(started), GatewayWatch.start(config));
    }

    /** Whether every topology has its partitions and works on them. */
    public boolean isRunning() {
        return running.stream().allMatch(streams -> streams.state() == KafkaStreams.State.RUNNING);
    }

    @Override
    public void close() {
        watch.close();
        // all at once: each leaves its group and commits, which takes a moment
        List<Thread> closing = running.stream()
                .map(streams -> Thread.ofVirtual()
                        .start(() -> streams.close(CloseOptions.timeout(CLOSE_TIMEOUT)
                                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP))))
                .toList();
        for (Thread thread : closing) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
