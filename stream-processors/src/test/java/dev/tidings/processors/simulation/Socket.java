package dev.tidings.processors.simulation;

import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ServerFrame;
import java.util.ArrayDeque;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A socket between a device and its gateway. Frames keep their order. If it breaks, some of the pending frames still arrive, and each side
 * notices at another time.
 */
final class Socket {

    private final ArrayDeque<ClientFrame> up = new ArrayDeque<>();
    private final ArrayDeque<ServerFrame> down = new ArrayDeque<>();
    private boolean broken;

    void up(ClientFrame frame) {
        if (!broken) {
            up.add(frame);
        }
    }

    void down(ServerFrame frame) {
        if (!broken) {
            down.add(frame);
        }
    }

    @Nullable
    ClientFrame nextUp() {
        return up.poll();
    }

    @Nullable
    ServerFrame nextDown() {
        return down.poll();
    }

    /** The gateway closes the socket. Pending frames arrive, unless the socket breaks before. */
    void close() {
        up.clear();
        broken = true;
    }

    void breakDown(Random random) {
        broken = true;
        keepFirst(up, random);
        keepFirst(down, random);
    }

    boolean isBroken() {
        return broken;
    }

    private static void keepFirst(ArrayDeque<?> frames, Random random) {
        int arriving = random.nextInt(frames.size() + 1);
        while (frames.size() > arriving) {
            frames.removeLast();
        }
    }
}
