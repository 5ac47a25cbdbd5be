package dev.tidings.ops.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses TCP ports of 127.0.0.1 for servers that must know theirs before they start. */
final class LocalPort {

    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private static final Logger log = LoggerFactory.getLogger(LocalPort.class);

    /**
     * Below the range from which Linux takes ports for outgoing connections: a port found free there cannot be taken
     * by somebody's outgoing connection between our look and the server's bind.
     */
    private static final int LOWEST = 20_000;

    private static final int HIGHEST = 32_767;
    private static final int ATTEMPTS = 200;

    /**
     * @param preferred the port that is wanted, or 0 for any
     * @param backend for the log, when another port had to be taken
     * @return the preferred port if it is free, otherwise one that is
     */
    static int choose(int preferred, String backend) {
        if (preferred != 0 && isFree(preferred)) {
            return preferred;
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int candidate = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
            if (isFree(candidate)) {
                if (preferred != 0) {
                    log.warn(
                            "port taken, using another backend={} preferredPort={} port={}",
                            backend,
                            preferred,
                            candidate);
                }
                return candidate;
            }
        }
        throw new StartFailedException(backend + ": no free port from " + LOWEST + " to " + HIGHEST + " on 127.0.0.1");
    }

    static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            // As servers do, or a connection of the last run in TIME_WAIT would look like somebody listening.
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(LOOPBACK, port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private LocalPort() {}
}
