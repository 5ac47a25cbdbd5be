package dev.tidings.processors.inbox;

import static dev.tidings.processors.TestRecords.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.inbox.session.SessionsDecider;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.v1.ChangeProfile.GroupInvitations;
import dev.tidings.v1.LoginPolicy;
import dev.tidings.v1.Platform;
import dev.tidings.v1.Session;
import dev.tidings.v1.SessionReplaced;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests {@link SessionsDecider}. */
class SessionsTest {

    private static final Session PHONE = session("s-phone", "phone", 1, 10);
    private static final Session LAPTOP = session("s-laptop", "laptop", 2, 20);

    @Test
    void each_device_has_a_session() {
        assertOpened(List.of(), List.of(PHONE, LAPTOP), given(PHONE), LAPTOP);
    }

    @Test
    void a_device_has_one_session_and_the_newest_wins() {
        Session again = session("s-phone-2", "phone", 3, 30);

        assertOpened(List.of(PHONE), List.of(LAPTOP, again), given(PHONE, LAPTOP), again);
    }

    @Test
    void a_restarted_gateway_ends_its_earlier_sessions() {
        Session laptopOnNewEpoch = session("s-laptop-2", "tablet", 1, 11);

        assertOpened(List.of(PHONE), List.of(LAPTOP, laptopOnNewEpoch), given(PHONE, LAPTOP), laptopOnNewEpoch);
    }

    @Test
    void a_session_of_a_gateway_restarted_since_is_outdated() {
        assertTrue(SessionsDecider.isOutdated(given(LAPTOP, PHONE), session("s-phone-0", "phone", 1, 9)));
        assertFalse(SessionsDecider.isOutdated(given(LAPTOP, PHONE), session("s-phone-2", "phone", 1, 10)));
        assertFalse(SessionsDecider.isOutdated(given(LAPTOP, PHONE), session("s-phone-2", "phone", 3, 9)));
    }

    @Test
    void the_epoch_of_another_gateway_does_not_matter() {
        Session tablet = session("s-tablet", "tablet", 3, 999);

        assertOpened(List.of(), List.of(PHONE, LAPTOP, tablet), given(PHONE, LAPTOP), tablet);
    }

    @Test
    void a_session_opened_again_is_not_replaced_but_the_newest() {
        assertOpened(List.of(), List.of(LAPTOP, PHONE), given(PHONE, LAPTOP), PHONE);
    }

    @Test
    void a_17th_session_ends_the_oldest() {
        Session[] sixteen = IntStream.range(0, 16)
                .mapToObj(i -> session("s" + i, "d" + i, i, 1))
                .toArray(Session[]::new);
        Session opened = session("s16", "d16", 0, 1);

        UserRecord user = given(sixteen);
        List<Session> replaced = SessionsDecider.replacedBy(user, opened, LoginPolicy.ALL_DEVICES);

        assertEquals(List.of(sixteen[0]), replaced);
        assertEquals(16, SessionsDecider.open(user, opened, replaced).getSessionsCount());
    }

    @Test
    void a_device_that_replaces_itself_ends_no_other() {
        Session[] sixteen = IntStream.range(0, 16)
                .mapToObj(i -> session("s" + i, "d" + i, i, 1))
                .toArray(Session[]::new);
        Session opened = session("s16", "d7", 0, 1);

        assertEquals(List.of(sixteen[7]), SessionsDecider.replacedBy(given(sixteen), opened, LoginPolicy.ALL_DEVICES));
    }

    @Test
    void closing_ends_only_that_session() {
        assertEquals(
                List.of(LAPTOP),
                SessionsDecider.without(given(PHONE, LAPTOP), List.of(PHONE)).getSessionsList());
    }

    @Test
    void sessions_do_not_change_the_settings() {
        UserRecord user = given(PHONE).toBuilder()
                .setGroupInvitations(GroupInvitations.NOBODY)
                .build();

        assertEquals(
                GroupInvitations.NOBODY,
                SessionsDecider.open(user, LAPTOP, List.of()).getGroupInvitations());
        assertEquals(
                GroupInvitations.NOBODY,
                SessionsDecider.without(user, List.of(PHONE)).getGroupInvitations());
    }

    @Test
    void one_per_platform_ends_the_others_of_that_platform() {
        Session ios = on(Platform.IOS, "s-ios", "old-phone");
        Session opened = on(Platform.IOS, "s-ios-2", "new-phone");

        assertEquals(
                List.of(ios),
                SessionsDecider.replacedBy(given(PHONE, ios, LAPTOP), opened, LoginPolicy.ONE_PER_PLATFORM));
    }

    @Test
    void one_device_ends_all_others() {
        Session opened = on(Platform.IOS, "s-ios", "new-phone");

        assertEquals(
                List.of(LAPTOP, PHONE),
                SessionsDecider.replacedBy(given(PHONE, LAPTOP), opened, LoginPolicy.ONE_DEVICE));
    }

    @ParameterizedTest
    @EnumSource(LoginPolicy.class)
    void no_policy_ends_the_session_that_opens(LoginPolicy policy) {
        assertEquals(List.of(), SessionsDecider.replacedBy(given(PHONE), PHONE, policy));
    }

    @ParameterizedTest
    @EnumSource(
            value = LoginPolicy.class,
            names = {"ALL_DEVICES", "LOGIN_POLICY_UNSPECIFIED", "UNRECOGNIZED"})
    void the_other_policies_end_no_sessions(LoginPolicy policy) {
        assertEquals(List.of(), SessionsDecider.replacedBy(given(PHONE), LAPTOP, policy));
    }

    @Test
    void a_replaced_session_gets_the_reason() {
        Session again = session("s-phone-2", "phone", 3, 30);
        Session ios = on(Platform.IOS, "s-ios", "new-phone");

        assertEquals(
                SessionReplaced.newBuilder()
                        .setSessionId("s-phone")
                        .setReason(SessionReplaced.Reason.SAME_DEVICE)
                        .build(),
                SessionsDecider.replaced(PHONE, again));
        assertEquals(
                SessionReplaced.newBuilder()
                        .setSessionId("s-phone")
                        .setReason(SessionReplaced.Reason.OTHER_DEVICE)
                        .setByPlatform(Platform.IOS)
                        .build(),
                SessionsDecider.replaced(PHONE, ios));
    }

    private static Session on(Platform platform, String sessionId, String deviceId) {
        return session(sessionId, deviceId, 5, 1).toBuilder()
                .setPlatform(platform)
                .build();
    }

    private static UserRecord given(Session... sessions) {
        return UserRecord.newBuilder().addAllSessions(List.of(sessions)).build();
    }

    private static void assertOpened(
            List<Session> expectedReplaced, List<Session> expectedOpen, UserRecord user, Session opened) {
        List<Session> replaced = SessionsDecider.replacedBy(user, opened, LoginPolicy.ALL_DEVICES);

        assertEquals(expectedReplaced, replaced);
        assertEquals(expectedOpen, SessionsDecider.open(user, opened, replaced).getSessionsList());
    }
}
