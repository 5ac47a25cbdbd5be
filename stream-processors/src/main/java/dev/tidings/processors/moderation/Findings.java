package dev.tidings.processors.moderation;

import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects the occurrences of words in a text, in any order. */
final class Findings {

    private final String text;
    private final Word[] words;

    /** The first position of each word in the text, by the number of the word. */
    private final Map<Integer, Integer> firstStarts = new TreeMap<>();

    /** The positions of the chars to mask. */
    private final BitSet masked = new BitSet();

    Findings(String text, Word[] words) {
        this.text = text;
        this.words = words;
    }

    void add(int word, int start, int end) {
        firstStarts.merge(word, start, Math::min);
        if (words[word].action() == Action.MASK) {
            masked.set(start, end);
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
        return new Verdict.Objectionable(severest, maskedText(), found);
    }

    private String maskedText() {
        StringBuilder written = new StringBuilder(text.length());
        int at = 0;
        for (int from = masked.nextSetBit(0); from >= 0; from = masked.nextSetBit(at)) {
            written.append(text, at, from);
            int to = masked.nextClearBit(from);
            at = from;
            while (at < to) {
                written.append('*');
                at += Character.charCount(text.codePointAt(at));
            }
        }
        return written.append(text, at, text.length()).toString();
    }
}
