package dev.tidings.schemas.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tidings.v1.Refusal;
import dev.tidings.v1.UserProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryCheckTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires"})
    void a_time_zone_of_the_database_is_allowed(String timeZone) {
        assertNull(DirectoryCheck.check(
                UserProfile.newBuilder().setTimeZone(timeZone).build()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mars/Olympus", "europe/berlin", "+02:00", "?"})
    void another_time_zone_is_refused_with_its_name(String timeZone) {
        Refusal refusal = assertNotNullRefusal(UserProfile.newBuilder().setTimeZone(timeZone));

        assertEquals(
                "timeZone is \"" + timeZone + "\"; a name of the IANA database such as Europe/Berlin is allowed",
                refusal.getMessage());
    }

    @Test
    void a_locale_that_is_no_tag_is_refused_with_its_name() {
        assertNull(DirectoryCheck.check(
                UserProfile.newBuilder().setLocale("zh-Hans").build()));
        assertEquals(
                "locale is \"zh_CN\"; a BCP 47 tag such as zh-Hans is allowed",
                assertNotNullRefusal(UserProfile.newBuilder().setLocale("zh_CN"))
                        .getMessage());
    }

    private static Refusal assertNotNullRefusal(UserProfile.Builder profile) {
        Refusal refusal = DirectoryCheck.check(profile.build());
        assertNotNull(refusal);
        return refusal;
    }
}
