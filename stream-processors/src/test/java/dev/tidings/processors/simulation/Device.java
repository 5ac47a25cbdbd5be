package dev.tidings.processors.simulation;

import dev.tidings.v1.Answer;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Session;
import dev.tidings.v1.SyncAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one device of a user knows. It does what clients are asked to do: keeps (conversation, seq), takes the greatest
 * of all positions, and holds the version of the last sync.
 */
final class Device {

    final String userId;
    final String deviceId;

    private final Map<String, Long> heads = new TreeMap<>();
    private final Map<String, Long> readSeqs = new TreeMap<>();
    private final Map<String, Long> peerReadSeqs = new TreeMap<>();
    private final List<Connection> connections = new ArrayList<>();
    private @Nullable Connection current;
    private long version;

    /** What came over one session. */
    static final class Connection {
        final Session session;
        boolean ready;
        boolean synced;
        /** By conversation. */
        final Map<String, Set<Long>> live = new TreeMap<>();
        /** By conversation, in the order of first arrival: what came after the first sync and above its head. */
        final Map<String, List<Long>> news = new TreeMap<>();
        /** By conversation: what this session learned from the answers to its own sends. */
        final Map<String, Set<Long>> answered = new TreeMap<>();

        Connection(Session session) {
            this.session = session;
        }
    }

    Device(String userId, String deviceId) {
        this.userId = userId;
        this.deviceId = deviceId;
    }

    void connect(Session session) {
        current = new Connection(session);
        connections.add(current);
    }

    /** Ends this session, if it is the device's newest. */
    void disconnect(String sessionId) {
        if (current != null && current.session.getSessionId().equals(sessionId)) {
            current = null;
        }
    }

    /** The session that is open, as far as the device knows. */
    @Nullable
    Connection current() {
        return current;
    }

    List<Connection> connections() {
        return connections;
    }

    long version() {
        return version;
    }

    void onEvent(Connection connection, ConversationEvent event) {
        String conversation = event.getConversationId();
        if (event.hasReadAdvanced()) {
            var read = event.getReadAdvanced();
            (read.getUserId().equals(userId) ? readSeqs : peerReadSeqs)
                    .merge(conversation, read.getReadSeq(), Math::max);
            return;
        }
        boolean first = connection
                .live
                .computeIfAbsent(conversation, none -> new TreeSet<>())
                .add(event.getSeq());
        if (first && connection.synced && event.getSeq() > head(conversation)) {
            connection
                    .news
                    .computeIfAbsent(conversation, none -> new ArrayList<>())
                    .add(event.getSeq());
        }
    }

    void onAnswer(Connection connection, Answer answer) {
        if (answer.hasSequenced()) {
            connection
                    .answered
                    .computeIfAbsent(answer.getSequenced().getConversationId(), none -> new TreeSet<>())
                    .add(answer.getSequenced().getSeq());
        }
    }

    /** The device has marked this as read itself: nobody tells it so. */
    void onOwnMark(String conversation, long seq) {
        readSeqs.merge(conversation, seq, Math::max);
    }

    void onSync(Connection connection, SyncAnswer page) {
        for (ConversationView view : page.getViewsList()) {
            heads.merge(view.getConversationId(), view.getLastSeq(), Math::max);
            readSeqs.merge(view.getConversationId(), view.getReadSeq(), Math::max);
            peerReadSeqs.merge(view.getConversationId(), view.getPeerReadSeq(), Math::max);
        }
        version = Math.max(version, page.getVersion());
        connection.synced |= page.getDone();
    }

    long head(String conversation) {
        return heads.getOrDefault(conversation, 0L);
    }

    long readSeq(String conversation) {
        return readSeqs.getOrDefault(conversation, 0L);
    }

    long peerReadSeq(String conversation) {
        return peerReadSeqs.getOrDefault(conversation, 0L);
    }
}
