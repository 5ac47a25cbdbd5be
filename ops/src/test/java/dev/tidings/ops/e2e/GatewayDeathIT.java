package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.Gateway;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.GatewayBeat;
import dev.tidings.v1.GatewayGone;
import dev.tidings.v1.Notification;
import dev.tidings.v1.PresenceQuery;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A gateway process is killed with SIGKILL. Its users go offline and are notified, and one {@code GatewayGone} record is
 * written to each partition, however many users were connected. Prints the times; see {@code benchmarks.md}.
 */
class GatewayDeathIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final int OTHERS = 10;

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne().withWebhook();

    private static final BusinessSystem log = tidings.business();

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String alice = "alice-" + suffix;
    private final String bob = "bob-" + suffix;
    private final String pair = ConversationId.between(alice, bob).toString();

    /** Session ids of the users at the gateway that dies. */
    private final List<String> sessions = new ArrayList<>();

    private final List<ChatClient> clients = new ArrayList<>();

    @Test
    void users_of_a_killed_gateway_are_offline_and_notified_after_its_beats_stop() throws Exception {
        int slot = 7;
        try (RoleProcess doomed = tidings.startGatewayProcess("silent", slot(slot));
                ChatClient watcher = ChatClient.signedIn(tidings.url(), alice, "phone", Subprotocol.PROTO)) {
            long epoch = connectUsers(watcher, slot, doomed.url());

            long killedNanos = System.nanoTime();
            doomed.kill();

            awaitOffline(watcher);
            long offlineMillis = millisSince(killedNanos);
            awaitNotified();
            System.out.printf(
                    "gateway killed: users offline after %d ms, notified after %d ms%n",
                    offlineMillis, millisSince(killedNanos));
            assertOneGatewayGonePerPartition(slot, epoch);
        } finally {
            clients.forEach(ChatClient::close);
        }
    }

    @Test
    void a_gateway_that_stops_as_planned_is_reported_once() throws Exception {
        int stopped = 5;
        int killed = 6;
        tidings.startGateway(slot(stopped)).close();
        try (RoleProcess later = tidings.startGatewayProcess("later", slot(killed))) {
            later.kill();
        }

        // the watch would report the stopped gateway before the one that was killed later
        await().atMost(TIMEOUT).until(() -> reportsOf(killed, epochOf(killed)).size() == partitions());
        assertEquals(partitions(), reportsOf(stopped, epochOf(stopped)).size());
    }

    /** The successor starts in this process: the test is about its claim, and not about the start of a JVM. */
    @Test
    void users_of_a_killed_gateway_are_offline_and_notified_at_once_when_it_restarts() throws Exception {
        int slot = 8;
        try (RoleProcess doomed = tidings.startGatewayProcess("restarted", slot(slot));
                ChatClient watcher = ChatClient.signedIn(tidings.url(), alice, "phone", Subprotocol.PROTO)) {
            long epoch = connectUsers(watcher, slot, doomed.url());

            long killedNanos = System.nanoTime();
            doomed.kill();
            try (Gateway successor = tidings.startGateway(slot(slot))) {
                awaitOffline(watcher);
                long offlineMillis = millisSince(killedNanos);
                awaitNotified();
                System.out.printf(
                        "gateway killed and started again on its slot: users offline after %d ms, notified after %d ms%n",
                        offlineMillis, millisSince(killedNanos));

                // the successor always writes one record for each partition; the watch of the processors wrote none
                // before
                assertOneGatewayGonePerPartition(slot, epoch);
                assertEquals(epoch + 1, epochOf(slot));
                assertTrue(successor.port() > 0);
            }
        } finally {
            clients.forEach(ChatClient::close);
        }
    }

    private static Map<String, String> slot(int slot) {
        return Map.of("gateway.slot", Integer.toString(slot));
    }

    /**
     * Connects Bob and some others to the gateway. Alice sees that Bob is online; Bob has not acknowledged her message.
     *
     * @return the gateway's epoch
     */
    private long connectUsers(ChatClient watcher, int slot, URI gateway) {
        ChatClient phone = connect(gateway, bob);
        IntStream.range(0, OTHERS).forEach(number -> connect(gateway, "x" + number + '-' + suffix));
        phone.registerPush("phone", "token-of-bob");
        watcher.send(ClientFrame.newBuilder()
                .setPresence(PresenceQuery.newBuilder().addUserIds(bob).setMode(WatchPresence.Mode.START)));
        watcher.awaitFrame(frame -> frame.hasPresence() && frame.getPresence().getOnline());
        watcher.request(ChatClient.text(pair, "m1", "are you there?"), ServerFrame::hasSequenced);
        phone.awaitFrame(ServerFrame::hasEvents);
        return epochOf(slot);
    }

    private ChatClient connect(URI gateway, String user) {
        ChatClient client = new ChatClient(gateway, Subprotocol.PROTO);
        clients.add(client);
        ServerFrame connected = client.request(
                ChatClient.connect(ChatClient.devToken(tidings.url(), user), "phone"), ServerFrame::hasConnected);
        sessions.add(connected.getConnected().getSessionId());
        return client;
    }

    private void awaitOffline(ChatClient watcher) {
        watcher.awaitFrame(frame -> frame.hasPresence()
                && frame.getPresence().getUserId().equals(bob)
                && frame.getPresence().hasLastSeenAt());
    }

    private void awaitNotified() {
        List<Notification> notified = await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> tidings.webhook().of(bob), found -> !found.isEmpty());
        assertEquals("are you there?", notified.getFirst().getBody());
        assertEquals(1, notified.getFirst().getUnread());
    }

    /** Since the kill each partition got one record, though many users were connected. */
    private void assertOneGatewayGonePerPartition(int slot, long epoch) {
        List<ConsumerRecord<String, UserCommand>> all = log.committed(Topics.USER_COMMANDS);
        List<ConsumerRecord<String, UserCommand>> reports = reportsOf(slot, epoch);
        assertEquals(
                IntStream.range(0, partitions()).boxed().toList(),
                reports.stream().map(ConsumerRecord::partition).sorted().toList());
        long since = reports.stream().mapToLong(ConsumerRecord::timestamp).min().orElseThrow();
        assertEquals(
                partitions(),
                all.stream().filter(record -> record.timestamp() >= since).count());
        assertEquals(
                0,
                all.stream()
                        .filter(record -> sessions.contains(
                                record.value().getCloseSession().getSessionId()))
                        .count());
    }

    private static List<ConsumerRecord<String, UserCommand>> reportsOf(int slot, long epoch) {
        GatewayGone gone = GatewayGone.newBuilder()
                .setGatewaySlot(slot)
                .setGatewayEpoch(epoch)
                .build();
        return log.committed(Topics.USER_COMMANDS).stream()
                .filter(record -> record.value().getGatewayGone().toBuilder()
                        .clearLastBeatAt()
                        .build()
                        .equals(gone))
                .toList();
    }

    private static int partitions() {
        return TopicLayout.from(tidings.settings()).partitionsOf(Topics.USER_COMMANDS);
    }

    private long epochOf(int slot) {
        return log.committed(Topics.GATEWAYS).stream()
                .filter(record -> record.value() != null) // a probe has none
                .map(ConsumerRecord::value)
                .filter(beat -> beat.getSlot() == slot)
                .mapToLong(GatewayBeat::getEpoch)
                .max()
                .orElseThrow();
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
