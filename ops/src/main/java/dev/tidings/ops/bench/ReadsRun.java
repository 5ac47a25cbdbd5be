package dev.tidings.ops.bench;

import dev.tidings.ops.bench.client.EarlierMessages;
import dev.tidings.ops.bench.client.HistoryReader;
import dev.tidings.ops.bench.client.HistoryReads;
import dev.tidings.ops.bench.client.TrafficCounters;
import dev.tidings.ops.bench.websocket.WebSocketClient;
import dev.tidings.ops.bench.websocket.WebSocketEventLoop;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.Content;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** One run that reads history: fills private conversations, and reads random pages of them by the clock. Checks every page. */
final class ReadsRun {

    private static final Duration FILL_TIMEOUT = Duration.ofHours(1);

    private final ReadsPlan plan;
    private final RunPlan run;
    private final TokenSource tokens;
    private final BenchProgress progress;
    private final TrafficCounters counters = new TrafficCounters();
    private final List<HistoryReader> readers = new ArrayList<>();
    private final SplittableRandom random;
    private HistoryReads reads = new HistoryReads(0);

    ReadsRun(ReadsPlan plan, TokenSource tokens, BenchProgress progress) {
        this.plan = plan;
        this.run = plan.run();
        this.tokens = tokens;
        this.progress = progress;
        this.random = new SplittableRandom(run.seed());
    }

    /** @throws BenchException if a conversation cannot be filled, or its history does not follow */
    ReadsReport run() {
        Participants participants = new Participants(readers, progress, counters);
        try (WebSocketEventLoop loop = new WebSocketEventLoop()) {
            Content content = LoadRun.text(run.textBytes(), random);
            for (int pair = 0; pair < run.users() / 2; pair++) {
                fill(user(2 * pair), user(2 * pair + 1), content, loop);
            }
            participants.connect(run.url());
            long start = System.nanoTime() + LoadRun.RUN_UP.toNanos();
            Pacer pacer = new Pacer(start, run.rate(), plan.reads(), plan.warmupReads(), this::read);
            reads = new HistoryReads(pacer.dueNanos(plan.warmupReads()));
            progress.expectEnd(pacer.dueNanos(plan.reads()));
            Thread pacing = Thread.ofPlatform().name("bench-pacer").daemon().start(pacer);
            participants.await("reading", () -> !pacing.isAlive(), Duration.ofDays(1));
            participants.await("draining", reads::isSettled, run.drain());
            return new ReadsReport(plan, reads, pacer.lag());
        } catch (IOException e) {
            throw new BenchException("cannot open sockets: " + e, e);
        }
    }

    private void read(long dueNanos) {
        HistoryReader reader = readers.get(random.nextInt(readers.size()));
        reader.read(2 + random.nextInt(plan.history()), dueNanos, reads);
    }

    /** Sends the messages of a conversation as one of its users. Both read it later. */
    private void fill(String one, String other, Content content, WebSocketEventLoop loop) {
        String id = ConversationId.between(one, other).toString();
        EarlierMessages messages = new EarlierMessages(
                Collections.nCopies(plan.history(), id), content, tokens.tokenFor(one), run.format());
        connect(messages, loop);
        if (messages.outcome(FILL_TIMEOUT) instanceof EarlierMessages.Failed(String reason)) {
            throw new BenchException("cannot send the messages before the run: " + reason);
        }
        for (String user : List.of(one, other)) {
            readers.add(new HistoryReader(
                    id,
                    plan.history(),
                    plan.page(),
                    tokens.tokenFor(user),
                    run.format(),
                    counters,
                    listener -> connect(listener, loop)));
        }
    }

    private WebSocketClient connect(WebSocketClient.Listener listener, WebSocketEventLoop loop) {
        return loop.connect(run.url(), run.format().subprotocol(), run.format().binary(), listener);
    }

    private String user(int number) {
        return "bench-" + run.runId() + "-reader-" + number;
    }
}
