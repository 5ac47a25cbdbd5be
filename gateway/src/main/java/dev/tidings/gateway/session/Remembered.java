package dev.tidings.gateway.session;

import java.util.LinkedHashMap;
import java.util.Map;

/** Something about each of the conversations last active in a session; what is said of the others is forgotten. */
final class Remembered<V> extends LinkedHashMap<String, V> {

    private static final long serialVersionUID = 1L;
    private static final int CONVERSATIONS = 512;

    Remembered() {
        super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > CONVERSATIONS;
    }
}
