package dev.tidings.ops.bench;

import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.Content;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/**
 * One storm: connect everyone, let them talk, drop all users at once, write to them meanwhile, and see them come back.
 *
 * <p>Some, the senders, stay as far as their gateway does. Each user talks with some of them, one conversation with each;
 * they do not stop writing before the last user is back.
 */
final class Storm {

    private static final Duration SYNC_PATIENCE = Duration.ofSeconds(60);
    private static final Duration DROP_PATIENCE = Duration.ofMinutes(10);
    /** How far apart users connect before the storm. */
    private static final Duration ARRIVAL_PAUSE = Duration.ofMillis(2);

    private final StormPlan plan;
    private final Tokens tokens;
    private final Checker checker = new Checker();
    private final Tally tally = new Tally();
    private final StormTimes times = new StormTimes();
    private final List<StormClient> all = new ArrayList<>();
    private final List<StormClient> users;
    private final List<StormClient> senders;
    /** Those of one user stand together. */
    private final List<Conversation> conversations = new ArrayList<>();

    private final Progress progress;
    private final Crowd crowd;
    private long returningSinceNanos;

    Storm(StormPlan plan, Tokens tokens, Progress progress) {
        this.plan = plan;
        this.tokens = tokens;
        this.progress = progress;
        this.crowd = new Crowd(all, progress, tally);
        this.users = new ArrayList<>();
        this.senders = new ArrayList<>();
    }

    /** @throws BenchException where there cannot be a storm */
    StormReport run() {
        try (WireLoop loop = new WireLoop()) {
            invite(loop);
            crowd.connect(plan.url());
            talk();
            drop();
            comeBack();
            settle();
            StormReport.Returns returns = new StormReport.Returns();
            users.forEach(user -> user.report(returns));
            return new StormReport(plan, returns, times, checker.audit(returningSinceNanos, Long.MAX_VALUE), tally);
        } catch (IOException e) {
            throw new BenchException("cannot open sockets: " + e, e);
        }
    }

    private void invite(WireLoop loop) {
        Content content = Bench.text(plan.textBytes(), new SplittableRandom(plan.seed()));
        for (int sender = 0; sender < plan.senders(); sender++) {
            senders.add(client("sender", sender, plan.sendersUrl(), loop));
        }
        for (int user = 0; user < plan.users(); user++) {
            users.add(client("user", user, plan.url(), loop));
            for (int number = 0; number < plan.conversations(); number++) {
                int sender = senderOf(user, number);
                List<String> pair = List.of(id("sender", sender), id("user", user));
                String id =
                        ConversationId.between(pair.getFirst(), pair.getLast()).toString();
                Conversation conversation = new Conversation(id, content, false, checker.open(pair, content));
                conversations.add(conversation);
                senders.get(sender).join(conversation, 0);
                users.get(user).join(conversation, 1);
            }
        }
        long now = System.nanoTime();
        for (int i = 0; i < all.size(); i++) {
            all.get(i).comeBack(now + i * ARRIVAL_PAUSE.toNanos());
        }
    }

    private StormClient client(String kind, int number, URI url, WireLoop loop) {
        StormClient client = new StormClient(
                tokens.of(id(kind, number)),
                plan.format(),
                tally,
                times,
                listener -> loop.connect(url, plan.format(), listener));
        all.add(client);
        return client;
    }

    private String id(String kind, int number) {
        return "bench-" + plan.runId() + '-' + kind + '-' + number;
    }

    private int senderOf(int user, int number) {
        return (user + number) % plan.senders();
    }

    /** Fills all conversations, both sides in turn, and lets everybody read as far as that. */
    private void talk() {
        Thread writing = write(plan.historyMessages(), message -> {
            int index = (int) (message % conversations.size());
            boolean users = message / conversations.size() % 2 == 1;
            say(index, users);
        });
        crowd.await("talking", () -> !writing.isAlive(), Duration.ofDays(1));
        require(
                crowd.await("talking", checker::isSettled, plan.drain()),
                "what was said before the storm did not arrive");
        all.forEach(StormClient::sync);
        require(
                crowd.await("syncing", this::isEverybodySynced, SYNC_PATIENCE),
                "not everybody could sync before the storm");
    }

    private void drop() {
        switch (plan.drop()) {
            case CUT -> {
                users.forEach(StormClient::stayAway);
                crowd.await("dropping", () -> users.stream().allMatch(StormClient::isAway), SYNC_PATIENCE);
            }
            case DRAIN -> {
                progress.ask("now stop the gateway of the users, and start it again");
                require(
                        crowd.await("waiting", () -> users.stream().allMatch(StormClient::hasDropped), DROP_PATIENCE),
                        "the gateway did not drop its users");
            }
        }
    }

    /** Returns once all are back, or have had long enough to be. */
    private void comeBack() {
        returningSinceNanos = System.nanoTime();
        Thread writing = write(Long.MAX_VALUE, this::sayToOneWhoIsAway);
        switch (plan.drop()) {
            case CUT -> {
                long missed = (long) plan.missed() * plan.users();
                long before = tally.sequenced.sum();
                crowd.await("away", () -> tally.sequenced.sum() - before >= missed, Duration.ofDays(1));
                returningSinceNanos = System.nanoTime();
                users.forEach(user -> user.comeBack(returningSinceNanos));
            }
            case DRAIN -> {} // each comes when he was advised to
        }
        crowd.await("coming back", () -> users.stream().allMatch(StormClient::isSynced), plan.patience());
        writing.interrupt();
    }

    private void settle() {
        crowd.await("draining", checker::isSettled, plan.drain());
        if (!checker.isSettled()) {
            all.forEach(StormClient::recover);
            crowd.await("recovering", checker::isSettled, plan.drain());
        }
    }

    private boolean isEverybodySynced() {
        return all.stream().allMatch(StormClient::isSynced);
    }

    /** To one user after the other; each time round in his next conversation. */
    private void sayToOneWhoIsAway(long message) {
        int user = (int) (message % plan.users());
        int number = (int) (message / plan.users() % plan.conversations());
        say(user * plan.conversations() + number, false);
    }

    private void say(int conversation, boolean byUser) {
        int user = conversation / plan.conversations();
        StormClient speaker =
                byUser ? users.get(user) : senders.get(senderOf(user, conversation % plan.conversations()));
        speaker.send(conversations.get(conversation), System.nanoTime());
    }

    /** @param say hears the number of each message when it is due */
    private Thread write(long messages, LongConsumer say) {
        long[] next = {0};
        Pacer pacer = new Pacer(
                System.nanoTime() + Bench.RUN_UP.toNanos(), plan.rate(), messages, 0, due -> say.accept(next[0]++));
        return Thread.ofPlatform().name("bench-pacer").daemon().start(pacer);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new BenchException(otherwise);
        }
    }
}
