package dev.tidings.ops.bench;

import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.Content;
import dev.tidings.v1.TextContent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/** One run: connect everyone, send by the clock, wait for the rest, pull what is missing, judge. */
final class Bench {

    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(30);

    private static final Duration RUN_UP = Duration.ofMillis(200);
    private static final Duration TICK = Duration.ofMillis(50);

    private final BenchPlan plan;
    private final Tokens tokens;
    private final Progress progress;
    private final Tally tally = new Tally();
    private final Checker checker = new Checker();
    private final List<ChatClient> clients = new ArrayList<>();
    private final SplittableRandom random;

    Bench(BenchPlan plan, Tokens tokens, Progress progress) {
        this.plan = plan;
        this.tokens = tokens;
        this.progress = progress;
        this.random = new SplittableRandom(plan.seed());
    }

    /** @throws BenchException where the users cannot connect */
    BenchReport run() {
        try (WireLoop loop = new WireLoop()) {
            Content content = content();
            for (int pair = 0; pair < plan.users() / 2; pair++) {
                addPair(pair, content, loop);
            }
            connect();
            Pacer pacer = new Pacer(System.nanoTime() + RUN_UP.toNanos(), plan, turns());
            send(pacer);
            await("draining", checker::isSettled, plan.drain());
            if (!checker.isSettled()) {
                clients.forEach(ChatClient::recover);
                await("recovering", checker::isSettled, plan.drain());
            }
            Verdict verdict = checker.audit(pacer.dueNanos(plan.warmupMessages()), pacer.dueNanos(plan.messages()));
            return new BenchReport(plan, verdict, tally, pacer.lag());
        } catch (IOException e) {
            throw new BenchException("cannot open sockets: " + e, e);
        }
    }

    private Content content() {
        StringBuilder text = new StringBuilder(plan.textBytes());
        for (int i = 0; i < plan.textBytes(); i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return Content.newBuilder()
                .setText(TextContent.newBuilder().setBody(text.toString()))
                .build();
    }

    private void addPair(int pair, Content content, WireLoop loop) {
        String[] users = {user(2 * pair), user(2 * pair + 1)};
        String conversation = ConversationId.between(users[0], users[1]).toString();
        Ledger ledger = checker.open(users[0], users[1], content);
        for (int side = 0; side < 2; side++) {
            clients.add(new ChatClient(
                    conversation,
                    content,
                    tokens.of(users[side]),
                    plan.format(),
                    ledger,
                    side,
                    tally,
                    listener -> loop.connect(plan.url(), plan.port(), plan.format(), listener)));
        }
    }

    private String user(int number) {
        return "bench-" + plan.runId() + '-' + number;
    }

    private void connect() {
        if (!await("connecting", () -> connected() == plan.users(), CONNECT_PATIENCE)) {
            String trouble = clients.stream()
                    .map(ChatClient::lastTrouble)
                    .filter(text -> !text.isEmpty())
                    .findFirst()
                    .orElse("no answer");
            throw new BenchException("only " + connected() + " of " + plan.users() + " users could connect to "
                    + plan.url() + ": " + trouble);
        }
    }

    /** Any conversation at any time, but within a conversation its users take turns. */
    private LongConsumer turns() {
        int[] sent = new int[plan.users() / 2];
        return due -> {
            int pair = random.nextInt(sent.length);
            clients.get(2 * pair + sent[pair]++ % 2).send(due);
        };
    }

    private void send(Pacer pacer) {
        Thread pacing = Thread.ofPlatform().name("bench-pacer").daemon().start(pacer);
        long measuredFrom = pacer.dueNanos(plan.warmupMessages());
        await(
                "warming up",
                () -> System.nanoTime() - measuredFrom >= 0,
                Duration.ofSeconds(plan.warmupSeconds()).plus(RUN_UP).plus(TICK));
        await("measuring", () -> !pacing.isAlive(), Duration.ofDays(1));
    }

    /** Keeps the clients going until the condition holds. Returns false where it does not in time. */
    private boolean await(String phase, BooleanSupplier condition, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            long now = System.nanoTime();
            if (now - deadline > 0) {
                return false;
            }
            clients.forEach(client -> client.tick(now));
            progress.tell(phase, tally, connected(), plan.users(), now);
            LockSupport.parkNanos(TICK.toNanos());
        }
        return true;
    }

    private long connected() {
        return clients.stream().filter(ChatClient::isReady).count();
    }
}
