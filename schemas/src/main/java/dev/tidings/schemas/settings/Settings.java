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
 * The configuration: values by key. The code that uses a value reads it and has its default. The environment variable {@code
 * TIDINGS_KAFKA_BOOTSTRAP_SERVERS} overrides the key {@code kafka.bootstrap-servers}, and so for every key. An invalid value throws
 * a {@link SettingsException} that names its key.
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
     * @throws SettingsException if the file cannot be read
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

    /** A copy with these values, which also override the environment. */
    public Settings with(Map<String, String> overrides) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.putAll(overrides);
        Map<String, String> rest = new LinkedHashMap<>(environment);
        overrides.keySet().forEach(key -> rest.remove(environmentName(key)));
        return new Settings(more, rest);
    }

    /** A copy with these values for keys that have none. */
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
            // reported below, with the range
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

    /** All values whose keys begin with the prefix, by the rest of the key: {@code security.protocol} for {@code kafka.}. */
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

    /** The keys that a file, a command or a default has set, without those of the environment. */
    public Set<String> keys() {
        return new TreeSet<>(values.keySet());
    }

    /** The environment variables with the prefix {@code TIDINGS_}, and their values. */
    public SortedMap<String, String> environment() {
        TreeMap<String, String> ours = new TreeMap<>(environment);
        ours.keySet().removeIf(name -> !name.startsWith(ENVIRONMENT_PREFIX));
        return ours;
    }

    /** The name of the environment variable that overrides a key. */
    public static String environmentName(String key) {
        return ENVIRONMENT_PREFIX
                + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
