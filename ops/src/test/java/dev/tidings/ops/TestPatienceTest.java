package dev.tidings.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Holds the tests of all modules to the patience that a busy machine needs: a test awaits a condition, for a minute or more, and
 * never sleeps.
 */
class TestPatienceTest {

    private static final int LEAST_SECONDS = 60;

    private static final Pattern SLEEP = Pattern.compile("\\b(?:Thread|SECONDS|MILLISECONDS)\\.sleep\\(");

    /** A wait of Awaitility up to its condition; without {@code atMost} it fails after 10 s. */
    private static final Pattern AWAIT = Pattern.compile("\\bawait\\(\\)\\s*(?=\\.)[^;]*?\\.until\\w*\\(");

    private static final Pattern SECONDS = Pattern.compile("@Timeout\\((?:value = )?(\\d+)\\b(?!, unit)"
            + "|\\batMost\\(Duration\\.ofSeconds\\((\\d+)\\)"
            + "|\\batMost\\((\\d+), (?:TimeUnit\\.)?SECONDS\\)"
            + "|\\b(?:get|poll|await|waitFor|orTimeout)\\((\\d+), (?:TimeUnit\\.)?SECONDS\\)");

    private static final Pattern MILLIS =
            Pattern.compile("\\b(?:atMost\\(Duration\\.ofMillis\\(\\w+|atMost\\(\\w+, (?:TimeUnit\\.)?MILLISECONDS"
                    + "|(?:get|poll|await|waitFor|orTimeout)\\(\\w+, (?:TimeUnit\\.)?MILLISECONDS)");

    @Test
    void noTestSleeps() {
        assertEquals(List.of(), found(SLEEP, sleep -> true));
    }

    @Test
    void everyWaitSaysHowLong() {
        assertEquals(List.of(), found(AWAIT, wait -> !wait.group().contains("atMost(")));
    }

    @Test
    void everyWaitIsLongEnoughForABusyMachine() {
        assertEquals(List.of(), found(SECONDS, wait -> seconds(wait) < LEAST_SECONDS));
        assertEquals(List.of(), found(MILLIS, wait -> true));
    }

    private static int seconds(MatchResult wait) {
        for (int group = 1; group <= wait.groupCount(); group++) {
            if (wait.group(group) != null) {
                return Integer.parseInt(wait.group(group));
            }
        }
        throw new IllegalStateException(wait.group());
    }

    /** Returns the matches in all test sources that the predicate accepts, each with its file. */
    private static List<String> found(Pattern pattern, Predicate<MatchResult> accepts) {
        List<Path> sources = testSources();
        assertFalse(sources.isEmpty(), "no test sources");
        return sources.stream()
                .flatMap(file -> pattern.matcher(RepositoryFiles.read(file))
                        .results()
                        .filter(accepts)
                        .map(match -> file.getFileName() + ": " + match.group()))
                .toList();
    }

    private static List<Path> testSources() {
        return RepositoryFiles.below(RepositoryFiles.ROOT, ".java").stream()
                .filter(file -> file.toString().contains("/src/test/java/"))
                .filter(file -> !file.endsWith("TestPatienceTest.java"))
                .toList();
    }
}
