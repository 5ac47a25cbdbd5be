package dev.tidings.gateway.limit;

import dev.tidings.v1.Error;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What one connection counts for: its address until its socket is closed, a handshake until its session is open, its user until
 * its session ends. Each method that releases may be called again, and does nothing then. Not thread-safe: guarded by the
 * session's lock.
 */
public final class ConnectionCount {

    private final ConnectionCounts counts;
    private final @Nullable InetAddress address;
    private boolean countsAddress;
    private boolean countsHandshake;
    private @Nullable String userId;

    ConnectionCount(ConnectionCounts counts, @Nullable InetAddress address) {
        this.counts = counts;
        this.address = address;
    }

    /**
     * Counts the socket and its handshake.
     *
     * @return null if the address may have another connection; otherwise the error for the client
     */
    public @Nullable Error enter() {
        if (address == null) {
            return null;
        }
        Error exceeded = counts.enterAddress(address);
        countsAddress = exceeded == null;
        countsHandshake = exceeded == null;
        return exceeded;
    }

    /** Counts the session of its user. Returns null if the user may have another one; otherwise the error for the client. */
    public @Nullable Error enter(String user) {
        Error exceeded = counts.enterUser(user);
        userId = exceeded == null ? user : null;
        return exceeded;
    }

    /** The session is open: the connection is no handshake any more. */
    public void opened() {
        if (address != null && countsHandshake) {
            countsHandshake = false;
            counts.leaveHandshake(address);
        }
    }

    /** The session has ended. The socket may stay open for some seconds. */
    public void ended() {
        opened();
        if (userId != null) {
            counts.leaveUser(userId);
            userId = null;
        }
    }

    /** The socket is closed. */
    public void closed() {
        ended();
        if (address != null && countsAddress) {
            countsAddress = false;
            counts.leaveAddress(address);
        }
    }
}
