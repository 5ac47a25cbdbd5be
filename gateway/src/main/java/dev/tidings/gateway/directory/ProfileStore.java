package dev.tidings.gateway.directory;

import dev.tidings.v1.UserProfile;
import java.util.Map;
import java.util.Set;

/** A store of profiles. */
interface ProfileStore {

    /**
     * Returns the profiles that the store has, by user id. May block.
     *
     * @param userIds not empty
     * @throws RuntimeException if the store does not answer
     */
    Map<String, UserProfile> read(Set<String> userIds);
}
