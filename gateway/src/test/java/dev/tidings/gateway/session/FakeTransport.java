package dev.tidings.gateway.session;

import dev.tidings.gateway.frame.EventFrame;
import dev.tidings.v1.Events;
import dev.tidings.v1.ServerFrame;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client that only listens. */
final class FakeTransport implements Transport {

    private final List<ServerFrame> frames = new ArrayList<>();
    private @Nullable CloseReason closed;
    private boolean behind;

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
    public boolean isBehind() {
        return behind;
    }

    /** Whether the client reads too slowly. */
    void isBehind(boolean isBehind) {
        behind = isBehind;
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

    /** What came since this was last asked. */
    List<ServerFrame> heard() {
        List<ServerFrame> heard = List.copyOf(frames);
        frames.clear();
        return heard;
    }

    /** The seqs of live events that came since something was last asked. */
    List<Long> heardSeqs() {
        return heard().stream()
                .filter(ServerFrame::hasEvents)
                .map(ServerFrame::getEvents)
                .filter(events -> events.getDeliverySeq() > 0)
                .map(Events::getEventsList)
                .map(events -> events.getFirst().getSeq())
                .toList();
    }
}
