package dev.tidings.processors.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.directory.DirectoryDecision.ChangeRefused;
import dev.tidings.processors.directory.DirectoryDecision.ProfileChanged;
import dev.tidings.processors.directory.DirectoryDecision.ProfileUnchanged;
import dev.tidings.processors.moderation.Action;
import dev.tidings.processors.moderation.WordFilter;
import dev.tidings.processors.rules.EffectivePolicy;
import dev.tidings.processors.rules.Rules;
import dev.tidings.v1.DirectoryCommand;
import dev.tidings.v1.DisableUser;
import dev.tidings.v1.EnableUser;
import dev.tidings.v1.PatchUser;
import dev.tidings.v1.PutUser;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.UserChange;
import dev.tidings.v1.UserProfile;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryDeciderTest {

    private static final long FIRST = 1_750_000_000_000L;
    private static final long LATER = FIRST + 5_000;
    private static final PutUser ALICE = PutUser.newBuilder()
            .setDisplayName("Alice Müller")
            .setAvatarUrl("https://example.com/alice.png")
            .setLocale("de-CH")
            .setTimeZone("Europe/Zurich")
            .setCustom(ByteString.copyFromUtf8("{\"team\":7}"))
            .build();

    @Test
    void a_put_adds_a_user_with_the_time_of_the_log() {
        UserProfile profile = changed(null, asSystem(change().setPut(ALICE)), FIRST);

        assertEquals("alice", profile.getUserId());
        assertEquals("Alice Müller", profile.getDisplayName());
        assertEquals("Europe/Zurich", profile.getTimeZone());
        assertEquals(Timestamps.fromMillis(FIRST), profile.getCreatedAt());
        assertEquals(Timestamps.fromMillis(FIRST), profile.getUpdatedAt());
    }

    @Test
    void a_put_replaces_all_fields_and_keeps_the_time_of_creation_and_whether_the_user_is_disabled() {
        UserProfile disabled = changed(alice(), asSystem(change().setDisable(DisableUser.getDefaultInstance())), LATER);

        UserProfile profile =
                changed(disabled, asSystem(change().setPut(PutUser.newBuilder().setDisplayName("Al"))), LATER + 1);

        assertEquals("Al", profile.getDisplayName());
        assertEquals("", profile.getAvatarUrl());
        assertEquals(Timestamps.fromMillis(FIRST), profile.getCreatedAt());
        assertTrue(profile.getDisabled());
    }

    @Test
    void a_patch_changes_the_present_fields_only() {
        UserProfile profile = changed(
                alice(),
                byUser("alice", change().setPatch(PatchUser.newBuilder().setLocale(""))),
                LATER);

        assertEquals("", profile.getLocale());
        assertEquals("Alice Müller", profile.getDisplayName());
        assertEquals(Timestamps.fromMillis(LATER), profile.getUpdatedAt());
    }

    @Test
    void a_repeated_change_has_no_effect() {
        assertInstanceOf(ProfileUnchanged.class, decide(alice(), asSystem(change().setPut(ALICE)), LATER));
        assertInstanceOf(
                ProfileUnchanged.class,
                decide(alice(), asSystem(change().setEnable(EnableUser.getDefaultInstance())), LATER));
    }

    @Test
    void a_version_grows_even_if_the_time_of_the_log_does_not() {
        UserProfile later = changed(
                alice(), asSystem(change().setPatch(PatchUser.newBuilder().setDisplayName("A"))), FIRST - 60_000);

        assertTrue(later.getVersion() > alice().getVersion());
    }

    @Test
    void gateways_learn_when_a_user_is_disabled_and_enabled_and_not_otherwise() {
        DirectoryCommand disable = asSystem(change().setDisable(DisableUser.getDefaultInstance()));
        ProfileChanged disabled = assertInstanceOf(ProfileChanged.class, decide(alice(), disable, LATER));
        assertTrue(disabled.disabledChanged());

        DirectoryCommand enable = asSystem(change().setEnable(EnableUser.getDefaultInstance()));
        ProfileChanged enabled = assertInstanceOf(ProfileChanged.class, decide(disabled.profile(), enable, LATER + 1));
        assertTrue(enabled.disabledChanged());
        assertFalse(enabled.profile().getDisabled());

        DirectoryCommand rename =
                asSystem(change().setPatch(PatchUser.newBuilder().setDisplayName("A")));
        assertFalse(assertInstanceOf(ProfileChanged.class, decide(alice(), rename, LATER))
                .disabledChanged());
    }

    @Test
    void an_unknown_user_cannot_be_disabled() {
        assertRefused(
                Refusal.Reason.USER_NOT_FOUND, null, asSystem(change().setDisable(DisableUser.getDefaultInstance())));
    }

    @Test
    void users_change_their_own_profile_only_and_do_not_disable_themselves() {
        assertRefused(
                Refusal.Reason.NOT_ALLOWED,
                alice(),
                byUser("mallory", change().setPatch(PatchUser.newBuilder().setDisplayName("A"))));
        assertRefused(
                Refusal.Reason.SYSTEM_ONLY,
                alice(),
                byUser("alice", change().setEnable(EnableUser.getDefaultInstance())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://example.com/a.png", "//example.com/a.png", "a.png", "https://user@example.com/"})
    void an_avatar_that_is_not_an_absolute_web_address_is_refused(String url) {
        assertRefused(
                Refusal.Reason.INVALID_ARGUMENT,
                alice(),
                asSystem(change().setPatch(PatchUser.newBuilder().setAvatarUrl(url))));
    }

    @Test
    void values_beyond_their_limits_are_refused_and_the_longest_are_accepted() {
        PatchUser longest = PatchUser.newBuilder()
                .setDisplayName("x".repeat(256))
                .setLocale("zh" + "-aaaaaaaa".repeat(3) + "-aaaaa")
                .setTimeZone("America/Argentina/ComodRivadavia")
                .setCustom(ByteString.copyFrom(new byte[4_096]))
                .build();
        changed(alice(), asSystem(change().setPatch(longest)), LATER);

        for (PatchUser.Builder tooLong : new PatchUser.Builder[] {
            PatchUser.newBuilder().setDisplayName("x".repeat(257)),
            PatchUser.newBuilder().setDisplayName("a\u0007b"),
            PatchUser.newBuilder().setLocale("zh" + "-aaaaaaaa".repeat(4)),
            PatchUser.newBuilder().setLocale("de_CH"),
            PatchUser.newBuilder().setTimeZone("Europe/Atlantis"),
            PatchUser.newBuilder().setTimeZone("Europe Berlin"),
            PatchUser.newBuilder().setCustom(ByteString.copyFrom(new byte[4_097]))
        }) {
            assertRefused(Refusal.Reason.INVALID_ARGUMENT, alice(), asSystem(change().setPatch(tooLong)));
        }
    }

    @Test
    void the_word_rules_apply_to_a_new_name_and_not_to_one_that_stays() {
        TreeMap<String, Action> words = new TreeMap<>(Map.of("casino", Action.REFUSE, "poker", Action.MASK));
        UserChange.Builder casino = change().setPatch(PatchUser.newBuilder().setDisplayName("Best Casino"));
        UserProfile earlier = changed(alice(), asSystem(casino), LATER);

        assertInstanceOf(ChangeRefused.class, DirectoryDecider.decide(alice(), asSystem(casino), rules(words), LATER));
        DirectoryCommand avatar =
                asSystem(change().setPatch(PatchUser.newBuilder().setAvatarUrl("")));
        assertInstanceOf(ProfileChanged.class, DirectoryDecider.decide(earlier, avatar, rules(words), LATER + 1));
        DirectoryCommand poker =
                asSystem(change().setPatch(PatchUser.newBuilder().setDisplayName("Poker Pete")));
        ProfileChanged masked =
                assertInstanceOf(ProfileChanged.class, DirectoryDecider.decide(alice(), poker, rules(words), LATER));
        assertEquals("***** Pete", masked.profile().getDisplayName());
    }

    @Test
    void a_masked_name_that_is_put_again_has_no_effect() {
        TreeMap<String, Action> words = new TreeMap<>(Map.of("poker", Action.MASK));
        DirectoryCommand poker =
                asSystem(change().setPatch(PatchUser.newBuilder().setDisplayName("Poker Pete")));
        ProfileChanged masked =
                assertInstanceOf(ProfileChanged.class, DirectoryDecider.decide(alice(), poker, rules(words), LATER));

        assertInstanceOf(
                ProfileUnchanged.class, DirectoryDecider.decide(masked.profile(), poker, rules(words), LATER + 1));
    }

    private static UserProfile alice() {
        return changed(null, asSystem(change().setPut(ALICE)), FIRST);
    }

    private static UserChange.Builder change() {
        return UserChange.newBuilder().setUserId("alice");
    }

    private static DirectoryCommand asSystem(UserChange.Builder change) {
        return DirectoryCommand.newBuilder().setAsSystem(true).setUser(change).build();
    }

    private static DirectoryCommand byUser(String actor, UserChange.Builder change) {
        return DirectoryCommand.newBuilder().setActor(actor).setUser(change).build();
    }

    private static DirectoryDecision decide(@Nullable UserProfile before, DirectoryCommand command, long atMillis) {
        return DirectoryDecider.decide(before, command, rules(new TreeMap<>()), atMillis);
    }

    private static UserProfile changed(@Nullable UserProfile before, DirectoryCommand command, long atMillis) {
        return assertInstanceOf(ProfileChanged.class, decide(before, command, atMillis))
                .profile();
    }

    private static void assertRefused(Refusal.Reason reason, @Nullable UserProfile before, DirectoryCommand command) {
        assertEquals(
                reason,
                assertInstanceOf(ChangeRefused.class, decide(before, command, LATER))
                        .refusal()
                        .getReason());
    }

    private static Rules rules(TreeMap<String, Action> words) {
        return new Rules() {
            @Override
            public EffectivePolicy policy() {
                return EffectivePolicy.DEFAULT;
            }

            @Override
            public boolean isBanned(String userId, Timestamp at) {
                return false;
            }

            @Override
            public WordFilter words() {
                return WordFilter.of(words);
            }
        };
    }
}
