package dev.tidings.ops.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses TCP ports on 127.0.0.1 for servers that must know their port before they start. */
final class LocalPort {

    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private static final Logger log = LoggerFactory.getLogger(LocalPort.class);

    /**
     * Below the range of ports for outgoing connections on Linux: no outgoing connection can take the port between the check and
     * the server's bind.
     */
    private static final int MIN_PORT = 20_000;

    private static final int MAX_PORT = 32_767;
    private static final int ATTEMPTS = 200;

    /**
     * Returns the preferred port if it is free, else another free one.
     *
     * @param preferred 0: any free port
     * @param backend for the log, if another port is chosen
     */
    static int choose(int preferred, String backend) {
        if (preferred != 0 && isFree(preferred)) {
            return preferred;
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int candidate = ThreadLocalRandom.current().nextInt(MIN_PORT, MAX_PORT + 1);
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
        throw new StartFailedException(
                backend + ": no free port from " + MIN_PORT + " to " + MAX_PORT + " on 127.0.0.1");
    }

    static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            // as servers do: a connection of the last run in TIME_WAIT does not take the port
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(LOOPBACK, port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private LocalPort() {}
}
