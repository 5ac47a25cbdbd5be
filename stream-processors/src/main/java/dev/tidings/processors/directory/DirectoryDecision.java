package dev.tidings.processors.directory;

import dev.tidings.v1.Refusal;
import dev.tidings.v1.UserProfile;

/** The outcome of a change of one user's profile. */
sealed interface DirectoryDecision {

    /** @param disabledChanged the gateways must learn that the user is disabled, or enabled again */
    record ProfileChanged(UserProfile profile, boolean disabledChanged) implements DirectoryDecision {}

    /** The change is allowed and has no effect. */
    record ProfileUnchanged() implements DirectoryDecision {}

    record ChangeRefused(Refusal refusal) implements DirectoryDecision {}
}
