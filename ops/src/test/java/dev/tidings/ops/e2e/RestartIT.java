package dev.tidings.ops.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.connect.ConnectorsConfig;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.ops.verify.Verification;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Sync;
import dev.tidings.v1.SyncMode;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Data outlives a stop, a backup, and a start on a directory that is restored from it. */
class RestartIT {

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne();

    @Test
    void conversations_continue_where_they_were() throws Exception {
        try (ChatClient alice = ChatClient.signedIn(tidings.url(), "alice", "phone", Subprotocol.PROTO)) {
            alice.request(ChatClient.text("p:alice:bob", "m1", "before"), ServerFrame::hasSequenced);
        }

        tidings.restartFromBackup();

        try (ChatClient alice = ChatClient.signedIn(tidings.url(), "alice", "phone", Subprotocol.PROTO);
                ChatClient bob = ChatClient.signedIn(tidings.url(), "bob", "phone", Subprotocol.JSON)) {
            assertEquals(
                    1,
                    alice.request(ChatClient.text("p:alice:bob", "m1", "before"), ServerFrame::hasSequenced)
                            .getSequenced()
                            .getSeq());
            assertEquals(
                    2,
                    alice.request(ChatClient.text("p:alice:bob", "m2", "after"), ServerFrame::hasSequenced)
                            .getSequenced()
                            .getSeq());
            bob.awaitFrame(ServerFrame::hasEvents);
            assertEquals(
                    2,
                    bob.request(
                                    ClientFrame.newBuilder()
                                            .setSync(Sync.newBuilder().setMode(SyncMode.FULL)),
                                    ServerFrame::hasSyncPage)
                            .getSyncPage()
                            .getViews(0)
                            .getUnread());
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertEquals(
                            "1\tbefore\n2\tafter\n", tidings.sql("SELECT seq, text FROM messages FINAL ORDER BY seq")));
        }
        Verification verification =
                new Verification(KafkaLog.of(tidings.settings()), ConnectorsConfig.from(tidings.settings()));
        assertTrue(verification.run(Set.of(), 1, partition -> {}).isEqual());
    }
}
