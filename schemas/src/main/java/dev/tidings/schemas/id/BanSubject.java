package dev.tidings.schemas.id;

import com.google.protobuf.Timestamp;
import dev.tidings.v1.Ban;
import dev.tidings.v1.RulesCommand;
import java.util.ArrayList;
import java.util.List;

/**
 * The subject of a ban as a key: {@code user:<id>}, {@code device:<id>}, {@code address:<block>}, or {@code disabled:<id>} for a user
 * whom the directory disables. In canonical form.
 */
public final class BanSubject {

    private BanSubject() {}

    public static String ofUser(String userId) {
        return "user:" + userId;
    }

    public static String ofDevice(String deviceId) {
        return "device:" + deviceId;
    }

    public static String ofAddress(AddressBlock block) {
        return "address:" + block;
    }

    /** Differs from {@link #ofUser}, so that enabling a user does not lift a ban. */
    public static String ofDisabledUser(String userId) {
        return "disabled:" + userId;
    }

    public static String of(Ban ban) {
        if (!ban.getDisabledUserId().isEmpty()) {
            return ofDisabledUser(ban.getDisabledUserId());
        }
        if (!ban.getDeviceId().isEmpty()) {
            return ofDevice(ban.getDeviceId());
        }
        return ban.getAddress().isEmpty() ? ofUser(ban.getUserId()) : ofAddress(ban.getAddress());
    }

    /** The bans that the command lifts, each with an {@code until} of 1970. */
    public static List<Ban> lifted(RulesCommand rules) {
        List<Ban> lifted = new ArrayList<>();
        rules.getUnbanList()
                .forEach(userId -> lifted.add(expired(Ban.newBuilder().setUserId(userId))));
        rules.getUnbanDeviceIdsList()
                .forEach(deviceId -> lifted.add(expired(Ban.newBuilder().setDeviceId(deviceId))));
        rules.getUnbanAddressesList()
                .forEach(address -> lifted.add(expired(Ban.newBuilder().setAddress(address))));
        return lifted;
    }

    /** The record in {@code tidings.bans} of a user whom the directory disables, or enables again. */
    public static Ban disabled(String userId, boolean isDisabled) {
        Ban.Builder ban = Ban.newBuilder().setDisabledUserId(userId);
        return isDisabled ? ban.build() : expired(ban);
    }

    private static Ban expired(Ban.Builder ban) {
        return ban.setUntil(Timestamp.getDefaultInstance()).build();
    }

    private static String ofAddress(String text) {
        AddressBlock block = AddressBlock.parse(text);
        return block == null ? "address:" + text : ofAddress(block);
    }
}
