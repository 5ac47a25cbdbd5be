package dev.tidings.gateway.session;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;

/**
 * Decides when the waiting delivery receipts of one gateway are written, oldest first. A receipt waits two to three seconds, in
 * which a command of the user may carry it. While the gateway is busy it waits longer: receipts are then five a second and one
 * percent of the clients' commands. From 15 s on, the late ones are spread so that none waits longer than 30 s. See decision
 * 43.
 *
 * <p>At most one receipt waits for a session and conversation; the session knows its newest seq. Time is counted in ticks of
 * one second. Thread-safe; may be called under the lock of a session, and takes none itself.
 */
final class ReceiptQueue {

    /** Beyond this number the oldest receipt is written at once. */
    static final int MAX_WAITING = 100_000;

    /** The first of these seconds has begun when a receipt comes. */
    static final int MIN_WAIT_SECONDS = 3;

    static final int LATE_SECONDS = 15;
    static final int MAX_WAIT_SECONDS = 30;

    /** A gateway with fewer commands is quiet. */
    static final int BUSY_COMMANDS_PER_SECOND = 50;

    static final int QUIET_PER_SECOND = 50;
    static final int BUSY_PER_SECOND = 5;

    /** A busy gateway writes one more receipt for so many commands. */
    static final int COMMANDS_PER_RECEIPT = 100;

    /** The receipts of one session. */
    interface ReceiptSource {

        /** Writes the receipt of the conversation if it still waits. Takes the session's lock. */
        void write(String conversationId);
    }

    private record WaitingReceipt(ReceiptSource source, String conversationId) {

        void write() {
            source.write(conversationId);
        }
    }

    private final Executor background;
    private final LongAdder commands = new LongAdder();
    /** The tick since which each receipt waits, oldest first. */
    private final Map<WaitingReceipt, Long> waiting = new LinkedHashMap<>();

    private long ticks;
    private double budget = QUIET_PER_SECOND;

    /** @param background writes receipts, and not in the calling thread: the caller may hold the lock of a session */
    ReceiptQueue(Executor background) {
        this.background = background;
    }

    /** Counts a command of a client. */
    void commandWritten() {
        commands.increment();
    }

    /** Adds a receipt behind all others, or leaves it at its place. */
    void add(ReceiptSource source, String conversationId) {
        List<WaitingReceipt> excess;
        synchronized (this) {
            waiting.putIfAbsent(new WaitingReceipt(source, conversationId), ticks);
            excess = take(waiting.size() - MAX_WAITING, 0);
        }
        write(excess);
    }

    /** Removes a receipt that need not be written any more. */
    synchronized void remove(ReceiptSource source, String conversationId) {
        waiting.remove(new WaitingReceipt(source, conversationId));
    }

    synchronized int size() {
        return waiting.size();
    }

    /** Writes the receipts that are due. Call it once a second. */
    void tick() {
        List<WaitingReceipt> due;
        synchronized (this) {
            ticks++;
            double perSecond = perSecond(commands.sumThenReset());
            budget = Math.min(Math.max(QUIET_PER_SECOND, perSecond), budget + perSecond);
            due = take(Math.max((int) budget, late()), MIN_WAIT_SECONDS);
            budget = Math.max(0, budget - due.size());
        }
        write(due);
    }

    private static double perSecond(long commands) {
        return commands < BUSY_COMMANDS_PER_SECOND
                ? QUIET_PER_SECOND
                : BUSY_PER_SECOND + commands / (double) COMMANDS_PER_RECEIPT;
    }

    /** The number of late receipts to write now, so that the oldest does not wait longer than allowed. */
    private int late() {
        int late = 0;
        long oldest = 0;
        for (long since : waiting.values()) {
            long waited = ticks - since;
            if (waited < LATE_SECONDS) {
                break;
            }
            oldest = Math.max(oldest, waited);
            late++;
        }
        long secondsLeft = Math.max(1, MAX_WAIT_SECONDS - oldest + 1);
        return (int) Math.ceilDiv(late, secondsLeft);
    }

    private List<WaitingReceipt> take(int atMost, int minWait) {
        List<WaitingReceipt> taken = new ArrayList<>();
        Iterator<Map.Entry<WaitingReceipt, Long>> oldest = waiting.entrySet().iterator();
        while (taken.size() < atMost && oldest.hasNext()) {
            Map.Entry<WaitingReceipt, Long> next = oldest.next();
            if (ticks - next.getValue() < minWait) {
                break;
            }
            taken.add(next.getKey());
            oldest.remove();
        }
        return taken;
    }

    private void write(List<WaitingReceipt> receipts) {
        if (!receipts.isEmpty()) {
            background.execute(() -> receipts.forEach(WaitingReceipt::write));
        }
    }
}
