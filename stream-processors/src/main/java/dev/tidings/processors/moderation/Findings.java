package dev.tidings.processors.moderation;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Gathers occurrences of words in a text, in any order. */
final class Findings {

    private final String text;
    private final Word[] words;

    /** By number of the word, where in the text it first occurs. */
    private final Map<Integer, Integer> firstStarts = new TreeMap<>();

    /**
     * For every end of what is to be masked, by how many chars its beginning lies before; the longest counts. Adding an
     * occurrence and applying all of them thus takes the same time, however much they overlap.
     */
    private int @Nullable [] maskLengths;

    Findings(String text, Word[] words) {
        this.text = text;
        this.words = words;
    }

    void add(int word, int start, int end) {
        firstStarts.merge(word, start, Math::min);
        if (words[word].action() == Action.MASK) {
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
            Action action = words[word].action();
            severest = action.compareTo(severest) > 0 ? action : severest;
        }
        List<String> found = firstStarts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .limit(Verdict.Objectionable.MAX_WORDS)
                .map(entry -> words[entry.getKey()].text())
                .toList();
        return new Verdict.Objectionable(severest, maskLengths == null ? text : masked(maskLengths), found);
    }

    private String masked(int[] lengths) {
        for (int end = text.length() - 1; end > 0; end--) {
            lengths[end] = Math.max(lengths[end], lengths[end + 1] - 1);
        }
        StringBuilder masked = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            int clear = at;
            while (at < text.length() && lengths[at + 1] == 0) {
                at++;
            }
            masked.append(text, clear, at);
            while (at < text.length() && lengths[at + 1] > 0) {
                masked.append('*');
                at += Character.charCount(text.codePointAt(at));
            }
        }
        return masked.toString();
    }
}
