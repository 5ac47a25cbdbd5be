package dev.tidings.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of configuration keys in operations.md, held to the sources of all modules. */
class DocumentedSettingsTest {

    private static final Path ROOT = RepositoryFiles.ROOT;
    private static final Path DOCUMENT = ROOT.resolve("ops/docs/operations.md");

    /** A key that settings are asked for; one that ends with a point stands for all that begin so. */
    private static final Pattern READ = Pattern.compile(
            "\\.(?:find|text|required|integer|flag|millis|under)\\(\\s*\"([a-z][a-z0-9.-]*\\.[a-z0-9.-]*)\"");

    /** The first cell of a row, where it is a key. Names of metrics and the like are no keys: they hold no point. */
    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-z][a-z0-9.-]*\\.[a-z0-9.-]*\\*?)` \\|", Pattern.MULTILINE);

    private static final Pattern CONFIGURATION =
            Pattern.compile("^## Configuration$(.*?)^## ", Pattern.MULTILINE | Pattern.DOTALL);

    @Test
    void every_key_in_the_code_is_documented_and_every_documented_key_is_in_the_code() {
        assertEquals(String.join("\n", keysInCode()), String.join("\n", documentedKeys()));
    }

    @Test
    void every_key_is_documented_once() {
        assertEquals(
                documentedKeys().size(),
                ROW.matcher(configurationSection()).results().count());
    }

    @Test
    void names_in_the_code_that_look_like_keys_are_documented_too() {
        Set<String> families = keysInCode().stream()
                .map(key -> key.substring(0, key.indexOf('.')))
                .collect(Collectors.toCollection(TreeSet::new));
        Pattern lookingLikeKeys =
                Pattern.compile("\"((?:" + String.join("|", families) + ")\\.[a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.?)\"");
        assertTrue(documentedKeys().containsAll(found(lookingLikeKeys)), () -> {
            Set<String> undocumented = found(lookingLikeKeys);
            undocumented.removeAll(documentedKeys());
            return "not in " + DOCUMENT + ": " + undocumented;
        });
    }

    private static Set<String> keysInCode() {
        return found(READ);
    }

    private static Set<String> found(Pattern pattern) {
        return sourcesThatReadSettings().stream()
                .flatMap(source -> pattern.matcher(source).results())
                .map(result -> result.group(1))
                .map(key -> key.endsWith(".") ? key + '*' : key)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> documentedKeys() {
        return ROW.matcher(configurationSection())
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String configurationSection() {
        return CONFIGURATION
                .matcher(RepositoryFiles.read(DOCUMENT))
                .results()
                .map(result -> result.group(1))
                .findFirst()
                .orElseThrow(() -> new AssertionError(DOCUMENT + " has no section Configuration"));
    }

    private static Collection<String> sourcesThatReadSettings() {
        return RepositoryFiles.below(ROOT, ".java").stream()
                .filter(file -> file.toString().contains("/src/main/java/"))
                .map(RepositoryFiles::read)
                .filter(source -> source.contains("import dev.tidings.schemas.settings.Settings;"))
                .toList();
    }
}
