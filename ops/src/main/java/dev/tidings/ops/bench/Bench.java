package dev.tidings.ops.bench;

import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.Content;
import dev.tidings.v1.TextContent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * One run: found the group if there is to be one, connect everyone, send by the clock, wait for the rest, pull what is
 * missing, judge.
 */
final class Bench {

    private static final Duration FOUNDING_PATIENCE = Duration.ofSeconds(60);

    static final Duration RUN_UP = Duration.ofMillis(200);

    private final BenchPlan plan;
    private final Tokens tokens;
    private final Tally tally = new Tally();
    private final Checker checker = new Checker();
    private final List<ChatClient> clients = new ArrayList<>();
    private final Crowd crowd;
    private final SplittableRandom random;

    Bench(BenchPlan plan, Tokens tokens, Progress progress) {
        this.plan = plan;
        this.tokens = tokens;
        this.crowd = new Crowd(clients, progress, tally);
        this.random = new SplittableRandom(plan.seed());
    }

    /** @throws BenchException where the group cannot be founded, or the users cannot connect */
    BenchReport run() {
        try (WireLoop loop = new WireLoop()) {
            Content content = text(plan.textBytes(), random);
            LongConsumer turns = plan.isGroup() ? group(content, loop) : pairs(content, loop);
            crowd.connect(plan.url());
            Pacer pacer = new Pacer(System.nanoTime() + RUN_UP.toNanos(), plan, turns);
            send(pacer);
            crowd.await("draining", checker::isSettled, plan.drain());
            if (!checker.isSettled()) {
                clients.forEach(ChatClient::recover);
                crowd.await("recovering", checker::isSettled, plan.drain());
            }
            Verdict verdict = checker.audit(pacer.dueNanos(plan.warmupMessages()), pacer.dueNanos(plan.messages()));
            return new BenchReport(plan, verdict, tally, pacer.lag());
        } catch (IOException e) {
            throw new BenchException("cannot open sockets: " + e, e);
        }
    }

    /** The content of every message of a run. */
    static Content text(int bytes, SplittableRandom random) {
        StringBuilder text = new StringBuilder(bytes);
        for (int i = 0; i < bytes; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return Content.newBuilder()
                .setText(TextContent.newBuilder().setBody(text.toString()))
                .build();
    }

    /** Returns who sends next: any conversation at any time, but within a conversation its users take turns. */
    private LongConsumer pairs(Content content, WireLoop loop) {
        int[] sent = new int[plan.users() / 2];
        for (int pair = 0; pair < sent.length; pair++) {
            List<String> users = List.of(user(2 * pair), user(2 * pair + 1));
            String id =
                    ConversationId.between(users.getFirst(), users.getLast()).toString();
            join(new Conversation(id, content, false, checker.open(users, content)), users, loop);
        }
        return due -> {
            int pair = random.nextInt(sent.length);
            clients.get(2 * pair + sent[pair]++ % 2).send(due);
        };
    }

    /** Returns who sends next: the users in turn. */
    private LongConsumer group(Content content, WireLoop loop) {
        List<String> members =
                IntStream.range(0, plan.groupMembers()).mapToObj(this::user).toList();
        List<String> users = members.subList(0, plan.users());
        String id = new ConversationId.Group("bench-" + plan.runId()).toString();
        GroupFounder.Founded founded = found(id, members, loop);
        Ledger ledger = checker.open(users, content);
        founded.seqs().forEach(ledger::fact);
        join(new Conversation(id, content, founded.large(), ledger), users, loop);
        int[] sent = {0};
        return due -> clients.get(sent[0]++ % users.size()).send(due);
    }

    private GroupFounder.Founded found(String id, List<String> members, WireLoop loop) {
        GroupFounder founder = new GroupFounder(id, members, tokens.of(members.getFirst()), plan.format());
        connect(founder, loop);
        return switch (founder.outcome(FOUNDING_PATIENCE)) {
            case GroupFounder.Founded founded -> founded;
            case GroupFounder.Failed(String why) ->
                throw new BenchException("no group of " + members.size() + " members could be founded: " + why);
        };
    }

    private void join(Conversation conversation, List<String> users, WireLoop loop) {
        for (int user = 0; user < users.size(); user++) {
            clients.add(new ChatClient(
                    conversation,
                    user,
                    tokens.of(users.get(user)),
                    plan.format(),
                    tally,
                    listener -> connect(listener, loop)));
        }
    }

    private Wire connect(Wire.Listener listener, WireLoop loop) {
        return loop.connect(plan.url(), plan.format(), listener);
    }

    private String user(int number) {
        return "bench-" + plan.runId() + '-' + number;
    }

    private void send(Pacer pacer) {
        Thread pacing = Thread.ofPlatform().name("bench-pacer").daemon().start(pacer);
        long measuredFrom = pacer.dueNanos(plan.warmupMessages());
        crowd.await(
                "warming up",
                () -> System.nanoTime() - measuredFrom >= 0,
                Duration.ofSeconds(plan.warmupSeconds()).plus(RUN_UP).plus(Crowd.TICK));
        crowd.await("measuring", () -> !pacing.isAlive(), Duration.ofDays(1));
    }
}
