package dev.tidings.processors.moderation;

import dev.tidings.processors.moderation.Verdict.Objectionable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A slow, independent implementation of {@link WordFilter}: it tries every word at every position. It knows a few characters only,
 * and folds them by its own tables.
 */
final class NaiveWordSearch {

    static final String SPACED = "abils";
    static final String IDEOGRAPHS = "哈和𠮷";
    static final String OTHERS = "한😀";
    static final String DIGITS = "15";
    static final String SIGNS = "@$";
    static final String SEPARATORS = " .-";
    static final String CLAUSE_ENDS = ",，\n";
    static final String INVISIBLE = "\u200B\u0301";

    /** The Cyrillic letter that looks like an a. */
    static final String HOMOGLYPH = "а";

    /** Spellings, and the letters that they stand for. */
    static final String VARIANTS = "AＢⒾ𝔩É";

    private static final List<String> PLAIN_VARIANTS = List.of("a", "b", "i", "l", "e");

    private record Letter(
            String is, int from, int to, int separators, boolean isInNextClause, boolean isLookAlike, boolean isDigit) {

        Letter endingAt(int end) {
            return new Letter(is, from, end, separators, isInNextClause, isLookAlike, isDigit);
        }

        boolean isSpaced() {
            return (SPACED + HOMOGLYPH + DIGITS + "eot").contains(is);
        }

        boolean isIdeograph() {
            return IDEOGRAPHS.contains(is);
        }
    }

    private enum Digits {
        THEMSELVES,
        ONE_AS_I,
        ONE_AS_L
    }

    private final SortedMap<String, Action> words;
    private final Map<String, Integer> found = new TreeMap<>();
    private final boolean[] masked;
    private final String text;

    private NaiveWordSearch(SortedMap<String, Action> words, String text) {
        this.words = words;
        this.text = text;
        masked = new boolean[text.length()];
    }

    static Verdict check(SortedMap<String, Action> words, String text) {
        NaiveWordSearch search = new NaiveWordSearch(words, text);
        search.search(search.read(0, 0, Digits.THEMSELVES), 0, text.length(), false);
        search.searchRuns();
        return search.verdict();
    }

    private void searchRuns() {
        String inRuns = SPACED + HOMOGLYPH + DIGITS + SIGNS + VARIANTS + INVISIBLE;
        int from = 0;
        while (from < text.length()) {
            int to = from;
            while (to < text.length() && inRuns.contains(Character.toString(text.codePointAt(to)))) {
                to += Character.charCount(text.codePointAt(to));
            }
            searchStretched(read(from, to, Digits.THEMSELVES), from, to);
            String run = text.substring(from, to);
            boolean isLatin = read(run, 0, 0, Digits.THEMSELVES).stream()
                    .anyMatch(letter -> !(DIGITS + HOMOGLYPH).contains(letter.is()));
            if (isLatin) {
                for (Digits digits : List.of(Digits.ONE_AS_I, Digits.ONE_AS_L)) {
                    search(read(from, to, digits), from, to, false);
                    searchStretched(read(from, to, digits), from, to);
                }
            }
            from = to == text.length() ? to : to + Character.charCount(text.codePointAt(to));
        }
    }

    private void searchStretched(List<Letter> letters, int from, int to) {
        search(shortened(letters, 1), from, to, true);
        search(shortened(letters, 2), from, to, true);
    }

    private static List<Letter> shortened(List<Letter> letters, int kept) {
        List<Letter> shortened = new ArrayList<>(letters);
        for (int at = 0; at < shortened.size(); at++) {
            Letter letter = shortened.get(at);
            int behind = at + 1;
            while (behind < shortened.size()
                    && shortened.get(behind).is().equals(letter.is())
                    && shortened.get(behind).separators() == 0) {
                behind++;
            }
            if (behind - at >= 3 && letter.isSpaced() && !DIGITS.contains(letter.is())) {
                int end = shortened.get(behind - 1).to();
                shortened.subList(at + kept, behind).clear();
                shortened.set(at + kept - 1, shortened.get(at + kept - 1).endingAt(end));
                at += kept - 1;
            } else {
                at = behind - 1;
            }
        }
        return shortened;
    }

    private List<Letter> read(int from, int to, Digits digits) {
        return read(text, from, to, digits);
    }

