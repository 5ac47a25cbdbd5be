package dev.tidings.connectors.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The Lua scripts: each runs atomically in Redis. */
enum Script {
    STORE_RECENT_EVENTS("store-recent-events.lua"),
    STORE_NEWER_VIEWS("store-newer-views.lua"),
    STORE_NEWER_BADGE("store-newer-badge.lua"),
    STORE_NEWER_PROFILE("store-newer-profile.lua");

    private final String resource;

    Script(String resource) {
        this.resource = resource;
    }

    byte[] text() {
        try (InputStream in = Script.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("resource " + resource + " is missing from the connectors' jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
