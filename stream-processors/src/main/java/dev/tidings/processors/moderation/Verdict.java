package dev.tidings.processors.moderation;

import java.util.List;

/** What a {@link WordFilter} finds in a text. */
public sealed interface Verdict {

    Verdict CLEAN = new Clean();

    /** No word of any rule. */
    record Clean() implements Verdict {}

    /**
     * At least one word.
     *
     * @param action the severest among those of the words found
     * @param masked the text with each occurrence of a {@link Action#MASK} word, and of no other, replaced by {@code *},
     *     one per code point from its first letter to its last, what separates them included
     * @param words as the rules write them, distinct, ordered by where they first occur and then by their own order; the
     *     first {@value #MAX_WORDS}
     */
    record Objectionable(Action action, String masked, List<String> words) implements Verdict {

        public static final int MAX_WORDS = 20;

        public Objectionable {
            words = List.copyOf(words);
        }
    }
}
