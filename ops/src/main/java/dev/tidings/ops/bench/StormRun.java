package dev.tidings.ops.bench;

import dev.tidings.ops.bench.check.Checker;
import dev.tidings.ops.bench.client.BenchConversation;
import dev.tidings.ops.bench.client.ReconnectCounters;
import dev.tidings.ops.bench.client.ReconnectTimes;
import dev.tidings.ops.bench.client.StormClient;
import dev.tidings.ops.bench.client.TrafficCounters;
import dev.tidings.ops.bench.websocket.WebSocketEventLoop;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.Content;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * One reconnect storm: connects all clients, lets them talk, drops all users at once, sends to them meanwhile, and waits until
 * they are back and have every message.
 *
 * <p>Each user has conversations with some of the senders, one with each. Senders stay connected and send until the last user is
 * back.
 */
final class StormRun {

    private static final Duration SYNC_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration DROP_TIMEOUT = Duration.ofMinutes(10);
    /** Between the first connects of two clients, before the storm. */
    private static final Duration CONNECT_INTERVAL = Duration.ofMillis(2);

    private final StormPlan plan;
    private final RunPlan run;
    private final TokenSource tokens;
    private final Checker checker = new Checker();
    private final TrafficCounters counters = new TrafficCounters();
    private final ReconnectCounters reconnects = new ReconnectCounters();
    private final List<StormClient> all = new ArrayList<>();
    private final List<StormClient> users = new ArrayList<>();
    private final List<StormClient> senders = new ArrayList<>();
    /** The conversations of one user are adjacent. */
    private final List<BenchConversation> conversations = new ArrayList<>();

    private final BenchProgress progress;
    private final Participants participants;
    private long reconnectingSinceNanos;

    StormRun(StormPlan plan, TokenSource tokens, BenchProgress progress) {
        this.plan = plan;
        this.run = plan.run();
        this.tokens = tokens;
        this.progress = progress;
        this.participants = new Participants(all, progress, counters);
    }

    /** @throws BenchException if the clients cannot connect or synchronize before the storm, or are not dropped */
    StormReport run() {
        try (WebSocketEventLoop loop = new WebSocketEventLoop()) {
            createClients(loop);
            participants.connect(run.url());
            fillConversations();
            drop();
            reconnect();
            settle();
            ReconnectTimes times = new ReconnectTimes();
            users.forEach(user -> user.reportTo(times));
            return new StormReport(
                    plan, times, reconnects, checker.audit(reconnectingSinceNanos, Long.MAX_VALUE), counters);
        } catch (IOException e) {
            throw new BenchException("cannot open sockets: " + e, e);
        }
    }

    private void createClients(WebSocketEventLoop loop) {
        Content content = LoadRun.text(run.textBytes(), new SplittableRandom(run.seed()));
        for (int sender = 0; sender < plan.senders(); sender++) {
            senders.add(client("sender", sender, plan.sendersUrl(), loop));
        }
        for (int user = 0; user < run.users(); user++) {
            users.add(client("user", user, run.url(), loop));
            for (int number = 0; number < plan.conversations(); number++) {
                int sender = senderOf(user, number);
                List<String> pair = List.of(id("sender", sender), id("user", user));
                String id =
                        ConversationId.between(pair.getFirst(), pair.getLast()).toString();
                BenchConversation conversation = new BenchConversation(id, content, false, checker.open(pair, content));
                conversations.add(conversation);
                senders.get(sender).join(conversation, 0);
                users.get(user).join(conversation, 1);
            }
            users.get(user).watch(watchedBy(user));
        }
        long now = System.nanoTime();
        for (int i = 0; i < all.size(); i++) {
            all.get(i).reconnectAt(now + i * CONNECT_INTERVAL.toNanos());
        }
    }

    /** Returns senders who write to the user, so that the user may see their presence. */
    private List<String> watchedBy(int user) {
        return IntStream.range(0, plan.watched())
                .mapToObj(number -> id("sender", senderOf(user, number)))
                .toList();
    }

