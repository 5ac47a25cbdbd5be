package dev.tidings.processors.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessCommand.BodyCase;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.React;
import dev.tidings.v1.RulesCommand;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SourceRightsTest {

    private static final SourceRights RIGHTS = SourceRights.from(Settings.of(Map.of(
            "business.sources.shop", "bodies=send_message,react actors=shop,order-*",
            "business.sources.ops.eu", "bodies=rules,group as-system",
            "business.unlisted-sources", "reject")));

    @Test
    void a_listed_source_may_send_its_bodies_for_its_actors() {
        assertNull(RIGHTS.violation("shop", react("shop")));
        assertNull(RIGHTS.violation("shop", react("order-77")));
        assertEquals(
                "source \"shop\" may not send requests with this actor; allowed are shop, order-*",
                RIGHTS.violation("shop", react("alice")));
        assertEquals(
                "source \"shop\" may not send requests with group; allowed are react, send_message",
                RIGHTS.violation(
                        "shop",
                        BusinessCommand.newBuilder()
                                .setActor("shop")
                                .setGroup(GroupCommand.getDefaultInstance())
                                .build()));
        assertEquals(
                "source \"shop\" may not send requests as system",
                RIGHTS.violation(
                        "shop", react("shop").toBuilder().setAsSystem(true).build()));
    }

    @Test
    void a_source_with_the_right_acts_as_system_without_an_actor_and_for_all_users() {
        BusinessCommand rules = BusinessCommand.newBuilder()
                .setAsSystem(true)
                .setRules(RulesCommand.getDefaultInstance())
                .build();

        assertNull(RIGHTS.violation("ops.eu", rules));
        assertNull(
                RIGHTS.violation("ops.eu", rules.toBuilder().setActor("alice").build()));
    }

    @ParameterizedTest
    @EnumSource(value = BodyCase.class, names = "BODY_NOT_SET", mode = EnumSource.Mode.EXCLUDE)
    void each_body_needs_its_own_right(BodyCase body) {
        FieldDescriptor field = BusinessCommand.getDescriptor().findFieldByNumber(body.getNumber());
        BusinessCommand.Builder request = BusinessCommand.newBuilder().setActor("a");
        BusinessCommand command = request.setField(
                        field, request.newBuilderForField(field).build())
                .build();
        SourceRights only = SourceRights.from(Settings.of(Map.of("business.sources.one", "bodies=" + field.getName())));
        SourceRights none = SourceRights.from(Settings.of(Map.of("business.sources.one", "actors=a")));

        assertNull(only.violation("one", command));
        assertNotNull(none.violation("one", command));
        assertNull(none.violation("another", command));
        assertEquals(
                "source \"another\" may send no requests; list it in business.sources.another",
                RIGHTS.violation("another", command));
    }

    @ParameterizedTest
    @CsvSource({
        "business.sources.shop, bodies=send, the body \"send\"",
        "business.sources.shop, body=send_message, \"body=send_message\"",
        "business.unlisted-sources, deny, must be allow or reject"
    })
    void a_setting_that_is_not_allowed_is_named(String key, String value, String message) {
        SettingsException raised =
                assertThrows(SettingsException.class, () -> SourceRights.from(Settings.of(Map.of(key, value))));

        assertTrue(String.valueOf(raised.getMessage()).contains(key), raised::getMessage);
        assertTrue(String.valueOf(raised.getMessage()).contains(message), raised::getMessage);
    }

    private static BusinessCommand react(String actor) {
        return BusinessCommand.newBuilder()
                .setActor(actor)
                .setReact(React.getDefaultInstance())
                .build();
    }
}
