package dev.tidings.processors.rules;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tidings.v1.Ban;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RulesCommand;
import java.util.List;
import org.junit.jupiter.api.Test;

class RulesChangeTest {

    private static final RulesCommand BAN = RulesCommand.newBuilder()
            .addBan(Ban.newBuilder().setUserId("mallory"))
            .build();

    @Test
    void at_most_a_hundred_thousand_bans_hold_at_a_time() {
        assertNull(RulesChange.flaw(BAN, 0, RulesChange.MAX_BANS - 1));
        assertEquals(
                Refusal.Reason.TOO_MANY,
                requireNonNull(RulesChange.flaw(BAN, 0, RulesChange.MAX_BANS)).getReason());
        assertNull(RulesChange.flaw(BAN.toBuilder().addUnbanDeviceIds("web-1").build(), 0, RulesChange.MAX_BANS));
    }

    @Test
    void bans_of_the_same_addresses_are_one() {
        RulesCommand change = RulesCommand.newBuilder()
                .addBan(Ban.newBuilder().setAddress("192.0.2.7/24"))
                .addBan(Ban.newBuilder().setAddress("192.0.2.9/24"))
                .addUnban("bob")
                .build();

        assertEquals(
                List.of("ban:address:192.0.2.0/24", "ban:user:bob"),
                List.copyOf(RulesChange.of(change, EffectivePolicy.DEFAULT).keySet()));
    }
}
