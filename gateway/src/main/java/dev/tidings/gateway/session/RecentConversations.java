package dev.tidings.gateway.session;

import java.util.LinkedHashMap;
import java.util.Map;

/** One value for each of the 512 conversations of a session that were used last; forgets the values of all others. */
final class RecentConversations<V> extends LinkedHashMap<String, V> {

    private static final long serialVersionUID = 1L;
    private static final int MAX_CONVERSATIONS = 512;

    RecentConversations() {
        super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > MAX_CONVERSATIONS;
    }
}
