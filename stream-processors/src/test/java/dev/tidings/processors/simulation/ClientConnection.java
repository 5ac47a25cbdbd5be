package dev.tidings.processors.simulation;

import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Presence;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The device's side of one connection. */
final class ClientConnection {
    final Socket socket;
    final long sinceMillis;
    final Map<String, ClientFrame> asked = new TreeMap<>();
    final Map<String, Presence> presences = new TreeMap<>();
    /** Rooms that the device has joined and knows the head of, with the seq after which it must have received everything. */
    final Map<String, Long> rooms = new TreeMap<>();

    final Set<String> joinedRooms = new TreeSet<>();
    final TreeSet<Long> beyond = new TreeSet<>();
    String sessionId = "";
    boolean synced;
    boolean reconnects = true;
    String pulling = "";
    long arrivedUpTo;
    long acknowledgedUpTo;
    long saidMillis;

    ClientConnection(Socket socket, long nowMillis) {
        this.socket = socket;
        this.sinceMillis = nowMillis;
        this.saidMillis = nowMillis;
    }

    boolean isConnected() {
        return !sessionId.isEmpty();
    }
}