    /** The letters of a text with other letters in one part. */
    private static List<Letter> read(String text, int from, int to, Digits digits) {
        List<Letter> letters = new ArrayList<>();
        int separators = 0;
        boolean isInNextClause = false;
        int width;
        for (int at = 0; at < text.length(); at += width) {
            String is = Character.toString(text.codePointAt(at));
            width = is.length();
            int variant = VARIANTS.indexOf(is);
            if (variant >= 0) {
                is = PLAIN_VARIANTS.get(VARIANTS.codePointCount(0, variant));
            }
            boolean isLookAlike = from <= at && at < to && digits != Digits.THEMSELVES && (DIGITS + SIGNS).contains(is);
            boolean isDigit = isLookAlike && DIGITS.contains(is);
            if (from <= at && at < to && digits != Digits.THEMSELVES && is.equals(HOMOGLYPH)) {
                is = "a";
            }
            if (isLookAlike) {
                is = switch (is) {
                    case "1" -> digits == Digits.ONE_AS_I ? "i" : "l";
                    case "@" -> "a";
                    default -> "s";
                };
            }
            if (INVISIBLE.contains(is)) {
                if (!letters.isEmpty() && separators == 0) {
                    letters.set(letters.size() - 1, letters.getLast().endingAt(at + width));
                }
            } else if ((SEPARATORS + CLAUSE_ENDS + SIGNS).contains(is)) {
                separators++;
                isInNextClause |= CLAUSE_ENDS.contains(is);
            } else {
                letters.add(new Letter(is, at, at + width, separators, isInNextClause, isLookAlike, isDigit));
                separators = 0;
                isInNextClause = false;
            }
        }
        return letters;
    }

    /** Finds the words in a part of the text. */
    private void search(List<Letter> letters, int searchedFrom, int searchedTo, boolean isStretched) {
        words.forEach((word, action) -> {
            int bodyEnd = word.endsWith("*") ? word.length() - 1 : word.length();
            List<Letter> body = read(word.substring(word.startsWith("*") ? 1 : 0, bodyEnd), 0, 0, Digits.THEMSELVES);
            for (int first = 0; first + body.size() <= letters.size(); first++) {
                boolean isInPart = letters.get(first).from() >= searchedFrom
                        && letters.get(first + body.size() - 1).to() <= searchedTo;
                if (isInPart && isOccurrence(word, body, letters, first, isStretched)) {
                    int from = letters.get(first).from();
                    int to = letters.get(first + body.size() - 1).to();
                    found.merge(word, from, Math::min);
                    for (int at = from; at < to && action == Action.MASK; at++) {
                        masked[at] = true;
                    }
                }
            }
        });
    }

    private static boolean isOccurrence(
            String word, List<Letter> body, List<Letter> letters, int first, boolean isStretched) {
        List<Letter> in = letters.subList(first, first + body.size());
        boolean isSame = true;
        boolean isLoose = true;
        boolean isSpelledOut = body.size() >= 3;
        boolean isTogether = true;
        for (int index = 0; index < in.size(); index++) {
            Letter letter = in.get(index);
            isSame &= letter.is().equals(body.get(index).is());
            if (index > 0) {
                isSame &= letter.separators() <= 3;
                isTogether &= letter.separators() == 0;
                isSpelledOut &= letter.separators() > 0;
                boolean isBetweenIdeographs =
                        letter.isIdeograph() && in.get(index - 1).isIdeograph();
                isLoose &= letter.separators() == 0
                        || body.get(index).separators() > 0
                        || (isBetweenIdeographs && !letter.isInNextClause());
            }
        }
        long digits = in.stream().filter(Letter::isDigit).count();
        long real = in.stream().filter(letter -> !letter.isLookAlike()).count();
        boolean isReadable = real > 0 && digits <= real;
        if (!isSame || !isReadable || (isStretched && body.size() < 3)) {
            return false;
        }
        Letter before = first == 0 || in.getFirst().separators() > 0 ? null : letters.get(first - 1);
        int next = first + in.size();
        Letter after = next == letters.size() || letters.get(next).separators() > 0 ? null : letters.get(next);
        boolean startsWord =
                before == null || !before.isSpaced() || !in.getFirst().isSpaced();
        boolean endsWord = after == null || !after.isSpaced() || !in.getLast().isSpaced();
        boolean isWhole = (startsWord || word.startsWith("*")) && (endsWord || word.endsWith("*"));
        boolean standsAlone =
                (before == null || before.isIdeograph() || in.getFirst().isIdeograph())
                        && (after == null || after.isIdeograph() || in.getLast().isIdeograph());
        return isTogether || isLoose ? isWhole : isSpelledOut && standsAlone;
    }

    private Verdict verdict() {
        if (found.isEmpty()) {
            return Verdict.CLEAN;
        }
        Action severest = found.keySet().stream()
                .map(words::get)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        List<String> inOrder = found.keySet().stream()
                .sorted(Comparator.comparing(found::get))
                .limit(20)
                .toList();
        StringBuilder stars = new StringBuilder();
        int width;
        for (int at = 0; at < text.length(); at += width) {
            width = Character.charCount(text.codePointAt(at));
            stars.appendCodePoint(masked[at] ? '*' : text.codePointAt(at));
        }
        return new Objectionable(severest, stars.toString(), inOrder);
    }
}
