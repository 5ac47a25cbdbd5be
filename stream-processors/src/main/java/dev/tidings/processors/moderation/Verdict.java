package dev.tidings.processors.moderation;

import java.util.List;

/** The result of {@link WordFilter#check}. */
public sealed interface Verdict {

    Verdict CLEAN = new Clean();

    /** The text has no word of a rule. */
    record Clean() implements Verdict {}

    /**
     * The text has at least one word of a rule.
     *
     * @param action the severest among those of the words found
     * @param masked the text with each occurrence of a {@link Action#MASK} word replaced: one {@code *} for each code point from its
     *     first to its last letter, separators included
     * @param words the distinct words as the rules have them, ordered by first occurrence and then by the order of the rules; at most
     *     {@value #MAX_WORDS}
     */
    record Objectionable(Action action, String masked, List<String> words) implements Verdict {

        public static final int MAX_WORDS = 20;

        public Objectionable {
            words = List.copyOf(words);
        }
    }
}
