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
 * A gateway that is a process of its own gets {@code kill -9}. Its users are offline and notified, and the log says of its
 * end once for each partition, not once for each connection. How long it took is printed; see {@code benchmarks.md}.
 */
class GatewayDeathIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int OTHERS = 10;

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne().withWebhook();

    private static final BusinessSystem log = tidings.business();

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String alice = "alice-" + suffix;
    private final String bob = "bob-" + suffix;
    private final String pair = ConversationId.between(alice, bob).toString();

    /** On the gateway that dies. */
    private final List<String> sessions = new ArrayList<>();

    private final List<ChatClient> clients = new ArrayList<>();

    @Test
    void its_users_are_offline_and_notified_when_its_beats_have_stopped() throws Exception {
        int slot = 7;
        try (RoleProcess doomed = tidings.startGatewayProcess("silent", slot(slot));
                ChatClient watcher = ChatClient.signedIn(tidings.url(), alice, "phone", Subprotocol.PROTO)) {
            long epoch = peopleAreOnline(watcher, slot, doomed.url());

            long killedNanos = System.nanoTime();
            doomed.kill();

            awaitOffline(watcher);
            long offlineMillis = millisSince(killedNanos);
            awaitNotified();
            System.out.printf(
                    "gateway killed: users offline after %d ms, notified after %d ms%n",
                    offlineMillis, millisSince(killedNanos));
            assertSaidOnce(slot, epoch);
        } finally {
            clients.forEach(ChatClient::close);
        }
    }

    /** The successor starts in this process: what is under test is its claim, and not how fast a JVM starts. */
    @Test
    void its_users_are_offline_and_notified_at_once_when_it_is_started_again() throws Exception {
        int slot = 8;
        try (RoleProcess doomed = tidings.startGatewayProcess("restarted", slot(slot));
                ChatClient watcher = ChatClient.signedIn(tidings.url(), alice, "phone", Subprotocol.PROTO)) {
            long epoch = peopleAreOnline(watcher, slot, doomed.url());

            long killedNanos = System.nanoTime();
            doomed.kill();
            try (Gateway successor = tidings.startGateway(slot(slot))) {
                awaitOffline(watcher);
                long offlineMillis = millisSince(killedNanos);
                awaitNotified();
                System.out.printf(
                        "gateway killed and started again on its slot: users offline after %d ms, notified after %d ms%n",
                        offlineMillis, millisSince(killedNanos));

                // the successor always says it; so if it was said once, nobody had noticed the silence before
                assertSaidOnce(slot, epoch);
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
     * Bob and some others are connected to the gateway, Alice sees that he is, and he has not acknowledged what she wrote.
     *
     * @return the gateway's epoch
     */
    private long peopleAreOnline(ChatClient watcher, int slot, URI gateway) {
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
        List<Notification> notified = await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> tidings.webhook().of(bob), found -> !found.isEmpty());
        assertEquals("are you there?", notified.getFirst().getBody());
        assertEquals(1, notified.getFirst().getUnread());
    }

    /** Since the kill nothing was said of it but one word in each partition, though many were connected. */
    private void assertSaidOnce(int slot, long epoch) {
        GatewayGone.Builder gone = GatewayGone.newBuilder().setGatewaySlot(slot).setGatewayEpoch(epoch);
        List<ConsumerRecord<String, UserCommand>> all = log.committed(Topics.USER_COMMANDS);
        List<ConsumerRecord<String, UserCommand>> told = all.stream()
                .filter(record -> record.value().getGatewayGone().toBuilder()
                        .clearLastBeatAt()
                        .build()
                        .equals(gone.build()))
                .toList();
        int partitions = TopicLayout.from(tidings.settings()).partitionsOf(Topics.USER_COMMANDS);
        assertEquals(
                IntStream.range(0, partitions).boxed().toList(),
                told.stream().map(ConsumerRecord::partition).sorted().toList());
        long since = told.stream().mapToLong(ConsumerRecord::timestamp).min().orElseThrow();
        assertEquals(
                partitions,
                all.stream().filter(record -> record.timestamp() >= since).count());
        assertEquals(
                0,
                all.stream()
                        .filter(record -> sessions.contains(
                                record.value().getCloseSession().getSessionId()))
                        .count());
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
