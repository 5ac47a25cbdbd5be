package dev.tidings.schemas.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Values by key, read where they are used, beside their defaults. A key such as {@code kafka.bootstrap-servers} is also
 * read from the environment, as {@code TIDINGS_KAFKA_BOOTSTRAP_SERVERS}; the environment wins. What is wrong is named
 * by its key in a {@link SettingsException}.
 */
public final class Settings {

    private static final String ENVIRONMENT_PREFIX = "TIDINGS_";

    private final Map<String, String> values;
    private final Map<String, String> environment;

    private Settings(Map<String, String> values, Map<String, String> environment) {
        this.values = new LinkedHashMap<>(values);
        this.environment = environment;
    }

    public static Settings of(Map<String, String> values) {
        return new Settings(values, Map.of());
    }

    /**
     * @param file a properties file, or null for none
     * @throws SettingsException where the file cannot be read
     */
    public static Settings load(@Nullable Path file, Map<String, String> environment) {
        Map<String, String> values = new TreeMap<>();
        if (file != null) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new SettingsException("configuration file " + file + " cannot be read: " + e.getMessage());
            }
            properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        }
        return new Settings(values, Map.copyOf(environment));
    }

    /** The same settings, with these in place of what they were. */
    public Settings with(Map<String, String> overrides) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.putAll(overrides);
        Map<String, String> rest = new LinkedHashMap<>(environment);
        overrides.keySet().forEach(key -> rest.remove(environmentName(key)));
        return new Settings(more, rest);
    }

    /** The same settings, with these where nothing is said. */
    public Settings withDefaults(Map<String, String> defaults) {
        Map<String, String> more = new LinkedHashMap<>(defaults);
        more.putAll(values);
        return new Settings(more, environment);
    }

    public @Nullable String find(String key) {
        String fromEnvironment = environment.get(environmentName(key));
        String value = fromEnvironment != null ? fromEnvironment : values.get(key);
        return value == null || value.isBlank() ? null : value.strip();
    }

    public String text(String key, String ifAbsent) {
        String value = find(key);
        return value == null ? ifAbsent : value;
    }

    public String required(String key) {
        String value = find(key);
        if (value == null) {
            throw new SettingsException(key + " must be set (in the configuration file or as " + environmentName(key)
                    + " in the environment)");
        }
        return value;
    }

    public int integer(String key, int ifAbsent, int min, int max) {
        String value = find(key);
        if (value == null) {
            return ifAbsent;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below, together with the range
        }
        throw new SettingsException(
                key + " must be a whole number from " + min + " to " + max + "; it is \"" + value + '"');
    }

    public boolean flag(String key, boolean ifAbsent) {
        String value = find(key);
        if (value == null) {
            return ifAbsent;
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new SettingsException(key + " must be true or false; it is \"" + value + '"');
        };
    }

    public Duration millis(String key, Duration ifAbsent) {
        return Duration.ofMillis(integer(key, Math.toIntExact(ifAbsent.toMillis()), 0, Integer.MAX_VALUE));
    }

    /** All keys that begin with this, without it; such as {@code kafka.security.protocol} for {@code kafka.}. */
    public Map<String, String> under(String prefix) {
        Map<String, String> found = new TreeMap<>();
        values.keySet().stream().filter(key -> key.startsWith(prefix)).forEach(key -> {
            String value = find(key);
            if (value != null) {
                found.put(key.substring(prefix.length()), value);
            }
        });
        return found;
    }

    /** The keys that the file, a command or a default has set; not those of the environment. */
    public Set<String> keys() {
        return new TreeSet<>(values.keySet());
    }

    /** Tidings' environment variables that are set, such as {@code TIDINGS_GATEWAY_HTTP_PORT}, with their values. */
    public SortedMap<String, String> environment() {
        TreeMap<String, String> ours = new TreeMap<>(environment);
        ours.keySet().removeIf(name -> !name.startsWith(ENVIRONMENT_PREFIX));
        return ours;
    }

    /** The environment variable that sets a key. */
    public static String environmentName(String key) {
        return ENVIRONMENT_PREFIX
                + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
