package dev.tidings.ops.bench;

import dev.tidings.ops.bench.check.CheckResult;
import dev.tidings.ops.bench.check.Checker;
import dev.tidings.ops.bench.check.Ledger;
import dev.tidings.ops.bench.check.NotificationLedger;
import dev.tidings.ops.bench.check.NotificationSource;
import dev.tidings.ops.bench.client.BenchConversation;
import dev.tidings.ops.bench.client.ChatClient;
import dev.tidings.ops.bench.client.EarlierMessages;
import dev.tidings.ops.bench.client.GroupCreator;
import dev.tidings.ops.bench.client.NonMemberClient;
import dev.tidings.ops.bench.client.Participant;
import dev.tidings.ops.bench.client.PushRegistration;
import dev.tidings.ops.bench.client.TrafficCounters;
import dev.tidings.ops.bench.measure.ServerProbe;
import dev.tidings.ops.bench.measure.ServerUsage;
import dev.tidings.ops.bench.websocket.WebSocketClient;
import dev.tidings.ops.bench.websocket.WebSocketEventLoop;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.Content;
import dev.tidings.v1.TextContent;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run with a steady load: creates the groups and the earlier messages, connects all users, sends by the clock, waits for what is
 * outstanding, pulls what is missing, and checks every message.
 */
public final class LoadRun {

    private static final Duration GROUP_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration EARLIER_TIMEOUT = Duration.ofHours(1);
    private static final Duration OTHERS_TIMEOUT = Duration.ofMinutes(5);

    /** Users who open their further conversations at the same time. */
    private static final int USERS_AT_ONCE = 20;

    /** Samples of the server, in equal intervals of a second or more. */
    private static final int MAX_SAMPLES = 300;

    /** From starting the pacer until the first message is due. */
    static final Duration RUN_UP = Duration.ofMillis(200);

    private final LoadPlan plan;
    private final RunPlan run;
    private final TokenSource tokens;
    private final TrafficCounters counters = new TrafficCounters();
    private final Checker checker = new Checker();
    /** Clients of all users' first devices, conversation by conversation. */
    private final List<ChatClient> senders = new ArrayList<>();

    /** Clients of all devices. */
    private final List<ChatClient> clients = new ArrayList<>();

    private final List<BenchConversation> conversations = new ArrayList<>();
    private final List<Participant> all = new ArrayList<>();
    private final Participants participants;
    private final BenchProgress progress;
    private final SplittableRandom random;
    private final @Nullable ServerProbe probe;
    private final List<URI> gateways;
    private final AtomicInteger connects = new AtomicInteger();
    private final LoadChecks checks;
    private final NotificationLedger notifications = new NotificationLedger();
    private final CountDownLatch unconnected;
    private final CompletableFuture<Void> sending = new CompletableFuture<>();

    /** @param probe measures the server; null: it is not measured */
    LoadRun(LoadPlan plan, TokenSource tokens, BenchProgress progress, @Nullable ServerProbe probe) {
        this(plan, tokens, progress, probe, List.of(plan.run().url()), LoadChecks.NONE, new CountDownLatch(1));
    }

    /**
     * Returns runs that begin to send at the same time, when the users of all of them are connected. Each needs a thread of its own.
     *
     * @param gateways each connection goes to the next one in turn
     */
    public static List<LoadRun> together(
            List<CheckedPlan> plans, TokenSource tokens, BenchProgress progress, List<URI> gateways) {
        CountDownLatch unconnected = new CountDownLatch(plans.size());
        return plans.stream()
                .map(each -> new LoadRun(each.plan(), tokens, progress, null, gateways, each.checks(), unconnected))
                .toList();
    }

    private LoadRun(
            LoadPlan plan,
            TokenSource tokens,
            BenchProgress progress,
            @Nullable ServerProbe probe,
            List<URI> gateways,
            LoadChecks checks,
            CountDownLatch unconnected) {
        this.unconnected = unconnected;
        this.gateways = List.copyOf(gateways);
        this.checks = checks;
        this.probe = probe;
        this.plan = plan;
        this.run = plan.run();
        this.tokens = tokens;
        this.progress = progress;
        this.participants = new Participants(all, progress, counters);
        this.random = new SplittableRandom(run.seed());
    }

    /** @throws BenchException if a group cannot be created, or the users cannot connect */
    public LoadReport run() {
        try (WebSocketEventLoop loop = new WebSocketEventLoop()) {
            Content content = text(run.textBytes(), random);
            LongConsumer nextSender = plan.isGroup() ? groups(content, loop) : pairs(content, loop);
            sendToOthers(content, loop);
            participants.connect(run.url());
            awaitOthers();
            Pacer pacer = new Pacer(System.nanoTime() + RUN_UP.toNanos(), plan, nextSender);
            ServerUsage usage = send(pacer);
            participants.awaitWhileMessagesArrive("draining", checker::isSettled, run.drain());
            if (!checker.isSettled()) {
                clients.forEach(ChatClient::recover);
                participants.awaitWhileMessagesArrive("recovering", checker::isSettled, run.drain());
            }
            if (checks.unread()) {
                participants.await("checking unread counts", this::hasCheckedUnread, run.drain());
            }
            awaitNotifications();
            CheckResult result = checker.audit(pacer.dueNanos(plan.warmupMessages()), pacer.dueNanos(plan.messages()));
            notifications.audit(result);
            requireTried(result);
            return new LoadReport(plan, result, counters, pacer.lag(), usage);
        } catch (IOException e) {
            throw new BenchException("cannot open sockets, or measure the server: " + e, e);
        }
    }

