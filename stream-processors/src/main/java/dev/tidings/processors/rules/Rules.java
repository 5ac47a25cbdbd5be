package dev.tidings.processors.rules;

import com.google.protobuf.Timestamp;
import dev.tidings.processors.moderation.WordFilter;

/** The rules that are valid at a position of the log. */
public interface Rules {

    EffectivePolicy policy();

    boolean isBanned(String userId, Timestamp at);

    WordFilter words();
}
