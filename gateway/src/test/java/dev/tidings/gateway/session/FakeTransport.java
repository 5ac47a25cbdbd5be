package dev.tidings.gateway.session;

import dev.tidings.gateway.frame.EventFrame;
import dev.tidings.gateway.frame.LiveHead;
import dev.tidings.v1.Events;
import dev.tidings.v1.ServerFrame;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A socket in memory that records the frames sent to its client. */
class FakeTransport implements Transport {

    private final List<ServerFrame> frames = new ArrayList<>();
    private @Nullable CloseReason closed;
    private boolean behind;
    private boolean aborted;
    private long waiting;
    private Runnable caughtUp = () -> {};

    @Override
    public InetAddress address() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public void send(ServerFrame frame) {
        if (closed == null) {
            frames.add(frame);
        }
    }

    @Override
    public void send(EventFrame frame) {
        send(frame.toServerFrame());
    }

    @Override
    public void send(LiveHead head) {
        send(head.toServerFrame());
    }

    @Override
    public boolean isBehind() {
        return behind;
    }

    /** Sets whether the client reads too slowly. */
    void setBehind(boolean isBehind) {
        behind = isBehind;
        if (!isBehind) {
            caughtUp.run();
        }
    }

    @Override
    public void onCaughtUp(Runnable task) {
        caughtUp = task;
    }

    @Override
    public long waitingBytes() {
        return waiting;
    }

    /** Sets how many bytes the socket has not taken. */
    void setWaitingBytes(long bytes) {
        waiting = bytes;
    }

    @Override
    public void discardWaiting() {
        waiting = 0;
    }

    @Override
    public void abort() {
        aborted = true;
    }

    /** Whether the socket was closed by force. */
    boolean aborted() {
        return aborted;
    }

    @Override
    public void close(CloseReason reason) {
        if (closed == null) {
            closed = reason;
        }
    }

    @Nullable
    CloseReason closed() {
        return closed;
    }

    /** Returns the frames sent since the last call. */
    List<ServerFrame> received() {
        List<ServerFrame> received = List.copyOf(frames);
        frames.clear();
        return received;
    }

    /** Returns the seqs of the numbered events among the frames sent since the last call. */
    List<Long> receivedSeqs() {
        return received().stream()
                .filter(ServerFrame::hasEvents)
                .map(ServerFrame::getEvents)
                .filter(events -> events.getDeliverySeq() > 0)
                .map(Events::getEventsList)
                .map(events -> events.getFirst().getSeq())
                .toList();
    }
}
