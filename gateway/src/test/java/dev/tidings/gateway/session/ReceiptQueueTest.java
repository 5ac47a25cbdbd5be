package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceiptQueueTest {

    private final List<String> written = new ArrayList<>();
    private final ReceiptQueue.ReceiptSource source = written::add;
    private final ReceiptQueue queue = new ReceiptQueue(Runnable::run);

    @Test
    void a_receipt_is_written_at_the_third_tick() {
        queue.add(source, "a");

        tick(2);
        assertEquals(List.of(), written);
        tick(1);
        assertEquals(List.of("a"), written);
        assertEquals(0, queue.size());
    }

    @Test
    void a_receipt_that_comes_again_keeps_its_place() {
        queue.add(source, "a");
        tick(2);
        queue.add(source, "a");
        assertEquals(1, queue.size());

        tick(1);

        assertEquals(List.of("a"), written);
    }

    @Test
    void a_removed_receipt_is_not_written_and_waits_anew_if_it_comes_again() {
        queue.add(source, "a");
        tick(2);
        queue.remove(source, "a");
        queue.add(source, "a");

        tick(2);
        assertEquals(List.of(), written);
        tick(1);
        assertEquals(List.of("a"), written);
    }

    @Test
    void receipts_of_different_sessions_wait_apart() {
        ReceiptQueue.ReceiptSource other = conversationId -> written.add("other " + conversationId);
        queue.add(source, "a");
        queue.add(other, "a");
        queue.remove(source, "a");

        tick(3);

        assertEquals(List.of("other a"), written);
    }

    @Test
    void a_quiet_gateway_writes_fifty_receipts_a_second() {
        add(2 * ReceiptQueue.QUIET_PER_SECOND);

        for (int second = 1; second <= 3; second++) {
            commands(ReceiptQueue.BUSY_COMMANDS_PER_SECOND - 1);
            tick(1);
        }
        assertEquals(names(0, ReceiptQueue.QUIET_PER_SECOND), written);
        tick(1);
        assertEquals(names(0, 2 * ReceiptQueue.QUIET_PER_SECOND), written);
    }

    @ParameterizedTest
    @CsvSource({"50, 5", "100, 6", "1000, 15", "20000, 205"})
    void a_busy_gateway_writes_five_receipts_a_second_and_one_for_a_hundred_commands(int commands, int receipts) {
        add(2_000);
        tick(3);
        int before = written.size();

        commands(commands);
        tick(1);

        assertEquals(before + receipts, written.size());
    }

    @Test
    void no_receipt_waits_longer_than_thirty_seconds_and_the_late_ones_are_spread() {
        add(10_000);

        int most = 0;
        for (int second = 1; second <= ReceiptQueue.MAX_WAIT_SECONDS; second++) {
            int before = written.size();
            commands(ReceiptQueue.BUSY_COMMANDS_PER_SECOND);
            tick(1);
            most = Math.max(most, written.size() - before);
            assertTrue(
                    second >= ReceiptQueue.LATE_SECONDS || written.size() <= ReceiptQueue.QUIET_PER_SECOND + 6 * second,
                    "second " + second);
        }

        assertEquals(names(0, 10_000), written);
        assertTrue(most <= 10_000 / (ReceiptQueue.MAX_WAIT_SECONDS - ReceiptQueue.LATE_SECONDS), "at most " + most);
    }

    @Test
    void a_full_queue_writes_its_oldest_receipt_at_once() {
        add(ReceiptQueue.MAX_WAITING);
        assertEquals(List.of(), written);

        queue.add(source, "one more");

        assertEquals(List.of("0"), written);
        assertEquals(ReceiptQueue.MAX_WAITING, queue.size());
    }

    private void add(int receipts) {
        names(0, receipts).forEach(name -> queue.add(source, name));
    }

    private static List<String> names(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    private void commands(int count) {
        IntStream.range(0, count).forEach(i -> queue.commandWritten());
    }

    private void tick(int times) {
        IntStream.range(0, times).forEach(i -> queue.tick());
    }
}