    private StormClient client(String kind, int number, URI url, WebSocketEventLoop loop) {
        StormClient client = new StormClient(
                tokens.tokenFor(id(kind, number)),
                run.format(),
                counters,
                reconnects,
                listener -> loop.connect(
                        url, run.format().subprotocol(), run.format().binary(), listener));
        all.add(client);
        return client;
    }

    private String id(String kind, int number) {
        return "bench-" + run.runId() + '-' + kind + '-' + number;
    }

    private int senderOf(int user, int number) {
        return (user + number) % plan.senders();
    }

    /** Sends the history of all conversations, both users in turn, and synchronizes all clients. */
    private void fillConversations() {
        Thread pacing = startPacer(plan.historyMessages(), message -> {
            int index = (int) (message % conversations.size());
            boolean byUser = message / conversations.size() % 2 == 1;
            send(index, byUser);
        });
        participants.await("filling", () -> !pacing.isAlive(), Duration.ofDays(1));
        require(
                participants.awaitWhileMessagesArrive("filling", checker::isSettled, run.drain()),
                "messages sent before the storm have not arrived within "
                        + run.drain().toSeconds() + " s");
        all.forEach(StormClient::sync);
        require(
                participants.await("syncing", () -> all.stream().allMatch(StormClient::isSynced), SYNC_TIMEOUT),
                "clients have not synchronized before the storm within " + SYNC_TIMEOUT.toSeconds() + " s");
    }

    private void drop() {
        switch (plan.drop()) {
            case CUT -> {
                users.forEach(StormClient::cut);
                participants.await("dropping", () -> users.stream().allMatch(StormClient::isCut), SYNC_TIMEOUT);
            }
            case DRAIN -> {
                progress.ask("now stop the gateway of the users, and start it again");
                require(
                        participants.await(
                                "waiting", () -> users.stream().allMatch(StormClient::hasDropped), DROP_TIMEOUT),
                        "the gateway has not dropped its users within " + DROP_TIMEOUT.toMinutes() + " min");
            }
        }
    }

    /** Returns once all users are back, or after the timeout. */
    private void reconnect() {
        reconnectingSinceNanos = System.nanoTime();
        Thread pacing = startPacer(Long.MAX_VALUE, this::sendToNextUser);
        switch (plan.drop()) {
            case CUT -> {
                long missed = (long) plan.missed() * run.users();
                long before = counters.sequenced.sum();
                participants.await("away", () -> counters.sequenced.sum() - before >= missed, Duration.ofDays(1));
                reconnectingSinceNanos = System.nanoTime();
                users.forEach(user -> user.reconnectAt(reconnectingSinceNanos));
            }
            case DRAIN -> {} // each client reconnects when it was advised to
        }
        participants.await("reconnecting", () -> users.stream().allMatch(StormClient::isSynced), plan.timeout());
        pacing.interrupt();
        // it may still send the message that is due; the drain must not begin before
        participants.await("draining", () -> !pacing.isAlive(), run.drain());
    }

    private void settle() {
        participants.awaitWhileMessagesArrive("draining", checker::isSettled, run.drain());
        if (!checker.isSettled()) {
            all.forEach(StormClient::recover);
            participants.awaitWhileMessagesArrive("recovering", checker::isSettled, run.drain());
        }
    }

    /** Sends to one user after the other; in each round in their next conversation. */
    private void sendToNextUser(long message) {
        int user = (int) (message % run.users());
        int number = (int) (message / run.users() % plan.conversations());
        send(user * plan.conversations() + number, false);
    }

    private void send(int conversation, boolean byUser) {
        int user = conversation / plan.conversations();
        StormClient sender =
                byUser ? users.get(user) : senders.get(senderOf(user, conversation % plan.conversations()));
        sender.send(conversations.get(conversation), System.nanoTime());
    }

    /** @param sendNumber receives the number of each message when it is due */
    private Thread startPacer(long messages, LongConsumer sendNumber) {
        long[] next = {0};
        Pacer pacer = new Pacer(
                System.nanoTime() + LoadRun.RUN_UP.toNanos(),
                run.rate(),
                messages,
                0,
                due -> sendNumber.accept(next[0]++));
        return Thread.ofPlatform().name("bench-pacer").daemon().start(pacer);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new BenchException(message);
        }
    }
}
