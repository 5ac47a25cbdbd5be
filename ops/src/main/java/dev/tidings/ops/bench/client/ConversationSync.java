package dev.tidings.ops.bench.client;

import dev.tidings.ops.bench.check.SeqRange;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Pull;
import dev.tidings.v1.PullMany;
import dev.tidings.v1.Sync;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncPage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Synchronizes the conversations of one client: reads the pages of a sync, then pulls the events that the views say are
 * missing, up to {@value #MAX_PULLS} ranges in one request. Not thread-safe: guarded by its client.
 */
final class ConversationSync {

    static final String SYNC_ID = "s";
    static final String PULL_ID = "p";

    private static final long PULL_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long PULL_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(8);
    private static final int MAX_PULLS = 50;

    private final Map<String, ConversationClient> conversations = new LinkedHashMap<>();
    private long version;
    private boolean pagesComplete;
    private int pullsUnanswered;
    private long nextPullNanos;

    void add(ConversationClient conversation) {
        conversations.put(conversation.conversationId(), conversation);
    }

    /** Returns the conversation with this id, or null. */
    @Nullable
    ConversationClient find(String conversationId) {
        return conversations.get(conversationId);
    }

    /** The version of the views that the client holds; 0: none. */
    long version() {
        return version;
    }

    /** A new WebSocket is open: pages and answers of the last one do not arrive any more. */
    void opened() {
        pagesComplete = false;
        pullsUnanswered = 0;
    }

    /** Returns the request for all changes since the last sync, or for everything. */
    ClientFrame.Builder request() {
        pagesComplete = false;
        Sync.Builder sync = version > 0
                ? Sync.newBuilder().setMode(SyncMode.INCREMENTAL).setSince(version)
                : Sync.newBuilder().setMode(SyncMode.FULL);
        return ClientFrame.newBuilder().setId(SYNC_ID).setSync(sync);
    }

    /** Takes the views of one page. Returns whether it is the last page. */
    boolean page(SyncPage page, long nowNanos) {
        for (ConversationView view : page.getViewsList()) {
            ConversationClient conversation = conversations.get(view.getConversationId());
            if (conversation != null) {
                conversation.head(view.getLastSeq());
            }
        }
        version = page.getReset() ? page.getVersion() : Math.max(version, page.getVersion());
        if (page.getDone()) {
            pagesComplete = true;
            nextPullNanos = nowNanos;
        }
        return page.getDone();
    }

    /** Returns one request for everything that is missing, or null if nothing is, or it is not time to ask. */
    @Nullable
    PullMany pull(long nowNanos) {
        if (!pagesComplete || nowNanos - nextPullNanos < 0) {
            return null;
        }
        PullMany.Builder pulls = PullMany.newBuilder();
        for (ConversationClient conversation : conversations.values()) {
            SeqRange range = conversation.missing();
            if (range != null && pulls.getPullsCount() < MAX_PULLS) {
                pulls.addPulls(Pull.newBuilder()
                        .setConversationId(conversation.conversationId())
                        .setFromSeq(range.from())
                        .setToSeq(range.to()));
            }
        }
        pullsUnanswered = pulls.getPullsCount();
        if (pullsUnanswered == 0) {
            return null;
        }
        nextPullNanos = nowNanos + PULL_TIMEOUT_NANOS;
        return pulls.build();
    }

    /** One range was answered. History may be a second behind: the next request follows after a pause. */
    void pullAnswered(long nowNanos) {
        pullsUnanswered--;
        if (pullsUnanswered == 0) {
            nextPullNanos = nowNanos + PULL_PAUSE_NANOS;
        }
    }

    /** Whether the client has the last page of the sync, and every message that was promised by now. */
    boolean isComplete() {
        return pagesComplete && conversations.values().stream().allMatch(ConversationClient::isComplete);
    }
}
