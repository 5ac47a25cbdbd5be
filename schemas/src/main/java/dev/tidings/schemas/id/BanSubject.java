package dev.tidings.schemas.id;

import com.google.protobuf.Timestamp;
import dev.tidings.v1.Ban;
import dev.tidings.v1.RulesCommand;
import java.util.ArrayList;
import java.util.List;

/** What a ban is about, as one text: {@code user:<id>}, {@code device:<id>} or {@code address:<block>}. Equal subjects are equal. */
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

    public static String of(Ban ban) {
        if (!ban.getDeviceId().isEmpty()) {
            return ofDevice(ban.getDeviceId());
        }
        return ban.getAddress().isEmpty() ? ofUser(ban.getUserId()) : ofAddress(ban.getAddress());
    }

    /** What a change unbans, as bans that were over from the beginning. */
    public static List<Ban> lifted(RulesCommand rules) {
        List<Ban> lifted = new ArrayList<>();
        rules.getUnbanList().forEach(userId -> lifted.add(over(Ban.newBuilder().setUserId(userId))));
        rules.getUnbanDeviceIdsList()
                .forEach(deviceId -> lifted.add(over(Ban.newBuilder().setDeviceId(deviceId))));
        rules.getUnbanAddressesList()
                .forEach(address -> lifted.add(over(Ban.newBuilder().setAddress(address))));
        return lifted;
    }

    private static Ban over(Ban.Builder ban) {
        return ban.setUntil(Timestamp.getDefaultInstance()).build();
    }

    private static String ofAddress(String text) {
        AddressBlock block = AddressBlock.parse(text);
        return block == null ? "address:" + text : ofAddress(block);
    }
}
