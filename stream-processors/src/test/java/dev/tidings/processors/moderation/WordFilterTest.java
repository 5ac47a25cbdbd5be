package dev.tidings.processors.moderation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.moderation.Verdict.Objectionable;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordFilterTest {

    /** A word, and a text with another spelling of it. */
    @ParameterizedTest
    @CsvSource({
        "bad,BAD",
        "BAD,bad",
        "straße,STRASSE",
        "maſſe,MASSE",
        "σοφος,ΣΟΦΟΣ",
        "σοφος,σοφος",
        "дурак,ДУРАК",
        "bad,ｂａｄ",
        "ｂａｄ,bad",
        "bad,𝔟𝖆𝓭",
        "bad,ⓑⓐⓓ",
        "bad,🄱🄰🄳",
        "110,①①⓪",
        "110,１１０",
        "x2,x²",
        "office,oﬃce",
        "cafe,café",
        "café,cafe",
        "cafe,cafe\u0301",
        "cafe,c\u0336a\u0336f\u0336e\u0336",
        "lodz,Łódź",
        "oere,Œre",
        "istanbul,İstanbul",
        "istanbul,ıstanbul",
        "ёлка,елка",
        "バカ,ﾊﾞｶ",
        "バカ,ハ\u3099カ",
        "パン,ﾊﾟﾝ",
        "キロ,㌔",
        "株,㈱",
        "豈,\uF900",
        "한국,\uD55C\uAD6D",
        "한국,\u1112\u1161\u11AB\u1100\u116E\u11A8",
        "\u1112\u1161\u11AB\u1100\u116E\u11A8,한국",
        "하나,하\u1102\u1161",
        "한국,하\u11AB국",
        "傻逼,傻逼",
        "𠮷野,𠮷野"
    })
    void equal_letters_match(String word, String text) {
        assertFinds(word, text);
    }

    @ParameterizedTest
    @CsvSource({"か,が", "カ,か", "国,國", "cop,сор", "v,ν", "한,하", "한,\u1112\u1161", "が,ガ"})
    void letters_that_only_look_or_sound_alike_do_not_match(String word, String text) {
        assertClean(word, text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ass", "an ass!", "(ass)", "\"ass\"", "你是ass吗", "ass😀", "ass-hat", "Ass.", "x, ass", "한ass국"})
    void a_word_of_a_script_with_spaces_matches_as_a_whole_word(String text) {
        assertFinds("ass", text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"class", "assign", "passage", "ass1", "1ass", "ассass", "assé", "as"})
    void a_word_of_a_script_with_spaces_does_not_match_inside_a_word(String text) {
        assertClean("ass", text);
    }

    @Test
    void the_name_of_a_town_does_not_match() {
        assertClean("cunt", "Scunthorpe");
    }

    @Test
    void a_star_matches_longer_words_at_that_end() {
        assertFinds("*porn", "freeporn");
        assertClean("*porn", "pornographic");
        assertFinds("porn*", "pornographic");
        assertClean("porn*", "freeporn");
        assertFinds("*porn*", "nopornography");
    }

    @ParameterizedTest
    @CsvSource({"傻瓜,你这个傻瓜啊", "ばか,おばかさん", "시발,다시발표", "โง่,คนโง่มาก", "🖕,you🖕🏽there", "A片,看A片吗"})
    void a_word_of_other_scripts_matches_anywhere(String word, String text) {
        assertFinds(word, text);
    }

    @Test
    void digits_match_whole_numbers() {
        assertFinds("110", "打110吧");
        assertClean("110", "1101");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "傻 瓜",
                "傻.瓜",
                "傻...瓜",
                "傻-_ 瓜",
                "傻\u200B瓜",
                "傻\uFE0F\u200D\u200B\u200C\u2060瓜",
                "傻\u3000瓜",
                "傻*瓜",
                "傻\u00AD瓜"
            })
    void up_to_three_separators_are_allowed_between_ideographs(String text) {
        assertFinds("傻瓜", text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"傻....瓜", "傻    瓜", "真傻，瓜也", "傻\n瓜", "傻: 瓜", "傻😀瓜", "傻x瓜"})
    void more_separators_clause_ends_and_letters_are_not_allowed_between_ideographs(String text) {
        assertClean("傻瓜", text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"f u c k", "f.u.c.k", "f-u_c k", "F, U, C, K!", "say f . u . c . k", "f\u200Buck", "你f u c k他"})
    void a_word_of_three_letters_or_more_matches_spelled_out(String text) {
        assertFinds("fuck", text);
    }

    @ParameterizedTest
    @CsvSource({
        "hell,he'll come",
        "penis,the pen is mine",
        "fuck,f.uck",
        "ass,as soon",
        "ass,as s",
        "fuck,f    u    c    k",
        "fuck,if u c k",
        "fuck,f u c kind",
        "sb,s b",
        "시발표,다시 발 표"
    })
    void separators_between_some_letters_do_not_match(String word, String text) {
        assertClean(word, text);
    }

    @Test
    void spelled_out_words_match_across_clause_ends() {
        assertFinds("法轮大法", "法，轮，大，法");
        assertClean("法轮大法", "法轮，大法");
    }

    @ParameterizedTest
    @ValueSource(strings = {"buy now", "BUY NOW", "buynow", "buy - now", "buy\nnow", "b u y n o w"})
    void the_separators_of_a_word_match_other_separators(String text) {
        assertFinds("buy now", text);
    }

    @ParameterizedTest
    @CsvSource({
        "shit,sh1t",
        "kill,k1ll",
        "hell,he11",
        "porn,p0rn",
        "leet,l33t",
        "ass,@ss",
        "asshole,a$$hole",
        "asshole,@$$h0le",
        "shit,$hit",
        "fat,fa7",
        "shit,ｓｈ１ｔ",
        "shit,*sh1t*",
        "boobs,b00bs"
    })
    void digits_and_signs_match_the_letters_they_look_like(String word, String text) {
        assertFinds(word, text);
    }

    /** Cyrillic а с е о р у х к ѕ і and Greek ο α ν among Latin letters. */
    @ParameterizedTest
    @CsvSource({
        "fuck,fuсk",
        "fuck,fuск",
        "shit,ѕhіt",
        "cop,a cор",
        "cop,CОP",
        "porn,pοrn",
        "porn,pοrn!",
        "slave,slαvе",
        "vile,νile",
        "boobs,bооb5"
    })
    void letters_of_other_scripts_match_the_letters_they_look_like(String word, String text) {
        assertFinds(word, text);
    }

    @ParameterizedTest
    @CsvSource({"cop,сор", "pot,рот", "cop,сорт", "cop,сор copy", "cop,cорт", "pay,рау is", "toxa,τοξα"})
    void look_alikes_do_not_match_in_words_of_one_script(String word, String text) {
        assertClean(word, text);
    }

    @ParameterizedTest
    @CsvSource({"сука,СУКА", "сука,ну сука!", "рот,рот", "μαλάκα,ΜΑΛΑΚΑ"})
    void words_in_other_scripts_match(String word, String text) {
        assertFinds(word, text);
    }

    @ParameterizedTest
    @CsvSource({"ass,the A55 road", "ass,455", "as,$5", "o,0", "s3x,sex", "lool,1001", "he,3", "傻o,傻0", "al,foo@l.com"})
    void look_alikes_do_not_match_with_few_letters(String word, String text) {
        assertClean(word, text);
    }

    /** The letters next to a run touch it also when it is read again. */
    @ParameterizedTest
    @CsvSource({
        "shit,sh1t㎏",
        "shit,㎏sh1t",
        "fuck,fuuuck㎏",
        "shit,$$$$s$h$i$t한",
        "shit,shhhh$s$h$i$t한",
        "fuck,한f$u$c$kkk"
    })
    void look_alikes_do_not_match_where_letters_touch_the_run(String word, String text) {
        assertClean(word, text);
    }

    @Test
    void a_digit_in_a_word_matches_the_digit_only() {
        assertFinds("s3x", "S3X");
        assertFinds("007", "agent 007");
    }

    @Test
    void a_look_alike_sign_is_also_a_separator() {
        assertFinds("fuck", "@fuck");
        assertFinds("fuck", "f$u$c$k");
    }

    @ParameterizedTest
    @CsvSource({
        "fuck,fuuuuck",
        "fuck,FFFuuucKKK",
        "good,gooood",
        "god,gooood",
        "cool,cooool",
        "хуй,хууууй",
        "shit,sh11111t"
    })
    void three_or_more_equal_letters_match_one_or_two(String word, String text) {
        assertFinds(word, text);
    }

    @ParameterizedTest
    @CsvSource({"god,good", "as,asss", "good,god", "10,1000", "哈,啊啊啊", "w,www"})
    void two_equal_letters_digits_and_words_of_two_letters_are_not_shortened(String word, String text) {
        assertClean(word, text);
    }

    @Test
    void masks_each_code_point_of_mask_words_only() {
        TreeMap<String, Action> words = new TreeMap<>();
        words.put("bad", Action.MASK);
        words.put("worse", Action.FLAG);
        words.put("傻瓜", Action.MASK);

        Verdict verdict = WordFilter.of(words).check("😀bad, b.a.d 𝔟𝔞𝔡 worse BÄD! 傻 瓜傻瓜😀");

        assertEquals(
                new Objectionable(Action.MASK, "😀***, ***** *** worse ***! *****😀", List.of("bad", "worse", "傻瓜")),
                verdict);
    }

    @Test
    void masks_overlapping_words_together() {
        TreeMap<String, Action> words = new TreeMap<>();
        words.put("甲乙丙", Action.MASK);
        words.put("丙丁", Action.MASK);
        words.put("乙", Action.MASK);
        words.put("丁戊", Action.FLAG);

        Verdict verdict = WordFilter.of(words).check("子甲乙丙丁戊");

        assertEquals(new Objectionable(Action.MASK, "子****戊", List.of("甲乙丙", "乙", "丙丁", "丁戊")), verdict);
    }

    @Test
    void masks_the_marks_of_the_last_letter_and_all_of_a_stretched_one() {
        assertEquals("x ***** y", masked("cafe", "x cafe\u0301 y"));
        assertEquals("x ******* y", masked("fuck", "x fuckkkk y"));
        assertEquals("x **** y", masked("shit", "x $h1t y"));
        assertEquals("x * y", masked("キロ", "x ㌔ y"));
    }

    @Test
    void the_severest_action_applies() {
        TreeMap<String, Action> words = new TreeMap<>();
        words.put("mild", Action.FLAG);
        words.put("medium", Action.MASK);
        words.put("hot", Action.REFUSE);

        assertEquals(
                new Objectionable(Action.REFUSE, "hot ****** mild", List.of("hot", "medium", "mild")),
                WordFilter.of(words).check("hot medium mild"));
    }

    @Test
    void reports_distinct_words_of_the_rules_at_most_twenty() {
        TreeMap<String, Action> words = new TreeMap<>();
        words.put("Bad", Action.FLAG);
        words.put("*bad*", Action.FLAG);
        words.put("bÄd", Action.FLAG);
        for (char c = 'a'; c <= 'z'; c++) {
            words.put("q" + c, Action.FLAG);
        }

        StringBuilder text = new StringBuilder("bad bad ");
        for (char c = 'z'; c >= 'a'; c--) {
            text.append('q').append(c).append(' ');
        }
        Objectionable verdict =
                assertInstanceOf(Objectionable.class, WordFilter.of(words).check(text.toString()));

        assertEquals(20, verdict.words().size());
        assertEquals(List.of("*bad*", "Bad", "bÄd", "qz", "qy"), verdict.words().subList(0, 5));
    }

    @Test
    void a_filter_without_words_finds_nothing() {
        WordFilter filter = WordFilter.of(new TreeMap<>());

        assertTrue(filter.isEmpty());
        assertEquals(Verdict.CLEAN, filter.check("a1 $ 😀 aaaa ㌔ \uD800"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\u3000",
                "*",
                "**",
                "***",
                "a*b",
                "*a*b*",
                "...",
                "\u200B",
                "a\u0000b",
                "a\tb",
                "a\nb",
                " bad",
                "bad ",
                "$hit",
                "c++",
                "a....b",
                "\uD800",
                "a\uDC00",
                "-*",
                "* bad"
            })
    void a_word_that_cannot_match_has_a_fault(String word) {
        TreeMap<String, Action> words = new TreeMap<>();
        words.put(word, Action.FLAG);

        assertNotNull(WordFilter.faultOf(word));
        assertThrows(IllegalArgumentException.class, () -> WordFilter.of(words));
    }

    @Test
    void a_word_has_64_code_points_at_most() {
        assertNull(WordFilter.faultOf("𠮷".repeat(64)));
        assertNotNull(WordFilter.faultOf("𠮷".repeat(65)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a b", "*a", "a*", "*a*", "🖕", "a-b", "1", "❤️"})
    void a_word_that_can_match_has_no_fault(String word) {
        assertNull(WordFilter.faultOf(word));
    }

    /** Longer than the ring buffer of the finder. */
    @Test
    void a_word_matches_with_any_number_of_repeated_letters() {
        assertFinds("bad", "so b" + "\u200B".repeat(10_000) + "ad!");
        assertFinds("bad", "so b" + "a".repeat(10_000) + "d!");
        assertFinds("bad", "x1".repeat(10_000) + ", b4d!");
        assertClean("bad", "x1".repeat(10_000) + "b4d!");
    }

    /** A quadratic algorithm would need minutes for these texts. */
    @ParameterizedTest
    @ValueSource(
            strings = {"a", " ", "哈", "\u200B", "1", "@", "\u0301", "ﾞ", "a1", "a.", "\uD800", "😀", "ﬃ", "aaab", "l1"})
    void long_repetitive_texts_are_checked(String unit) {
        TreeMap<String, Action> words = new TreeMap<>();
        for (int length = 1; length <= 60; length++) {
            words.put("*" + "a".repeat(length) + "*", Action.MASK);
            words.put("哈".repeat(length), Action.MASK);
            words.put("*" + "i".repeat(length) + "l*", Action.MASK);
        }
        String text = unit.repeat(64 * 1024 / unit.length());

        Verdict verdict = WordFilter.of(words).check(text);

        if (verdict instanceof Objectionable found) {
            assertEquals(
                    text.codePointCount(0, text.length()),
                    found.masked().codePointCount(0, found.masked().length()));
        }
    }

    private static void assertFinds(String word, String text) {
        assertEquals(List.of(word), found(word, text), text);
    }

    private static void assertClean(String word, String text) {
        assertEquals(List.of(), found(word, text), text);
    }

    private static List<String> found(String word, String text) {
        return switch (filter(word).check(text)) {
            case Verdict.Clean clean -> List.of();
            case Objectionable objectionable -> objectionable.words();
        };
    }

    private static String masked(String word, String text) {
        return assertInstanceOf(Objectionable.class, filter(word).check(text)).masked();
    }

    private static WordFilter filter(String word) {
        TreeMap<String, Action> words = new TreeMap<>();
        words.put(word, Action.MASK);
        return WordFilter.of(words);
    }
}
