package dev.tidings.gateway.limit;

import java.util.Locale;

/** The kinds of work that a rate limit counts. */
public enum LimitedWork {
    /** Frames of a client, and HTTP requests. */
    FRAMES,
    /** Bytes of frames and of HTTP request bodies. */
    BYTES,
    /** Messages, forwards, edits, recalls, reactions, pins and changes of the own profile. */
    MESSAGES,
    GROUP_CREATIONS,
    /** Users added to groups, those of new groups included. */
    MEMBERS_ADDED,
    FRIEND_REQUESTS,
    /** Users whose presence is asked for or watched. */
    PRESENCE_WATCHES,
    /** Ranges of history, syncs, searches, and queries of the directory. */
    READS,
    /** Attempts to connect. */
    CONNECTS,
    /** Secrets of token clients that are checked: wrong ones, and the first right one of a client. */
    CREDENTIAL_CHECKS;

    /** The name in error messages, such as {@code group creations}. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The name in metrics, such as {@code group-creations}. */
    String metricName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
