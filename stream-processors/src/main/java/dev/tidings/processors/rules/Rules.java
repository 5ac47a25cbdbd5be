package dev.tidings.processors.rules;

import com.google.protobuf.Timestamp;
import dev.tidings.processors.moderation.WordFilter;

/** What the operator allows, as of a place in the log. */
public interface Rules {

    EffectivePolicy policy();

    boolean isBanned(String userId, Timestamp at);

    WordFilter words();
}
