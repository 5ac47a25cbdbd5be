package dev.tidings.gateway.directory;

import java.util.List;

/** Finds users by the beginning of their display name. The index lags behind changes as profiles do. Thread-safe. */
@FunctionalInterface
public interface NameIndex {

    /**
     * Returns ids of users whose display name, or a word of it, begins or once began with a prefix, in the order of the keys. The
     * caller compares their present names. May block.
     *
     * @param foldedPrefix from {@code NameKeys.fold}; not empty
     * @throws RuntimeException if the index cannot be read now
     */
    List<String> candidates(String foldedPrefix, int limit);
}
