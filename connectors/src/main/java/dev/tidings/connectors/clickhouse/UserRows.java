package dev.tidings.connectors.clickhouse;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.connectors.clickhouse.row.UserNameKeyRow;
import dev.tidings.connectors.clickhouse.row.UserRow;
import dev.tidings.schemas.text.NameKeys;
import dev.tidings.v1.UserProfile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds the row of a profile in the user directory: a pure function of the record's bytes. */
final class UserRows {

    private UserRows() {}

    /**
     * @param raw a record's value
     * @throws IllegalArgumentException if it is not a valid profile; the message says why
     */
    static List<Row> of(byte @Nullable [] raw) {
        if (raw == null) {
            throw new IllegalArgumentException("the record has no value");
        }
        try {
            UserProfile profile = UserProfile.parseFrom(raw);
            List<Row> rows = new ArrayList<>();
            for (String key : NameKeys.of(profile.getDisplayName())) {
                rows.add(new UserNameKeyRow(key, Values.user(profile.getUserId()), profile.getVersion()));
            }
            rows.add(new UserRow(
                    Values.user(profile.getUserId()),
                    profile.getDisplayName(),
                    profile.getAvatarUrl(),
                    profile.getLocale(),
                    profile.getTimeZone(),
                    profile.getCustom().toByteArray(),
                    Values.millis(profile.getCreatedAt(), "the profile's creation"),
                    Values.millis(profile.getUpdatedAt(), "the profile's change"),
                    profile.getDisabled(),
                    profile.getVersion()));
            return rows;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the value is not a UserProfile: " + e.getMessage(), e);
        }
    }
}
