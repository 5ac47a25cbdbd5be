package dev.tidings.ops.capacity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.RepositoryFiles;
import dev.tidings.ops.cli.Tidings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CapacityPlanTest {

    /** 1,000 messages a second at the peak. */
    private static final CapacityPlan PLAN = new CapacityPlan(new ExpectedLoad(864_000, 50, 2, 300, 100, 3));

    @Test
    void each_quantity_follows_its_formula() {
        assertEquals(5.4, PLAN.cores(), 1e-9);
        assertEquals(44 + 5, PLAN.gateways());
        assertEquals(98, PLAN.gatewaySlots());
        assertEquals((1 << 30) + 20_000 * 65_536.0, PLAN.gatewayBytes());
        assertEquals(8, PLAN.partitions());
        assertEquals(2, PLAN.processors());
        assertEquals(4, PLAN.threadsPerTopology());
        assertEquals(2, PLAN.connectors());
        assertEquals(4_534, PLAN.logBytesPerMessage());
        assertEquals(13_602_000, PLAN.brokerBytesPerSecond(), 1e-3);
        assertEquals(3, PLAN.brokers());
        assertEquals(43_200_000.0 * 4_534 * 3 * (0.3 * 100 + 0.7 * 7), PLAN.logBytes(), 1e6);
        assertEquals(43_200_000.0 * 100 * 400, PLAN.historyBytes(), 1);
        assertEquals(43_200_000.0 * 30 * 500, PLAN.recentBytes(), 1);
        assertEquals(List.of(), PLAN.limits());
    }

    @Test
    void shares_of_the_processor_time_are_the_whole() {
        assertEquals(
                1,
                UnitCosts.BROKER_SHARE + UnitCosts.PROCESSOR_SHARE + UnitCosts.GATEWAY_SHARE + UnitCosts.SINK_SHARE,
                1e-9);
    }

    @Test
    void a_message_costs_less_at_a_higher_rate_between_the_measured_ones() {
        assertEquals(2_700, peak(250 * 8).cpuMicrosPerMessage(), 1e-9);
        assertEquals(2_700, peak(1).cpuMicrosPerMessage(), 1e-9);
        assertEquals(
                Math.sqrt(2_700 * 400), peak((int) (Math.sqrt(10) * 250 * 8)).cpuMicrosPerMessage(), 1);
    }

    @Test
    void partitions_are_the_next_power_of_two() {
        assertEquals(16, peak(16_000).partitions());
        assertEquals(32, peak(16_001).partitions());
        assertEquals(8, peak(1).partitions());
    }

    @Test
    void a_plan_beyond_the_design_names_the_limits() {
        assertTrue(peak(1_000_000).limits().stream().anyMatch(limit -> limit.startsWith("1,024 partitions")));
        CapacityPlan users = new CapacityPlan(new ExpectedLoad(100_000_000, 1, 1, 100, 1, 3));
        assertTrue(users.limits().getFirst().startsWith("5,500 gateways"), users.limits()::toString);
    }

    @Test
    void a_load_without_users_is_rejected() {
        assertThrows(IllegalArgumentException.class, () -> new ExpectedLoad(0, 1, 1, 1, 1, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000000", "10000000", "100000000"})
    void the_document_shows_what_the_command_prints(String online) {
        StringWriter out = new StringWriter();
        assertEquals(0, Tidings.commandLine().setOut(new PrintWriter(out)).execute("capacity", "--online", online));

        String document = RepositoryFiles.read(RepositoryFiles.ROOT.resolve("ops/docs/capacity.md"));
        assertTrue(document.contains("$ tidings capacity --online " + online + '\n' + out + "```"), out::toString);
    }

    private static CapacityPlan peak(int messagesPerSecond) {
        return new CapacityPlan(new ExpectedLoad(messagesPerSecond, 86_400, 1, 100, 1, 3));
    }
}
