package dev.tidings.ops.bench;

import dev.tidings.ops.bench.client.IdleClient;
import dev.tidings.ops.bench.client.TrafficCounters;
import dev.tidings.ops.bench.measure.MemoryProbe;
import dev.tidings.ops.bench.measure.ServerMemory;
import dev.tidings.ops.bench.websocket.WebSocketEventLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One run with idle connections: connects the users at a steady rate, keeps them connected with heartbeats, and measures the
 * memory of the gateway's process before the first and while all are connected.
 */
final class ConnectRun {

    /** Frames to an idle client are small; there may be very many clients. */
    private static final int BUFFER_BYTES = 1_024;

    private final ConnectPlan plan;
    private final RunPlan run;
    private final TokenSource tokens;
    private final BenchProgress progress;
    private final @Nullable MemoryProbe probe;
    private final TrafficCounters counters = new TrafficCounters();
    private final List<IdleClient> clients = new ArrayList<>();

    /** @param probe of the gateway's process; null: its memory is not measured */
    ConnectRun(ConnectPlan plan, TokenSource tokens, BenchProgress progress, @Nullable MemoryProbe probe) {
        this.plan = plan;
        this.run = plan.run();
        this.tokens = tokens;
        this.progress = progress;
        this.probe = probe;
    }

    /** @throws BenchException if the memory cannot be measured */
    ConnectReport run() {
        Participants participants = new Participants(clients, progress, counters);
        List<String> userTokens = new ArrayList<>();
        for (int user = 0; user < run.users(); user++) {
            userTokens.add(tokens.tokenFor("bench-" + run.runId() + "-user-" + user));
        }
        try (WebSocketEventLoop loop = new WebSocketEventLoop(BUFFER_BYTES)) {
            ServerMemory before = measure();
            long begin = System.nanoTime();
            for (int user = 0; user < run.users(); user++) {
                long connectAt = begin + TimeUnit.SECONDS.toNanos(1) * user / plan.connectRate();
                clients.add(client(userTokens.get(user), connectAt, loop));
            }
            participants.await(
                    "connecting", () -> clients.stream().allMatch(IdleClient::isReady), plan.connectTimeout());
            double connectSeconds = (System.nanoTime() - begin) / 1e9;
            int failedConnects = failures();
            participants.await("idle", () -> false, plan.idle());
            ServerMemory after = measure();
            Histogram connectNanos = new Histogram(3);
            clients.forEach(client -> client.reportTo(connectNanos));
            int connected = (int) clients.stream().filter(IdleClient::isReady).count();
            return new ConnectReport(
                    plan,
                    connected,
                    connectSeconds,
                    connectNanos,
                    failedConnects,
                    failures() - failedConnects,
                    counters,
                    before,
                    after);
        } catch (IOException e) {
            throw new BenchException("cannot open sockets or measure the gateway: " + e, e);
        }
    }

    private IdleClient client(String token, long connectAtNanos, WebSocketEventLoop loop) {
        return new IdleClient(
                token,
                run.format(),
                counters,
                connectAtNanos,
                listener -> loop.connect(
                        run.url(), run.format().subprotocol(), run.format().binary(), listener));
    }

    private int failures() {
        return clients.stream().mapToInt(IdleClient::failures).sum();
    }

    private @Nullable ServerMemory measure() throws IOException {
        return probe == null ? null : probe.measure();
    }
}
