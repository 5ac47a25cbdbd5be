package dev.tidings.gateway.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tidings.schemas.settings.SettingsException;
import dev.tidings.v1.PatchUser;
import dev.tidings.v1.Refusal;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProfileFieldsTest {

    @Test
    void by_default_users_may_change_all_fields_but_custom() {
        assertEquals(
                Set.of("displayName", "avatarUrl", "locale", "timeZone"),
                ProfileFields.parse(ProfileFields.DEFAULT).names());
    }

    @Test
    void an_unknown_field_is_rejected_with_the_key_and_the_allowed_ones() {
        SettingsException wrong =
                assertThrows(SettingsException.class, () -> ProfileFields.parse("displayName, nickname"));
        assertEquals(
                "gateway.profile-fields contains \"nickname\"; allowed are displayName, avatarUrl, locale, timeZone, custom",
                wrong.getMessage());
    }

    @Test
    void an_empty_list_allows_no_change() {
        ProfileFields none = ProfileFields.parse(" ");
        Refusal refusal = none.check(PatchUser.newBuilder().setDisplayName("").build());
        assertNotNull(refusal);
        assertEquals("users may not change displayName of their profile; no field is allowed", refusal.getMessage());
        assertNull(none.check(PatchUser.getDefaultInstance()));
    }
}
