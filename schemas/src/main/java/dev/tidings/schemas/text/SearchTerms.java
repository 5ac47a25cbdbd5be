package dev.tidings.schemas.text;

import dev.tidings.v1.Content;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The terms under which the search index finds a message: its words, its symbols, and of text without spaces between words
 * (Chinese, Japanese, Korean, Thai) each character and each pair of neighbours; then the beginnings of its words, three characters and
 * an asterisk each, which narrow a search by prefix. A pure function of the content (decisions 49, 66).
 */
public final class SearchTerms {

    /** Terms of one message; further ones are not indexed. */
    public static final int MAX_TERMS = 4_096;

    /** Characters of a beginning. Shorter words have none. */
    public static final int BEGINNING_LENGTH = 3;

    private SearchTerms() {}

    /** Returns the distinct terms of the searchable text of a content; empty if it has none. */
    public static List<String> of(Content content) {
        return of(text(content));
    }

    /** Returns the distinct terms of a text in its order, then the beginnings of its words. */
    public static List<String> of(String text) {
        List<SearchWord> words = SearchWords.of(text);
        Set<String> terms = new LinkedHashSet<>();
        for (int i = 0; i < words.size() && terms.size() < MAX_TERMS; i++) {
            SearchWord word = words.get(i);
            terms.add(word.folded());
            if (i + 1 < words.size() && word.isFollowedBy(words.get(i + 1)) && terms.size() < MAX_TERMS) {
                terms.add(word.folded() + words.get(i + 1).folded());
            }
        }
        for (int i = 0; i < words.size() && terms.size() < MAX_TERMS; i++) {
            if (hasBeginning(words.get(i))) {
                terms.add(beginning(words.get(i).folded()));
            }
        }
        return List.copyOf(terms);
    }

    /** Whether the unit is a word with enough characters. */
    static boolean hasBeginning(SearchWord word) {
        return word.kind() == SearchWord.Kind.WORD
                && word.folded().codePointCount(0, word.folded().length()) >= BEGINNING_LENGTH;
    }

    /**
     * Returns the term of all words that begin as this one. No word has an asterisk.
     *
     * @param folded a word of {@link #BEGINNING_LENGTH} or more characters
     */
    public static String beginning(String folded) {
        return folded.substring(0, folded.offsetByCodePoints(0, BEGINNING_LENGTH)) + '*';
    }

    /**
     * Returns the text of a content that search finds: the body of a text, a caption, the name of a file, the name and address of a
     * location, the title and description of a card. Empty for audio, custom and encrypted content.
     */
    public static String text(Content content) {
        return switch (content.getBodyCase()) {
            case TEXT -> content.getText().getBody();
            case IMAGE -> content.getImage().getCaption();
            case VIDEO -> content.getVideo().getCaption();
            case FILE -> content.getFile().getFileName();
            case LOCATION ->
                lines(content.getLocation().getName(), content.getLocation().getAddress());
            case CARD -> lines(content.getCard().getTitle(), content.getCard().getDescription());
            case AUDIO, CUSTOM, ENCRYPTED, BODY_NOT_SET -> "";
        };
    }

    /** Returns the content's field in the contract, such as {@code text}; empty if it has none. */
    public static String type(Content content) {
        return content.getBodyCase() == Content.BodyCase.BODY_NOT_SET
                ? ""
                : content.getBodyCase().name().toLowerCase(Locale.ROOT);
    }

    private static String lines(String first, String second) {
        return Stream.of(first, second).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }
}
