package dev.tidings.schemas.text;

import dev.tidings.schemas.text.SearchWord.Kind;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Splits text into units of search. Folds compatibility forms (NFKC), case, and the diacritics of Latin, Greek, Cyrillic, Arabic
 * and Hebrew. Vowel signs of Indic scripts and the voicing marks of kana stay: they make another word.
 */
final class SearchWords {

    /** UTF-16 units of a folded word; the rest of a longer word is cut, in the index and in queries. */
    static final int MAX_WORD_LENGTH = 64;

    /** No character before it is a mark. */
    private static final int FIRST_MARK = 0x300;

    private static final int PROLONGED_SOUND = 0x30FC;

    private final String text;
    private final List<SearchWord> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private int wordFrom;
    private int wordTo;

    private SearchWords(String text) {
        this.text = text;
    }

    /** Returns the units in the order of the text. */
    static List<SearchWord> of(String text) {
        SearchWords split = new SearchWords(text);
        for (int at = 0; at < text.length(); ) {
            if (isPlain(text, at)) {
                split.addPlain(at);
                at++;
                continue;
            }
            int end = clusterEnd(text, at);
            split.add(at, end);
            at = end;
        }
        split.endWord();
        return split.words;
    }

    /** The end of a character with the marks that follow it. */
    private static int clusterEnd(String text, int at) {
        int first = text.codePointAt(at);
        int end = at + Character.charCount(first);
        while (end < text.length()) {
            int next = text.codePointAt(end);
            if (!isMark(next) && !(isHangulPart(first) && isHangulPart(next))) {
                break;
            }
            end += Character.charCount(next);
        }
        return end;
    }

    /** Also the voicing marks of half-width katakana. */
    private static boolean isMark(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || codePoint == 0xFF9E
                || codePoint == 0xFF9F;
    }

    /** A letter that composes with others to one syllable. */
    private static boolean isHangulPart(int codePoint) {
        return codePoint >= 0x1100 && codePoint <= 0x11FF;
    }

    /** Returns true for an ASCII character that no mark follows: it needs no normalisation. */
    private static boolean isPlain(String text, int at) {
        return text.charAt(at) < 0x80 && (at + 1 == text.length() || text.charAt(at + 1) < FIRST_MARK);
    }

    private void addPlain(int at) {
        char character = text.charAt(at);
        if (!Character.isLetterOrDigit(character)) {
            // the invisible ASCII characters are controls, which end a word
            endWord();
            return;
        }
        if (word.isEmpty()) {
            wordFrom = at;
        }
        word.append(Character.toLowerCase(character));
        wordTo = at + 1;
    }

    private void add(int from, int to) {
        String character = Normalizer.normalize(text.substring(from, to), Normalizer.Form.NFKC);
        int codePoint = character.codePointAt(0);
        if (isUnspaced(codePoint)) {
            endWord();
            words.add(new SearchWord(fold(character), Kind.CHARACTER, from, to));
        } else if (Character.isLetterOrDigit(codePoint) || Character.getType(codePoint) == Character.LETTER_NUMBER) {
            if (word.isEmpty()) {
                wordFrom = from;
            }
            word.append(fold(character));
            wordTo = to;
        } else if (Character.getType(codePoint) == Character.OTHER_SYMBOL) {
            endWord();
            words.add(new SearchWord(Character.toString(codePoint), Kind.SYMBOL, from, to));
        } else if (!isInvisible(codePoint)) {
            endWord();
        }
    }

    /** Soft hyphens and joiners do not end a word. */
    private static boolean isInvisible(int codePoint) {
        return Character.getType(codePoint) == Character.FORMAT && codePoint != 0x200B;
    }

    private void endWord() {
        if (word.isEmpty()) {
            return;
        }
        int length = Math.min(word.length(), MAX_WORD_LENGTH);
        if (length < word.length() && Character.isHighSurrogate(word.charAt(length - 1))) {
            length--;
        }
        words.add(new SearchWord(word.substring(0, length), Kind.WORD, wordFrom, wordTo));
        word.setLength(0);
    }

    private static boolean isUnspaced(int codePoint) {
        return switch (UnicodeScript.of(codePoint)) {
            case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO, THAI, LAO, KHMER, MYANMAR ->
                Character.isLetterOrDigit(codePoint);
            default -> codePoint == PROLONGED_SOUND;
        };
    }

    /** {@code ß} and {@code ss}, {@code σ} and {@code ς} fold to the same. */
    private static String fold(String character) {
        String plain = hasAccents(character.codePointAt(0)) ? withoutMarks(character) : character;
        return plain.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    private static boolean hasAccents(int codePoint) {
        return switch (UnicodeScript.of(codePoint)) {
            case LATIN, GREEK, CYRILLIC, ARABIC, HEBREW -> true;
            default -> false;
        };
    }

    private static String withoutMarks(String character) {
        StringBuilder plain = new StringBuilder();
        Normalizer.normalize(character, Normalizer.Form.NFKD)
                .codePoints()
                .filter(codePoint -> Character.getType(codePoint) != Character.NON_SPACING_MARK)
                .forEach(plain::appendCodePoint);
        return plain.toString();
    }
}
