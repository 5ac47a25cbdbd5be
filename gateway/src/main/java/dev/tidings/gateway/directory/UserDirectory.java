package dev.tidings.gateway.directory;

import dev.tidings.v1.UserProfile;
import java.util.Map;
import java.util.Set;

/** Reads profiles of the user directory. Thread-safe. */
public interface UserDirectory {

    /**
     * The result of a read.
     *
     * @param byUserId the profiles found; without users that the directory does not have
     * @param complete false: a store does not answer, so profiles may be missing
     */
    record Profiles(Map<String, UserProfile> byUserId, boolean complete) {

        public Profiles {
            byUserId = Map.copyOf(byUserId);
        }
    }

    /** Reads the profiles of users. May block. */
    Profiles read(Set<String> userIds);
}
