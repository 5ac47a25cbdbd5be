package dev.tidings.schemas.text;

import dev.tidings.schemas.text.SearchWord.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys under which a search by prefix finds a name: the folded name from each of its words on. "Alice Müller" has the keys
 * "alice muller" and "muller"; "小雨" has "小雨" and "雨". Case, diacritics, punctuation and the width of spaces do not count
 * (decision 55).
 */
public final class NameKeys {

    /** Keys of one name; further words are found only as a part of earlier keys. */
    public static final int MAX_KEYS = 8;

    /** UTF-16 units of a key; the rest is cut, in keys and in prefixes. */
    public static final int MAX_LENGTH = 64;

    private NameKeys() {}

    /** Returns the distinct keys of a name, in the order of its words; empty if it has no letter, digit or symbol. */
    public static List<String> of(String name) {
        List<SearchWord> words = SearchWords.of(name);
        List<String> keys = new ArrayList<>();
        for (int first = 0; first < Math.min(words.size(), MAX_KEYS); first++) {
            String key = joined(words.subList(first, words.size()));
            if (!keys.contains(key)) {
                keys.add(key);
            }
        }
        return List.copyOf(keys);
    }

    /** Folds what a user has typed as the beginning of a name; empty if it has no letter, digit or symbol. */
    public static String fold(String prefix) {
        return joined(SearchWords.of(prefix));
    }

    /** @param foldedPrefix from {@link #fold} */
    public static boolean matches(String name, String foldedPrefix) {
        return of(name).stream().anyMatch(key -> key.startsWith(foldedPrefix));
    }

    /** Joins words by spaces, and characters of scripts without spaces by nothing. */
    private static String joined(List<SearchWord> words) {
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < words.size() && joined.length() < MAX_LENGTH; i++) {
            boolean inRun = i > 0
                    && words.get(i).kind() == Kind.CHARACTER
                    && words.get(i - 1).kind() == Kind.CHARACTER;
            joined.append(i == 0 || inRun ? "" : " ").append(words.get(i).folded());
        }
        int length = Math.min(joined.length(), MAX_LENGTH);
        boolean splitsPair = length < joined.length() && Character.isHighSurrogate(joined.charAt(length - 1));
        return joined.substring(0, splitsPair ? length - 1 : length);
    }
}
