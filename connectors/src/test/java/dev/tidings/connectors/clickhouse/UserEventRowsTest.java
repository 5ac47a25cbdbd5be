package dev.tidings.connectors.clickhouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.util.Timestamps;
import dev.tidings.connectors.clickhouse.row.PresenceChangeRow;
import dev.tidings.connectors.clickhouse.row.SessionChangeRow;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Platform;
import dev.tidings.v1.Presence;
import dev.tidings.v1.Session;
import dev.tidings.v1.SessionClosed;
import dev.tidings.v1.UserEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserEventRowsTest {

    private static final long AT_MILLIS = 1_774_000_000_123L;
    private static final Session SESSION = Session.newBuilder()
            .setSessionId("s-1")
            .setDeviceId("phone")
            .setPlatform(Platform.IOS)
            .setGatewaySlot(2)
            .build();

    @Test
    void beginAndEndOfASessionAreRows() {
        assertEquals(
                List.of(new SessionChangeRow("alice", "s-1", true, AT_MILLIS, "phone", "ios", 2)),
                UserEventRows.of(event().setSessionOpened(SESSION).build().toByteArray()));
        assertEquals(
                List.of(new SessionChangeRow("alice", "s-1", false, AT_MILLIS, "phone", "ios", 2)),
                UserEventRows.of(
                        event().setSessionClosed(SessionClosed.newBuilder().setSession(SESSION))
                                .build()
                                .toByteArray()));
    }

    @Test
    void presenceIsARowWithoutTheStatusText() {
        Presence presence = Presence.newBuilder()
                .setUserId("alice")
                .setOnline(true)
                .addPlatforms(Platform.IOS)
                .addPlatforms(Platform.WEB)
                .setStatus("in a meeting")
                .build();
        assertEquals(
                List.of(new PresenceChangeRow("alice", AT_MILLIS, true, List.of("ios", "web"))),
                UserEventRows.of(event().setPresenceChanged(presence).build().toByteArray()));
    }

    @Test
    void viewsAndUnknownBodiesMakeNoRow() {
        UserEvent view = event().setViewChanged(ConversationView.newBuilder().setConversationId("g:x"))
                .build();
        assertEquals(List.of(), UserEventRows.of(view.toByteArray()));
        assertEquals(List.of(), UserEventRows.of(event().build().toByteArray()));
    }

    @Test
    void valuesThatAreNoEventAreRejected() {
        assertThrows(IllegalArgumentException.class, () -> UserEventRows.of(null));
        assertThrows(IllegalArgumentException.class, () -> UserEventRows.of(new byte[] {(byte) 0xff, 1}));
        byte[] withoutUser =
                event().clearUserId().setSessionOpened(SESSION).build().toByteArray();
        assertThrows(IllegalArgumentException.class, () -> UserEventRows.of(withoutUser));
    }

    private static UserEvent.Builder event() {
        return UserEvent.newBuilder().setUserId("alice").setAt(Timestamps.fromMillis(AT_MILLIS));
    }
}
