package dev.tidings.processors.moderation;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the megabytes (10^6 bytes of UTF-8) that one thread checks in a second against 10,000 words, half Chinese, half Latin;
 * and the time to build the filter. Words and texts come from a fixed seed. Latin texts consist of words from a vocabulary of 5,000
 * with the letter frequencies of English; ideographs are from the 3,000 most frequent ones, by rank. Distorted texts are Latin texts
 * in which every third word, or each word, has another spelling: digits and signs, repeated letters, full width, marks and invisible
 * characters. ops/docs/benchmarks.md has the command.
 */
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class WordFilterBenchmark {

    private static final int WORDS = 10_000;
    private static final long SEED = 42;

    /** Random words and texts from a seed. */
    static final class Language {

        private static final String ENGLISH =
                "eeeeeeeeeeeetttttttttaaaaaaaaooooooooiiiiiiinnnnnnnsssssshhhhhhrrrrrrddddllllcccuuummmwwffggyyppbbvkjxqz";

        private static final String LETTERS = "oileast";
        private static final String DIGITS = "0113457";
        private static final String SIGNS = "0113@$7";

        private final Random random = new Random(SEED);
        private final String[] vocabulary = new String[5_000];

        Language() {
            for (int word = 0; word < vocabulary.length; word++) {
                vocabulary[word] = latinWord(2 + random.nextInt(9));
            }
        }

        SortedMap<String, Action> words() {
            SortedMap<String, Action> words = new TreeMap<>();
            while (words.size() < WORDS) {
                String word = words.size() % 2 == 0 ? latinWord(4 + random.nextInt(7)) : han(2 + random.nextInt(4));
                words.put(word, Action.values()[random.nextInt(Action.values().length)]);
            }
            return words;
        }

        String text(Script script, int length) {
            StringBuilder text = new StringBuilder(length + 16);
            while (text.length() < length) {
                switch (script) {
                    case LATIN ->
                        text.append(vocabulary[random.nextInt(vocabulary.length)])
                                .append(random.nextInt(10) == 0 ? ", " : " ");
                    case DISTORTED -> text.append(distorted(3)).append(random.nextInt(10) == 0 ? ", " : " ");
                    case DISTORTED_THROUGHOUT -> text.append(distorted(1)).append(random.nextInt(10) == 0 ? ", " : " ");
                    case CJK -> text.append(han(4 + random.nextInt(12))).append(random.nextInt(3) == 0 ? "。" : "，");
                }
            }
            return text.toString();
        }

        /** One word in this many has another spelling. */
        private String distorted(int oneIn) {
            String word = vocabulary[random.nextInt(vocabulary.length)];
            return random.nextInt(oneIn) == 0 ? distorted(word) : word;
        }

        /** A word of a rule for a text: distorted in distorted texts, unless it has ideographs. */
        String written(Script script, String word) {
            boolean isDistorted = script == Script.DISTORTED || script == Script.DISTORTED_THROUGHOUT;
            return isDistorted && word.charAt(0) < 0x80 ? distorted(word) : word;
        }

        /** A word in a spelling that evades simple filters. */
        String distorted(String word) {
            int place = random.nextInt(word.length());
            return switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> withLookAlikes(word, place);
                case 4, 5 ->
                    word.substring(0, place)
                            + String.valueOf(word.charAt(place)).repeat(3 + random.nextInt(4))
                            + word.substring(place + 1);
                case 6 -> inFullWidth(word);
                default ->
                    word.substring(0, place + 1)
                            + (random.nextBoolean() ? '\u0301' : '\u200B')
                            + word.substring(place + 1);
            };
        }

        /** @param place the letter that is always replaced, if it has a replacement */
        private String withLookAlikes(String word, int place) {
            StringBuilder written = new StringBuilder(word);
            for (int index = 0; index < word.length(); index++) {
                int letter = LETTERS.indexOf(word.charAt(index));
                if (letter >= 0 && (index == place || random.nextBoolean())) {
                    written.setCharAt(index, (random.nextInt(4) == 0 ? SIGNS : DIGITS).charAt(letter));
                }
            }
            return written.toString();
        }

        private static String inFullWidth(String word) {
            return word.chars()
                    .map(letter -> letter - 'a' + 'ａ')
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
        }

        int below(int bound) {
            return random.nextInt(bound);
        }

        private String latinWord(int length) {
            StringBuilder word = new StringBuilder();
            while (word.length() < length) {
                char next = ENGLISH.charAt(random.nextInt(ENGLISH.length()));
                int last = word.length() - 1;
                if (last < 1 || word.charAt(last) != next || word.charAt(last - 1) != next) {
                    word.append(next);
                }
            }
            return word.toString();
        }

        private String han(int length) {
            StringBuilder word = new StringBuilder();
            for (int index = 0; index < length; index++) {
                word.append((char) ('一' + random.nextInt(1 + random.nextInt(3_000))));
            }
            return word.toString();
        }
    }

    /** The script of a text. */
    public enum Script {
        LATIN,
        CJK,
        DISTORTED,
        DISTORTED_THROUGHOUT
    }

    /** Texts of 60 to 200 characters; one in a hundred has a word of a rule. */
    @State(Scope.Thread)
    public static class Messages {

        static final int COUNT = 2_000;

        @Param({"LATIN", "CJK", "DISTORTED", "DISTORTED_THROUGHOUT"})
        Script script = Script.LATIN;

        WordFilter filter = WordFilter.of(new TreeMap<>());
        final String[] texts = new String[COUNT];
        final int[] bytes = new int[COUNT];
        int next;

        @Setup
        public void make() {
            Language language = new Language();
            SortedMap<String, Action> words = language.words();
            filter = WordFilter.of(words);
            String[] listed = words.keySet().toArray(String[]::new);
            int hits = 0;
            for (int message = 0; message < COUNT; message++) {
                boolean isHit = message % 100 == 0;
                String text;
                do {
                    text = language.text(script, 60 + language.below(141));
                    if (isHit) {
                        text += language.written(script, listed[language.below(listed.length)]);
                    }
                } while (isHit == (filter.check(text) instanceof Verdict.Clean));
                hits += isHit ? 1 : 0;
                texts[message] = text;
                bytes[message] = text.getBytes(StandardCharsets.UTF_8).length;
            }
            System.out.println("messages: " + COUNT + ", with words: " + hits);
        }
    }

    /** A text of about a million bytes with a word of a rule at about every hundredth position. */
    @State(Scope.Thread)
    public static class Book {

        @Param({"LATIN", "CJK", "DISTORTED", "DISTORTED_THROUGHOUT"})
        Script script = Script.LATIN;

        WordFilter filter = WordFilter.of(new TreeMap<>());
        String text = "";
        int bytes;

        @Setup
        public void make() {
            Language language = new Language();
            SortedMap<String, Action> words = language.words();
            filter = WordFilter.of(words);
            String[] listed = words.keySet().toArray(String[]::new);
            StringBuilder book = new StringBuilder();
            int length = script == Script.CJK ? 333_333 : 1_000_000;
            while (book.length() < length) {
                book.append(language.text(script, 600))
                        .append(language.written(script, listed[language.below(listed.length)]))
                        .append(' ');
            }
            text = book.toString();
            bytes = text.getBytes(StandardCharsets.UTF_8).length;
        }
    }

    /** A secondary counter for each microsecond: megabytes a second. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Megabytes {
        public long utf8;
    }

    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public Verdict messages(Messages messages, Megabytes megabytes) {
        int message = messages.next;
        messages.next = message + 1 == Messages.COUNT ? 0 : message + 1;
        megabytes.utf8 += messages.bytes[message];
        return messages.filter.check(messages.texts[message]);
    }

    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public Verdict book(Book book, Megabytes megabytes) {
        megabytes.utf8 += book.bytes;
        return book.filter.check(book.text);
    }

    @State(Scope.Thread)
    public static class Words {
        final SortedMap<String, Action> words = new Language().words();
    }

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public WordFilter build(Words words) {
        return WordFilter.of(words.words);
    }
}
