package dev.tidings.schemas.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The words of a query. A text matches if it has all of them, in any order; neighbouring characters of a script without spaces must
 * be neighbours in the text, too.
 */
public final class SearchPattern {

    /** Ranges that {@link #matches} returns. */
    public static final int MAX_RANGES = 32;

    /**
     * A range of a text, in UTF-16 units.
     *
     * @param to index after the last unit
     */
    public record TextRange(int from, int to) {}

    private final List<List<SearchWord>> phrases;

    /** The text of the last phrase, one word, with which a word of the text may begin; empty: each word must be equal. */
    private final String beginning;

    private SearchPattern(List<List<SearchWord>> phrases, String beginning) {
        this.phrases = phrases;
        this.beginning = beginning;
    }

    public static SearchPattern of(String query) {
        return new SearchPattern(phrases(query), "");
    }

    /**
     * Returns a pattern whose last word may be the beginning of a word of the text. If it has less than {@link
     * SearchTerms#BEGINNING_LENGTH} characters, it must be equal.
     */
    public static SearchPattern ofBeginning(String query) {
        List<List<SearchWord>> phrases = phrases(query);
        boolean mayBegin =
                !phrases.isEmpty() && SearchTerms.hasBeginning(phrases.getLast().getLast());
        return new SearchPattern(phrases, mayBegin ? phrases.getLast().getLast().folded() : "");
    }

    private static List<List<SearchWord>> phrases(String query) {
        List<List<SearchWord>> phrases = new ArrayList<>();
        for (SearchWord word : SearchWords.of(query)) {
            if (!phrases.isEmpty() && phrases.getLast().getLast().isFollowedBy(word)) {
                phrases.getLast().add(word);
            } else {
                phrases.add(new ArrayList<>(List.of(word)));
            }
        }
        return phrases;
    }

    /**
     * Returns the terms that a message has if it matches ({@link SearchTerms}), without those of the {@link #beginning}. A message may
     * have them all and not match.
     */
    public List<String> terms() {
        Set<String> terms = new LinkedHashSet<>();
        for (int p = 0; p < phrases.size(); p++) {
            List<SearchWord> phrase = phrases.get(p);
            if (phrase.size() == 1 && !isBeginning(p)) {
                terms.add(phrase.getFirst().folded());
            }
            for (int i = 0; i + 1 < phrase.size(); i++) {
                terms.add(phrase.get(i).folded() + phrase.get(i + 1).folded());
            }
        }
        return List.copyOf(terms);
    }

    /** Whether the query has no letter, digit or symbol. */
    public boolean isEmpty() {
        return phrases.isEmpty();
    }

    /** Returns the text with which one of the terms of a matching message begins; empty: the {@link #terms} are enough. */
    public String beginning() {
        return beginning;
    }

    private boolean isBeginning(int phrase) {
        return phrase == phrases.size() - 1 && !beginning.isEmpty();
    }

    /** Returns the matching ranges of a text, ascending and disjoint, the first 32; empty if the text does not match. */
    public List<TextRange> matches(String text) {
        List<SearchWord> words = SearchWords.of(text);
        List<TextRange> found = new ArrayList<>();
        for (int p = 0; p < phrases.size(); p++) {
            List<SearchWord> phrase = phrases.get(p);
            int before = found.size();
            for (int at = 0; at + phrase.size() <= words.size(); at++) {
                if (isBeginning(p) ? beginsAt(words, at) : isAt(words, at, phrase)) {
                    found.add(new TextRange(
                            words.get(at).from(),
                            words.get(at + phrase.size() - 1).to()));
                }
            }
            if (found.size() == before) {
                return List.of();
            }
        }
        return merged(found);
    }

    private static boolean isAt(List<SearchWord> words, int at, List<SearchWord> phrase) {
        for (int i = 0; i < phrase.size(); i++) {
            SearchWord word = words.get(at + i);
            boolean continues = i == 0 || words.get(at + i - 1).isFollowedBy(word);
            if (!continues || !word.folded().equals(phrase.get(i).folded())) {
                return false;
            }
        }
        return true;
    }

    private boolean beginsAt(List<SearchWord> words, int at) {
        return words.get(at).kind() == SearchWord.Kind.WORD
                && words.get(at).folded().startsWith(beginning);
    }

    private static List<TextRange> merged(List<TextRange> found) {
        found.sort(Comparator.comparingInt(TextRange::from));
        List<TextRange> merged = new ArrayList<>();
        for (TextRange range : found) {
            if (!merged.isEmpty() && range.from() < merged.getLast().to()) {
                TextRange last = merged.removeLast();
                merged.add(new TextRange(last.from(), Math.max(last.to(), range.to())));
            } else if (merged.size() == MAX_RANGES) {
                break;
            } else {
                merged.add(range);
            }
        }
        return List.copyOf(merged);
    }
}
