package dev.tidings.connectors.clickhouse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.connectors.clickhouse.row.UserNameKeyRow;
import dev.tidings.connectors.clickhouse.row.UserRow;
import dev.tidings.v1.UserProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserRowsTest {

    private static final long AT_MILLIS = 1_774_000_000_123L;
    private static final UserProfile PROFILE = UserProfile.newBuilder()
            .setUserId("alice")
            .setDisplayName("Alice Müller 小雨")
            .setAvatarUrl("https://example.com/a.png")
            .setLocale("de-CH")
            .setTimeZone("Europe/Zurich")
            .setCustom(ByteString.copyFrom(new byte[] {0, (byte) 0xff}))
            .setCreatedAt(Timestamps.fromMillis(AT_MILLIS))
            .setUpdatedAt(Timestamps.fromMillis(AT_MILLIS + 5))
            .setDisabled(true)
            .setVersion(AT_MILLIS + 5)
            .build();

    @Test
    void a_profile_is_one_row() {
        UserRow row = assertInstanceOf(
                UserRow.class, UserRows.of(PROFILE.toByteArray()).getLast());

        assertEquals("alice", row.userId());
        assertEquals("Alice Müller 小雨", row.displayName());
        assertEquals("Europe/Zurich", row.timeZone());
        assertArrayEquals(new byte[] {0, (byte) 0xff}, row.custom());
        assertEquals(AT_MILLIS, row.createdAtMillis());
        assertEquals(AT_MILLIS + 5, row.updatedAtMillis());
        assertTrue(row.disabled());
        assertEquals(AT_MILLIS + 5, row.version());
    }

    @Test
    void a_name_has_a_row_for_each_of_its_keys() {
        long version = PROFILE.getVersion();
        List<Row> rows = UserRows.of(PROFILE.toByteArray());
        assertEquals(
                List.of(
                        new UserNameKeyRow("alice muller 小雨", "alice", version),
                        new UserNameKeyRow("muller 小雨", "alice", version),
                        new UserNameKeyRow("小雨", "alice", version),
                        new UserNameKeyRow("雨", "alice", version)),
                rows.subList(0, rows.size() - 1));
        assertEquals(
                1,
                UserRows.of(PROFILE.toBuilder().clearDisplayName().build().toByteArray())
                        .size());
    }

    @Test
    void what_is_no_profile_is_reported() {
        assertThrows(IllegalArgumentException.class, () -> UserRows.of(null));
        assertThrows(IllegalArgumentException.class, () -> UserRows.of(new byte[] {(byte) 0xff}));
        assertThrows(
                IllegalArgumentException.class,
                () -> UserRows.of(PROFILE.toBuilder().clearUserId().build().toByteArray()));
    }
}
