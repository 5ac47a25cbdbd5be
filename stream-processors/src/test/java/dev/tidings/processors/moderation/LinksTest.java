package dev.tidings.processors.moderation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinksTest {

    @ParameterizedTest
    @CsvSource({
        "see http://example.com/x?y#z now,example.com",
        "HTTPS://Example.COM,example.com",
        "ftp://files.example.org,files.example.org",
        "(http://example.com),example.com",
        "http://example.com.,example.com",
        "http://user:pw@evil.com:8080/,evil.com",
        "http://good.com@evil.com/,evil.com",
        "http://127.0.0.1:8080/,127.0.0.1",
        "http://[2001:DB8::1]:80/,[2001:db8::1]",
        "http://localhost/x,localhost",
        "看http://example.com吧谢谢,example.com",
        "http://例子.中国/路径,例子.中国",
        "http://例子.中国,例子.中国",
        "http://xn--fsqu00a.xn--fiqs8s/,例子.中国",
        "http://münchen.de/,münchen.de",
        "http://xn--mnchen-3ya.de/,münchen.de",
        "http://한국.kr/,한국.kr",
        "http://ｅｘａｍｐｌｅ．ｃｏｍ/,example.com",
        "http://a_b.example.com,a_b.example.com"
    })
    void hosts_after_a_scheme_are_found(String text, String host) {
        assertEquals(List.of(host), Links.hosts(text));
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.anything,www.example.anything",
        "WWW.Example.com/x,www.example.com",
        "example.com,example.com",
        "example.com/x,example.com",
        "go to example.com.,example.com",
        "访问example.com吧,example.com",
        "看example.co.uk。谢谢,example.co.uk",
        "münchen.de,münchen.de",
        "пример.рф,пример.рф",
        "EXAMPLE.COM,example.com",
        "ｅｘａｍｐｌｅ．ｃｏｍ,example.com",
        "xn--mnchen-3ya.de,münchen.de",
        "example.com:8080,example.com",
        "youtu.be/abc,youtu.be",
        "t.me/joinchat,t.me",
        "\"-example.com-\",example.com"
    })
    void bare_hosts_are_found(String text, String host) {
        assertEquals(List.of(host), Links.hosts(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "e.g.this",
                "1.5",
                "1.2.3.4",
                "notes.txt",
                "run.sh",
                "main.py",
                "like it.It is",
                "we live.Work begins",
                "end.of",
                "...com",
                "a..com",
                ".com",
                "com",
                "www.",
                "www.x",
                "www..com",
                "bob@example.com",
                "http://",
                "http:///x",
                "http://!!!",
                "http://[x]/",
                "http://[::1",
                "http:// example",
                "javascript://x",
                "看.看",
                "\uD800.com",
                "i.e. that"
            })
    void other_texts_have_no_hosts(String text) {
        assertEquals(List.of(), Links.hosts(text));
    }

    static Stream<Arguments> several() {
        return Stream.of(
                arguments("b.com a.com B.com", List.of("b.com", "a.com")),
                arguments("a.com,b.com", List.of("a.com", "b.com")),
                arguments("http://a.com/b.net/c?x=d.org e.com", List.of("a.com", "e.com")),
                arguments("http://a.com/?to=http://b.com/", List.of("a.com", "b.com")),
                arguments("http://a.com/x看b.com", List.of("a.com", "b.com")));
    }

    @ParameterizedTest
    @MethodSource("several")
    void hosts_are_distinct_and_in_the_order_of_the_text(String text, List<String> hosts) {
        assertEquals(hosts, Links.hosts(text));
    }

    @Test
    void a_host_has_255_characters_at_most() {
        String label = "a".repeat(60) + ".";

        assertEquals(List.of(label.repeat(4) + "com"), Links.hosts(label.repeat(4) + "com"));
        assertEquals(List.of(), Links.hosts(label.repeat(5) + "com"));
        assertEquals(List.of(), Links.hosts("http://" + label.repeat(5) + "com"));
    }

    /** A quadratic algorithm would need minutes for these texts. */
    @ParameterizedTest
    @ValueSource(
            strings = {"a", ".", "a.", "http://", "http://[", "http://@", "www.", "看", "a.com/", "@", "http://a.com看"})
    void long_repetitive_texts_are_searched(String unit) {
        Links.hosts(unit.repeat(256 * 1024 / unit.length()));
    }
}
