package dev.tidings.gateway.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the events that users have deleted for themselves. Lags behind the log as history does. */
public interface DeletedEvents {

    /**
     * Returns the deleted events of a conversation as one user sees it, ascending, with gaps between the ranges; null while they
     * are not known. May block.
     */
    @Nullable
    List<SeqSpan> find(String userId, String conversationId);
}
