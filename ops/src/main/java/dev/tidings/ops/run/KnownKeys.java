package dev.tidings.ops.run;

import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The configuration keys that exist, read from the section "Configuration" of {@code operations.md}, which is packaged with this
 * class. A test checks that section against the code.
 */
public final class KnownKeys {

    private static final String DOCUMENT = "/dev/tidings/ops/docs/operations.md";

    private static final Pattern SECTION =
            Pattern.compile("^## Configuration$(.*?)^## ", Pattern.MULTILINE | Pattern.DOTALL);

    /** A table row whose first cell is a key; {@code kafka.client.*} matches every key with that prefix. */
    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-z][a-z0-9.-]*\\.[a-z0-9.-]*\\*?)` \\|", Pattern.MULTILINE);

    /** Environment variables of the launcher and of tests, which are no settings. */
    private static final List<String> LAUNCHER = List.of("TIDINGS_LOG_LEVEL", "TIDINGS_JAVA_OPTS", "TIDINGS_HOME");

    /**
     * Kubernetes adds these variables for every service whose name begins with "tidings-"; also one that ends with {@code _PORT},
     * whose value is a URL.
     */
    private static final Pattern OF_KUBERNETES =
            Pattern.compile("TIDINGS_.*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_[0-9]+_(TCP|UDP)(_.*)?)");

    /** The maximum edit distance at which a key is suggested for a misspelt one. */
    private static final int MAX_SUGGESTION_DISTANCE = 4;

    private final TreeSet<String> keys = new TreeSet<>();
    private final TreeSet<String> prefixes = new TreeSet<>();

    private KnownKeys(String document) {
        String section = SECTION.matcher(document)
                .results()
                .map(result -> result.group(1))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(DOCUMENT + " has no section Configuration"));
        ROW.matcher(section).results().map((MatchResult row) -> row.group(1)).forEach(key -> {
            if (key.endsWith("*")) {
                prefixes.add(key.substring(0, key.length() - 1));
            } else {
                keys.add(key);
            }
        });
    }

    /** Reads the packaged document. */
    public static KnownKeys load() {
        try (InputStream document = KnownKeys.class.getResourceAsStream(DOCUMENT)) {
            if (document == null) {
                throw new IllegalStateException(DOCUMENT + " is not packaged");
            }
            return new KnownKeys(new String(document.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Rejects unknown keys of the file and of the environment: they would have no effect.
     *
     * @throws SettingsException names every unknown key, and the nearest known one if it is similar
     */
    public void check(Settings settings) {
        List<String> unknown = new ArrayList<>();
        for (String key : settings.keys()) {
            if (!isKnown(key)) {
                unknown.add(key + nearest(key, keys));
            }
        }
        TreeMap<String, String> names = new TreeMap<>();
        keys.forEach(key -> names.put(Settings.environmentName(key), key));
        settings.environment().forEach((name, value) -> {
            if (!names.containsKey(name) && !LAUNCHER.contains(name) && !isKnownVariable(name, value, settings)) {
                unknown.add(name + nearest(name, names.navigableKeySet()));
            }
        });
        if (!unknown.isEmpty()) {
            throw new SettingsException("unknown configuration: " + String.join(", ", unknown));
        }
    }

    private boolean isKnown(String key) {
        return keys.contains(key) || prefixes.stream().anyMatch(key::startsWith);
    }

    /** Whether it is a variable of Kubernetes, or replaces a value with a known prefix in the file. */
    private boolean isKnownVariable(String name, String value, Settings settings) {
        return OF_KUBERNETES.matcher(name).matches()
                || (name.endsWith("_PORT") && value.contains("://"))
                || settings.keys().stream()
                        .anyMatch(key ->
                                isKnown(key) && Settings.environmentName(key).equals(name));
    }

    private static String nearest(String misspelt, Iterable<String> known) {
        Optional<String> nearest = Optional.empty();
        int least = MAX_SUGGESTION_DISTANCE + 1;
        for (String key : known) {
            int distance = distance(misspelt, key);
            if (distance < least) {
                least = distance;
                nearest = Optional.of(key);
            }
        }
        return nearest.map(key -> " (did you mean " + key + "?)").orElse("");
    }

    /** Returns the Levenshtein distance: letters added, removed or replaced. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }

    /** Returns all keys in ascending order; a prefix ends with {@code *}. */
    List<String> all() {
        List<String> all = new ArrayList<>(keys);
        prefixes.forEach(prefix -> all.add(prefix + '*'));
        all.sort(Comparator.naturalOrder());
        return all;
    }
}
