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
    void there_are_at_most_100000_bans() {
        assertNull(RulesChange.check(BAN, 0, RulesChange.MAX_BANS - 1));
        assertEquals(
                Refusal.Reason.TOO_MANY,
                requireNonNull(RulesChange.check(BAN, 0, RulesChange.MAX_BANS)).getReason());
        assertNull(RulesChange.check(BAN.toBuilder().addUnbanDeviceIds("web-1").build(), 0, RulesChange.MAX_BANS));
    }

    @Test
    void bans_of_the_same_block_have_one_key() {
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
