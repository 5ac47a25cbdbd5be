package dev.tidings.processors.moderation;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Gathers occurrences of words in a text, in any order. */
final class Findings {

    private final String text;
    private final List<Word> words;

    /** By number of the word, where in the text it first occurs. */
    private final Map<Integer, Integer> firstStarts = new TreeMap<>();

    /**
     * For every end of what is to be masked, by how many chars its beginning lies before; the longest counts. Adding an
     * occurrence and applying all of them thus takes the same time, however much they overlap.
     */
    private int @Nullable [] maskLengths;

    Findings(String text, List<Word> words) {
        this.text = text;
        this.words = words;
    }

    void add(int word, int start, int end) {
        firstStarts.merge(word, start, Math::min);
        if (words.get(word).action() == Action.MASK) {
            if (maskLengths == null) {
                maskLengths = new int[text.length() + 1];
            }
            maskLengths[end] = Math.max(maskLengths[end], end - start);
        }
    }

    Verdict verdict() {
        if (firstStarts.isEmpty()) {
            return Verdict.CLEAN;
        }
        Action severest = Action.FLAG;
        for (int word : firstStarts.keySet()) {
            Action action = words.get(word).action();
            severest = action.compareTo(severest) > 0 ? action : severest;
        }
        List<String> found = firstStarts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .limit(Verdict.Objectionable.MAX_WORDS)
                .map(entry -> words.get(entry.getKey()).text())
                .toList();
        return new Verdict.Objectionable(severest, maskLengths == null ? text : masked(maskLengths), found);
    }

    private String masked(int[] lengths) {
        int[] stars = new int[text.length()];
        int remaining = 0;
        for (int end = text.length(); end > 0; end--) {
            remaining = Math.max(remaining - 1, lengths[end]);
            stars[end - 1] = remaining;
        }
        StringBuilder masked = new StringBuilder(text.length());
        int width;
        for (int at = 0; at < text.length(); at += width) {
            int codePoint = text.codePointAt(at);
            width = Character.charCount(codePoint);
            masked.appendCodePoint(stars[at] > 0 ? '*' : codePoint);
        }
        return masked.toString();
    }
}
