package dev.tidings.schemas.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import dev.tidings.v1.Ban;
import dev.tidings.v1.LinkPolicy;
import dev.tidings.v1.ListRules;
import dev.tidings.v1.MediaPolicy;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.Policy;
import dev.tidings.v1.Rate;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.WordRule;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesCheckTest {

    @Test
    void valid_commands_are_allowed() {
        assertAllowed(
                words("casino").addRemoveWords("other").addBan(Ban.newBuilder().setUserId("bob")));
        assertAllowed(rules().addUnban("bob"));
        assertAllowed(policy(Policy.newBuilder()
                .setStrangersMayWrite(false)
                .setRecallWindowSeconds(0)
                .setEditWindowSeconds(Integer.MAX_VALUE)
                .setMaxGroupMembers(2)
                .setLargeGroupThreshold(5_000)
                .setFlood(Rate.newBuilder().setMessages(100).setSeconds(86_400))
                .setRepeats(Rate.getDefaultInstance())
                .setLinks(LinkPolicy.newBuilder()
                        .setAction(ModerationAction.REFUSE)
                        .addAllowedHosts("example.com")
                        .addAllowedHosts("bücher.example")
                        .addAllowedHosts("उदाहरण.example"))
                .setMedia(MediaPolicy.newBuilder()
                        .setAction(ModerationAction.FLAG)
                        .addAllowedTypes("image/*")
                        .addAllowedTypes("application/vnd.ms-excel")
                        .setMaxBytes(1))));
    }

    @Test
    void an_empty_command_is_refused() {
        assertInvalid("rules is empty", rules());
        assertInvalid("list alone is allowed", rules().addUnban("bob").setList(ListRules.getDefaultInstance()));
        assertInvalid("limit is 501", rules().setList(ListRules.newBuilder().setLimit(501)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"casino", "赌场", "x", "two words", "*spam*", "spam*", "*spam", "🖕", "f.u.n", "a$$", "+1", "é"})
    void a_word_with_a_letter_digit_or_symbol_is_allowed(String word) {
        assertAllowed(words(word));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\u2003",
                "*",
                "**",
                "***",
                "* *",
                "...",
                "-_-",
                "!?",
                "\u200B",
                "\uFE0F",
                "\u0301",
                "a*b",
                "**spam",
                "spam**",
                "a\u0000b",
                "a\nb",
                "\u0085a",
                "\uFFFF"
            })
    void a_word_that_cannot_match_is_refused(String word) {
        assertInvalid("\" must ", words("good", word));
    }

    @Test
    void a_word_has_at_most_64_code_points() {
        assertAllowed(words("😀".repeat(64)));
        assertInvalid("64 characters", words("😀".repeat(65)));
        assertInvalid("64 characters", words("x".repeat(65)));
    }

    @Test
    void a_refusal_quotes_the_beginning_of_the_word() {
        Refusal refusal = refusalOf(words("x".repeat(5_000)));

        assertTrue(refusal.getMessage().contains("x".repeat(80) + '…'), refusal.getMessage());
        assertTrue(refusal.getMessage().length() < 300);
    }

    @Test
    void the_action_of_a_word_is_present_and_known() {
        for (int action : new int[] {0, 4, -1, Integer.MAX_VALUE}) {
            assertInvalid(
                    "action of the word",
                    rules().addSetWords(WordRule.newBuilder().setWord("casino").setActionValue(action)));
        }
    }

    @Test
    void a_command_changes_at_most_10000_words_and_10000_bans() {
        String[] most = IntStream.range(0, 10_000).mapToObj(i -> "w" + i).toArray(String[]::new);
        assertAllowed(words(most));
        assertInvalid(
                "setWords and removeWords has 10001 entries; at most 10000 are allowed",
                words(most).addRemoveWords("more"));
        assertAllowed(rules().addAllUnban(List.of(most)));
        assertInvalid(
                "ban and unban has 10001 entries; at most 10000 are allowed",
                rules().addAllUnban(List.of(most)).addBan(Ban.newBuilder().setUserId("more")));
    }

    @Test
    void a_command_cannot_set_and_remove_the_same_rule() {
        assertInvalid("\"casino\"", words("casino").addRemoveWords("casino"));
        assertInvalid("bob", rules().addBan(Ban.newBuilder().setUserId("bob")).addUnban("bob"));
    }

    @Test
    void until_is_a_valid_time() {
        assertAllowed(ban("bob", Timestamp.newBuilder().setSeconds(1)));
        assertInvalid("until", ban("bob", Timestamp.newBuilder().setSeconds(Long.MAX_VALUE)));
        assertRefused(Refusal.Reason.INVALID_USER_ID, ban("b:b", Timestamp.newBuilder()));
        assertRefused(Refusal.Reason.INVALID_USER_ID, rules().addUnban(""));
    }

    @Test
    void a_ban_has_exactly_one_subject() {
        assertAllowed(rules().addBan(Ban.newBuilder().setDeviceId("web-1")));
        assertAllowed(rules().addBan(Ban.newBuilder().setAddress("2001:db8::/32")));
        assertAllowed(rules().addUnbanDeviceIds("web-1").addUnbanAddresses("192.0.2.7"));
        assertRefused(Refusal.Reason.INVALID_USER_ID, rules().addBan(Ban.newBuilder()));
        assertInvalid(
                "exactly one", rules().addBan(Ban.newBuilder().setUserId("bob").setDeviceId("web-1")));
        assertInvalid(
                "exactly one",
                rules().addBan(Ban.newBuilder().setAddress("192.0.2.7").setDeviceId("web-1")));
        assertInvalid("\"example.com\"", rules().addBan(Ban.newBuilder().setAddress("example.com")));
        assertInvalid("\"192.0.2.0/33\"", rules().addUnbanAddresses("192.0.2.0/33"));
        assertInvalid("deviceId", rules().addUnbanDeviceIds(""));
        assertInvalid(
                "192.0.2.0/24",
                rules().addBan(Ban.newBuilder().setAddress("192.0.2.7/24")).addUnbanAddresses("192.0.2.8/24"));
    }

    @Test
    void numbers_of_the_policy_have_limits() {
        assertInvalid("recallWindowSeconds", policy(Policy.newBuilder().setRecallWindowSeconds(-1)));
        assertInvalid("editWindowSeconds", policy(Policy.newBuilder().setEditWindowSeconds(-1)));
        assertInvalid("maxGroupMembers", policy(Policy.newBuilder().setMaxGroupMembers(1)));
        assertInvalid("maxGroupMembers", policy(Policy.newBuilder().setMaxGroupMembers(1_000_001)));
        assertInvalid("largeGroupThreshold", policy(Policy.newBuilder().setLargeGroupThreshold(-1)));
        assertInvalid("largeGroupThreshold", policy(Policy.newBuilder().setLargeGroupThreshold(5_001)));
        assertInvalid("maxBytes", media(MediaPolicy.newBuilder().setMaxBytes(-1)));
    }

    @Test
    void rates_have_limits() {
        assertInvalid("flood.messages", flood(-1, 1));
        assertInvalid("flood.messages", flood(101, 1));
        assertInvalid("flood.seconds", flood(1, 0));
        assertInvalid("flood.seconds", flood(1, 86_401));
        assertInvalid(
                "repeats.seconds",
                policy(Policy.newBuilder().setRepeats(Rate.newBuilder().setMessages(1))));
    }

    @Test
    void unknown_actions_for_links_and_media_are_refused() {
        for (int unknown : new int[] {4, -1, Integer.MAX_VALUE}) {
            assertInvalid("action", links(LinkPolicy.newBuilder().setActionValue(unknown)));
            assertInvalid("action", media(MediaPolicy.newBuilder().setActionValue(unknown)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "https://example.com",
                "example.com/",
                "example.com:443",
                "Example.com",
                "a@example.com",
                "*.example.com",
                "example.com,example.org",
                "a\u0000b"
            })
    void allowed_hosts_are_host_names_in_lower_case(String host) {
        assertInvalid("allowedHosts", links(LinkPolicy.newBuilder().addAllowedHosts(host)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "image", "image/", "/png", "*/*", "Image/png", "image/png; q=1", "image/p*", "a/b/c"})
    void allowed_types_are_media_types_in_lower_case(String type) {
        assertInvalid("allowedTypes", media(MediaPolicy.newBuilder().addAllowedTypes(type)));
    }

    @Test
    void lists_of_the_policy_have_limits() {
        List<String> hosts =
                IntStream.range(0, 1_001).mapToObj(i -> i + ".example").toList();
        List<String> types = IntStream.range(0, 101).mapToObj(i -> "image/" + i).toList();

        assertAllowed(links(LinkPolicy.newBuilder().addAllAllowedHosts(hosts.subList(0, 1_000))));
        assertInvalid("allowedHosts", links(LinkPolicy.newBuilder().addAllAllowedHosts(hosts)));
        assertInvalid("allowedHosts", links(LinkPolicy.newBuilder().addAllowedHosts("x".repeat(254))));
        assertAllowed(media(MediaPolicy.newBuilder().addAllAllowedTypes(types.subList(0, 100))));
        assertInvalid("allowedTypes", media(MediaPolicy.newBuilder().addAllAllowedTypes(types)));
    }

    private static void assertAllowed(RulesCommand.Builder rules) {
        assertNull(RulesCheck.check(rules.build()));
    }

    private static void assertInvalid(String expected, RulesCommand.Builder rules) {
        Refusal refusal = refusalOf(rules);
        assertTrue(refusal.getMessage().contains(expected), refusal::toString);
        assertEquals(Refusal.Reason.INVALID_ARGUMENT, refusal.getReason());
    }

    private static void assertRefused(Refusal.Reason reason, RulesCommand.Builder rules) {
        assertEquals(reason, refusalOf(rules).getReason());
    }

    private static Refusal refusalOf(RulesCommand.Builder rules) {
        Refusal refusal = RulesCheck.check(rules.build());
        return refusal == null ? Refusal.getDefaultInstance() : refusal;
    }

    private static RulesCommand.Builder rules() {
        return RulesCommand.newBuilder();
    }

    private static RulesCommand.Builder words(String... words) {
        RulesCommand.Builder rules = rules();
        for (String word : words) {
            rules.addSetWords(WordRule.newBuilder().setWord(word).setAction(ModerationAction.MASK));
        }
        return rules;
    }

    private static RulesCommand.Builder ban(String userId, Timestamp.Builder until) {
        return rules().addBan(Ban.newBuilder().setUserId(userId).setUntil(until));
    }

    private static RulesCommand.Builder policy(Policy.Builder policy) {
        return rules().setPolicy(policy);
    }

    private static RulesCommand.Builder flood(int messages, int seconds) {
        return policy(Policy.newBuilder()
                .setFlood(Rate.newBuilder().setMessages(messages).setSeconds(seconds)));
    }

    private static RulesCommand.Builder links(LinkPolicy.Builder links) {
        return policy(Policy.newBuilder().setLinks(links));
    }

    private static RulesCommand.Builder media(MediaPolicy.Builder media) {
        return policy(Policy.newBuilder().setMedia(media));
    }
}
