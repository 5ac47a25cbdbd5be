package dev.tidings.gateway.directory;

import dev.tidings.gateway.directory.UserDirectory.Profiles;
import dev.tidings.schemas.text.NameKeys;
import dev.tidings.v1.UserProfile;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

/** Finds users by the beginning of their present names: the index proposes candidates, and the directory has their names. */
public record NameSearch(NameIndex index, UserDirectory directory) {

    /** Candidates for each wanted user: former names and disabled users are among them. */
    static final int CANDIDATES_PER_USER = 3;

    /**
     * The result of a search.
     *
     * @param users in the order of the matching words
     * @param complete false: a store does not answer, so users may be missing
     */
    public record Found(List<UserProfile> users, boolean complete) {}

    /**
     * Returns enabled users. May block.
     *
     * @param foldedPrefix from {@link NameKeys#fold}; not empty
     * @throws RuntimeException if the index cannot be read now
     */
    public Found find(String foldedPrefix, int limit) {
        List<String> candidates = index.candidates(foldedPrefix, limit * CANDIDATES_PER_USER);
        Profiles profiles = directory.read(new LinkedHashSet<>(candidates));
        List<UserProfile> users = candidates.stream()
                .map(profiles.byUserId()::get)
                .filter(Objects::nonNull)
                .filter(user -> !user.getDisabled() && NameKeys.matches(user.getDisplayName(), foldedPrefix))
                .limit(limit)
                .toList();
        return new Found(users, profiles.complete());
    }
}
