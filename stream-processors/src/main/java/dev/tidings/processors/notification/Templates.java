package dev.tidings.processors.notification;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;

/** The texts of notifications, by language. Immutable. */
public final class Templates {

    private static final String ENGLISH = "en";
    private static final List<String> LANGUAGES = List.of(ENGLISH, "de", "es", "fr", "zh", "zh-Hant");

    /** Regions whose script differs from the one in their language's file. */
    private static final Map<String, String> SAME_AS =
            Map.of("zh-tw", "zh-Hant", "zh-hk", "zh-Hant", "zh-mo", "zh-Hant");

    private final TreeMap<String, Language> byTag = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private Templates() {
        for (String tag : LANGUAGES) {
            byTag.put(tag, new Language(tag, read(tag)));
        }
        SAME_AS.forEach((region, tag) -> byTag.put(region, in(tag)));
    }

    /**
     * Reads the texts of all languages.
     *
     * @throws IllegalStateException if a text is missing
     */
    public static Templates load() {
        return new Templates();
    }

    /** Returns the closest language: {@code de} for {@code de-AT}, English for an unknown tag. */
    public Language in(String tag) {
        String wanted = tag.replace('_', '-');
        while (true) {
            Language found = byTag.get(wanted);
            if (found != null) {
                return found;
            }
            int cut = wanted.lastIndexOf('-');
            if (cut < 0) {
                return Objects.requireNonNull(byTag.get(ENGLISH));
            }
            wanted = wanted.substring(0, cut);
        }
    }

    private static Properties read(String tag) {
        String file = tag.toLowerCase(Locale.ROOT) + ".properties";
        Properties words = new Properties();
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(Templates.class.getResourceAsStream(file), file), StandardCharsets.UTF_8)) {
            words.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
        return words;
    }

    /** The texts of one language. */
    public static final class Language {

        private final String tag;
        private final String system;
        private final String newMessage;
        private final String newMessages;
        private final TreeMap<String, String> contents = new TreeMap<>();

        private Language(String tag, Properties words) {
            this.tag = tag;
            this.system = word(words, "system");
            this.newMessage = word(words, "new-message");
            this.newMessages = word(words, "new-messages");
            for (String kind : List.of("image", "audio", "video", "file", "location", "card", "custom")) {
                contents.put('[' + kind + ']', word(words, kind));
            }
            contents.put("[encrypted]", newMessage);
        }

        public String tag() {
            return tag;
        }

        /** The title of a message without a sender. */
        String system() {
            return system;
        }

        String newMessage() {
            return newMessage;
        }

        /** @param count at least two, so that every language here has one form for it */
        String newMessages(long count) {
            return newMessages.replace("{count}", Long.toString(count));
        }

        /** Returns a text as it is, and other content as its kind in this language. */
        String content(String preview) {
            return contents.getOrDefault(preview, preview);
        }

        private String word(Properties words, String key) {
            String word = words.getProperty(key);
            if (word == null || word.isBlank()) {
                throw new IllegalStateException(
                        "notification text \"" + key + "\" is missing or blank in language " + tag);
            }
            return word;
        }
    }
}