    private void awaitNotifications() {
        NotificationSource source = checks.notifications();
        if (source != null) {
            participants.await(
                    "checking notifications",
                    () -> {
                        source.readInto(notifications);
                        return notifications.isSettled();
                    },
                    run.drain());
        }
    }

    private void requireTried(CheckResult result) {
        if (checks.nonMember() && result.rejectedNonMembers + result.readByNonMembers == 0) {
            throw new BenchException("no request of a user who is no member was answered; one at least is needed");
        }
    }

    private void awaitOthers() {
        unconnected.countDown();
        if (!participants.await("waiting for others", () -> unconnected.getCount() == 0, OTHERS_TIMEOUT)) {
            throw new BenchException(
                    "the users of another load are not connected within " + OTHERS_TIMEOUT.toSeconds() + " s");
        }
    }

    /** Completes when all users are connected and the load begins. */
    public CompletableFuture<Void> sending() {
        return sending;
    }

    /** Returns the content of every message of a run: random letters. */
    static Content text(int bytes, SplittableRandom random) {
        StringBuilder text = new StringBuilder(bytes);
        for (int i = 0; i < bytes; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return Content.newBuilder()
                .setText(TextContent.newBuilder().setBody(text.toString()))
                .build();
    }

    /** Joins users in pairs. Returns what sends the next message: a random pair, whose users take turns. */
    private LongConsumer pairs(Content content, WebSocketEventLoop loop) {
        int[] sent = new int[run.users() / 2];
        for (int pair = 0; pair < sent.length; pair++) {
            List<String> users = List.of(user(2 * pair), user(2 * pair + 1));
            String id =
                    ConversationId.between(users.getFirst(), users.getLast()).toString();
            Ledger ledger = checker.open(users, checks.devices(), content);
            sendHistory(id, users.getFirst(), content, ledger, loop);
            join(new BenchConversation(id, content, false, ledger), users, loop);
        }
        addNonMember(loop);
        return due -> {
            int pair = random.nextInt(sent.length);
            senders.get(2 * pair + sent[pair]++ % 2).send(due);
        };
    }

    /** Creates the groups, or names the room. Returns what sends the next message: the groups take turns, and within each its users. */
    private LongConsumer groups(Content content, WebSocketEventLoop loop) {
        for (int group = 0; group < plan.groups(); group++) {
            int first = group * plan.groupMembers();
            List<String> members = IntStream.range(first, first + plan.groupMembers())
                    .mapToObj(this::user)
                    .toList();
            List<String> users = members.subList(0, plan.usersPerGroup());
            String name = "bench-" + run.runId() + (plan.groups() == 1 ? "" : "-" + group);
            String id =
                    plan.room() ? new ConversationId.Room(name).toString() : new ConversationId.Group(name).toString();
            if (checks.notifications() != null) {
                members.subList(users.size(), members.size()).forEach(absent -> registerPush(absent, loop));
            }
            GroupCreator.Created created =
                    plan.room() ? new GroupCreator.Created(List.of(), true) : create(id, members, loop);
            Ledger ledger = checker.open(users, checks.devices(), content);
            if (checks.notifications() != null) {
                members.subList(users.size(), members.size())
                        .forEach(absent -> notifications.expect(id, absent, ledger));
            }
            created.seqs().forEach(ledger::otherEvent);
            sendHistory(id, users.getFirst(), content, ledger, loop);
            join(new BenchConversation(id, content, created.large(), ledger), users, loop);
        }
        addNonMember(loop);
        long[] sent = {0};
        return due -> {
            int group = (int) (sent[0] % plan.groups());
            int user = (int) (sent[0]++ / plan.groups() % plan.usersPerGroup());
            senders.get(group * plan.usersPerGroup() + user).send(due);
        };
    }

    private GroupCreator.Created create(String id, List<String> members, WebSocketEventLoop loop) {
        GroupCreator creator = new GroupCreator(id, members, tokens.tokenFor(members.getFirst()), run.format());
        connect(creator, loop);
        return switch (creator.outcome(GROUP_TIMEOUT)) {
            case GroupCreator.Created created -> created;
            case GroupCreator.Failed(String reason) ->
                throw new BenchException("cannot create a group of " + members.size() + " members: " + reason);
        };
    }

    /** Sends the earlier messages of one conversation. The ledger knows them as other events. */
    private void sendHistory(
            String conversationId, String sender, Content content, Ledger ledger, WebSocketEventLoop loop) {
        if (plan.history() > 0) {
            Stream<String> each = Stream.generate(() -> conversationId).limit(plan.history());
            sendEarlier(sender, each.toList(), content, loop).forEach(ledger::otherEvent);
        }
    }

    /** Opens the further conversations of each user: one message to each of so many users who never connect. */
    private void sendToOthers(Content content, WebSocketEventLoop loop) {
        if (plan.conversations() == 0) {
            return;
        }
        for (int first = 0; first < run.users(); first += USERS_AT_ONCE) {
            int end = Math.min(run.users(), first + USERS_AT_ONCE);
            List<EarlierMessages> openings = IntStream.range(first, end)
                    .mapToObj(user -> openConversations(user(user), content, loop))
                    .toList();
            openings.forEach(LoadRun::await);
        }
    }

    private EarlierMessages openConversations(String sender, Content content, WebSocketEventLoop loop) {
        List<String> others = IntStream.range(0, plan.conversations())
                .mapToObj(other -> ConversationId.between(sender, sender + "-other-" + other)
                        .toString())
                .toList();
        return startEarlier(sender, others, content, loop);
    }

    private List<Long> sendEarlier(
            String sender, List<String> conversationIds, Content content, WebSocketEventLoop loop) {
        return await(startEarlier(sender, conversationIds, content, loop));
    }

    private EarlierMessages startEarlier(
            String sender, List<String> conversationIds, Content content, WebSocketEventLoop loop) {
        EarlierMessages messages = new EarlierMessages(conversationIds, content, tokens.tokenFor(sender), run.format());
        connect(messages, loop);
        return messages;
    }

    private static List<Long> await(EarlierMessages messages) {
        return switch (messages.outcome(EARLIER_TIMEOUT)) {
            case EarlierMessages.Sent(List<Long> seqs) -> seqs;
            case EarlierMessages.Failed(String reason) ->
                throw new BenchException("cannot send the messages before the run: " + reason);
        };
    }

    private void registerPush(String user, WebSocketEventLoop loop) {
        PushRegistration registration = new PushRegistration(tokens.tokenFor(user), run.format());
        connect(registration, loop);
        if (registration.outcome(GROUP_TIMEOUT) instanceof PushRegistration.Failed(String reason)) {
            throw new BenchException("cannot register " + user + " for notifications: " + reason);
        }
    }

    private void join(BenchConversation conversation, List<String> users, WebSocketEventLoop loop) {
        conversations.add(conversation);
        for (int device = 0; device < users.size() * checks.devices(); device++) {
            ChatClient client = new ChatClient(
                    conversation,
                    device,
                    "bench-" + (device / users.size() + 1),
                    tokens.tokenFor(users.get(device % users.size())),
                    run.format(),
                    counters,
                    listener -> connect(listener, loop));
            clients.add(client);
            all.add(client);
            if (device < users.size()) {
                senders.add(client);
            }
        }
    }

    private void addNonMember(WebSocketEventLoop loop) {
        if (checks.nonMember()) {
            String token = tokens.tokenFor("bench-" + run.runId() + "-outside");
            NonMemberClient client =
                    new NonMemberClient(token, run.format(), counters, listener -> connect(listener, loop));
            conversations.forEach(client::add);
            all.add(client);
        }
    }

    private WebSocketClient connect(WebSocketClient.Listener listener, WebSocketEventLoop loop) {
        URI gateway = gateways.get(Math.floorMod(connects.getAndIncrement(), gateways.size()));
        return loop.connect(gateway, run.format().subprotocol(), run.format().binary(), listener);
    }

    /** Asks the clients whose view is missing or older than the conversation. Returns whether there is none. */
    private boolean hasCheckedUnread() {
        return clients.stream().filter(client -> !client.checkView()).count() == 0;
    }

    private String user(int number) {
        return "bench-" + run.runId() + '-' + number;
    }

    /** Sends all messages. Returns what the measured window has cost the server, or null. */
    private @Nullable ServerUsage send(Pacer pacer) throws IOException {
        sending.complete(null);
        progress.expectEnd(pacer.dueNanos(plan.messages()));
        Thread pacing = Thread.ofPlatform().name("bench-pacer").daemon().start(pacer);
        long measuredFrom = pacer.dueNanos(plan.warmupMessages());
        participants.await(
                "warming up",
                () -> System.nanoTime() - measuredFrom >= 0,
                Duration.ofSeconds(plan.warmupSeconds()).plus(RUN_UP).plus(Participants.TICK));
        if (probe != null) {
            probe.begin(Duration.ofSeconds(Math.ceilDiv(plan.seconds(), MAX_SAMPLES)));
        }
        participants.await("measuring", () -> !pacing.isAlive(), Duration.ofDays(1));
        return probe == null ? null : probe.end();
    }
}
