package dev.tidings.ops.bench.restore;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.store.StateStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class RestoreRunIT {

    private static final int CONVERSATIONS =
            Integer.getInteger("tidings.bench.conversations", GeneratedConversations.MIN_COUNT);

    @Test
    void restores_all_conversations_and_both_views_of_each(@TempDir Path directory) throws Exception {
        RestoreResult result = new RestoreRun(CONVERSATIONS, StateStore.Kind.ROCKSDB, step -> {}).measure(directory);

        StringWriter report = new StringWriter();
        result.print(new PrintWriter(report, true));
        System.out.println(report);
        assertEquals(CONVERSATIONS / 10, result.users());
        assertTrue(records(result, "tidings-conversation-sequences-changelog") >= CONVERSATIONS, report::toString);
        assertTrue(records(result, "tidings-inbox-views-changelog") >= 2 * CONVERSATIONS, report::toString);
        assertTrue(result.runningSeconds() > 0, report::toString);
        assertTrue(result.repliedSeconds() > 0, report::toString);
    }

    private static long records(RestoreResult result, String changelog) {
        return requireNonNull(result.changelogs().get(changelog)).records();
    }
}
