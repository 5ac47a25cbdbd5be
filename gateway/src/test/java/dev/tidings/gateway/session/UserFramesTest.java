package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.gateway.log.RecordedLog;
import dev.tidings.v1.Accepted;
import dev.tidings.v1.Answer;
import dev.tidings.v1.Applied;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Device;
import dev.tidings.v1.Devices;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Error;
import dev.tidings.v1.EventDelivery;
import dev.tidings.v1.Follow;
import dev.tidings.v1.Friends;
import dev.tidings.v1.FriendsRequest;
import dev.tidings.v1.LoginPolicy;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.MessageReference;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.OpenSession;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Presence;
import dev.tidings.v1.PresenceDelivery;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.SessionReady;
import dev.tidings.v1.SessionReplaced;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.TypingStarted;
import dev.tidings.v1.UserAnswer;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.ViewDelivery;
import dev.tidings.v1.WatchPresence;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings, devices, presence, syncs, receipts and the begin and end of one session. */
class UserFramesTest {

    private static final SessionConfig CONFIG = new SessionConfig(
            3,
            8,
            65_536,
            5,
            1_000_000,
            Duration.ofSeconds(10),
            LoginPolicy.ONE_PER_PLATFORM,
            WatchPresence.Visibility.FRIENDS);
    private static final String GROUP = "g:club";

    private final TestGateway gateway = new TestGateway.Builder()
            .config(CONFIG)
            .history(UserFramesTest::history)
            .build();
    private final RecordedLog log = gateway.log;
    private final Sessions sessions = gateway.sessions;
    private final FakeTransport transport = new FakeTransport();
    private final ClientSession alice = gateway.session(transport);
    private final String sessionId = gateway.open(alice, transport, "alice");

    // --- settings, profile and devices

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "CHANGE_SETTINGS | {'id':'7','settings':{'origin':{'sessionId':'forged'},'conversationId':'g:club','pinned':true}}",
                "CHANGE_SETTINGS | {'id':'7','settings':{'conversationId':'p:alice:bob','draft':''}}",
                "CHANGE_PROFILE  | {'id':'7','profile':{'origin':{'sessionId':'forged'},'status':'away'}}",
                "CHANGE_PROFILE  | {'id':'7','profile':{'notifications':{'language':'zh-Hans','quietFromMinute':1320}}}",
                "DEVICES_REQUEST | {'id':'7','devices':{}}",
                "REVOKE_DEVICE   | {'id':'7','revokeDevice':{'deviceId':'old phone'}}",
                "REGISTER_PUSH   | {'id':'7','registerPush':{'channel':'log','token':'t'}}"
            })
    void each_request_about_the_user_becomes_a_user_command_and_waits_for_its_answer(
            UserCommand.BodyCase body, String json) {
        send(json);

        UserCommand command = log.userCommands().getLast();
        assertEquals(body, command.getBodyCase());
        assertEquals("alice", command.getUserId());
        assertEquals(origin("7"), originOf(command));
        assertEquals(List.of(), transport.received());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "INVALID_CONVERSATION_ID | {'settings':{'conversationId':'club','pinned':true}}",
                "NOT_A_MEMBER            | {'settings':{'conversationId':'p:bob:carol','pinned':true}}",
                "NOT_A_MEMBER            | {'settings':{'conversationId':'s:bob','pinned':true}}",
                "WRONG_KIND_OF_CONVERSATION | {'settings':{'conversationId':'r:lobby','pinned':true}}",
                "INVALID_ARGUMENT        | {'settings':{'conversationId':'g:club','draft':'LONG'}}",
                "INVALID_ARGUMENT        | {'settings':{'conversationId':'g:club','custom':'LONGLONG'}}",
                "INVALID_ARGUMENT        | {'profile':{'status':'LONG'}}",
                "INVALID_ARGUMENT        | {'profile':{'notifications':{'language':'de DE'}}}",
                "INVALID_ARGUMENT        | {'profile':{'notifications':{'quietFromMinute':1440}}}",
                "INVALID_ARGUMENT        | {'profile':{'notifications':{'quietUntilMinute':-1}}}",
                "INVALID_ARGUMENT        | {'profile':{'notifications':{'atMostEverySeconds':-1}}}",
                "INVALID_ARGUMENT        | {'revokeDevice':{}}",
                "INVALID_ARGUMENT        | {'registerPush':{'token':'t'}}",
                "INVALID_ARGUMENT        | {'registerPush':{'channel':'apns','token':'t'}}",
                "INVALID_ARGUMENT        | {'registerPush':{'channel':'log'}}",
                "INVALID_ARGUMENT        | {'registerPush':{'channel':'LONG','token':'t'}}",
                "INVALID_ARGUMENT        | {'registerPush':{'channel':'log','token':'LONG'}}",
                "INVALID_ARGUMENT        | {'registerPush':{'deviceId':'a\\tb','channel':'log','token':'t'}}",
                "INVALID_ARGUMENT        | {'presence':{}}",
                "INVALID_ARGUMENT        | {'presence':{'userIds':['bob']}}",
                "INVALID_USER_ID         | {'presence':{'userIds':['bob','no one'],'mode':'START'}}"
            })
    void an_invalid_request_is_refused_and_not_appended(Refusal.Reason reason, String json) {
        int written = log.userCommands().size();

        send(json.replace("LONG", "x".repeat(4_097)));

        ServerFrame answer = transport.received().getLast();
        assertEquals(reason, answer.getRefused().getReason(), answer::toString);
        assertFalse(answer.getRefused().getMessage().isBlank());
        assertEquals(written, log.userCommands().size());
    }

    @Test
    void the_answer_to_a_request_about_the_user_carries_its_frame_id() {
        answer(UserAnswer.newBuilder().setApplied(Applied.newBuilder().setUnchanged(true)));
        answer(UserAnswer.newBuilder().setRefusal(Refusal.newBuilder().setReason(Refusal.Reason.DEVICE_NOT_FOUND)));
        answer(UserAnswer.newBuilder()
                .setDevices(Devices.newBuilder().addDevices(Device.newBuilder().setDeviceId("phone"))));

        List<ServerFrame> received = transport.received();
        assertTrue(received.stream().allMatch(frame -> frame.getId().equals("7")));
        assertTrue(received.get(0).getApplied().getUnchanged());
        assertEquals(
                Refusal.Reason.DEVICE_NOT_FOUND, received.get(1).getRefused().getReason());
        assertEquals("phone", received.get(2).getDevices().getDevices(0).getDeviceId());
    }

    @Test
    void a_push_registration_without_a_device_is_for_the_device_of_the_session() {
        send("{'registerPush':{'channel':'log','token':'t'}}");
        assertEquals("phone", log.userCommands().getLast().getRegisterPush().getDeviceId());

        send("{'registerPush':{'deviceId':'tablet'}}");
        assertEquals("tablet", log.userCommands().getLast().getRegisterPush().getDeviceId());
    }

    @Test
    void a_request_about_the_user_is_retryable_while_the_log_is_unavailable() {
        log.fails(true);

        send("{'id':'7','settings':{'conversationId':'g:club','muted':true}}");

        assertTrue(transport.received().getLast().getError().getRetryable());
    }

    @Test
    void a_view_changed_by_another_device_is_sent_to_the_client() {
        gateway.deliver(Delivery.newBuilder()
                .setView(ViewDelivery.newBuilder()
                        .setView(ConversationView.newBuilder()
                                .setConversationId(GROUP)
                                .setMuted(true))
                        .addSessionIds(sessionId)
                        .addSessionIds("gone")));

        ServerFrame frame = transport.received().getLast();
        assertEquals("", frame.getId());
        assertTrue(frame.getView().getMuted());
    }

    // --- presence

    @Test
    void a_presence_query_is_appended_once_for_each_user_under_their_key() {
        send("{'id':'7','presence':{'userIds':['bob','carol','bob'],'mode':'START'}}");

        assertEquals(
                List.of(watch("bob", WatchPresence.Mode.START, "7"), watch("carol", WatchPresence.Mode.START, "7")),
                watches());
        assertEquals(List.of(), transport.received());
    }

    @Test
    void the_answer_to_a_presence_query_has_its_frame_id_and_a_change_has_none() {
        presence(PresenceDelivery.newBuilder().setOrigin(origin("7")).addSessionIds(sessionId));
        presence(PresenceDelivery.newBuilder().addSessionIds(sessionId).addSessionIds("gone"));

        List<ServerFrame> received = transport.received();
        assertEquals(List.of("7", ""), received.stream().map(ServerFrame::getId).toList());
        assertTrue(received.stream().allMatch(frame -> frame.getPresence().getOnline()));
    }

    @Test
    void a_presence_query_names_at_most_two_hundred_users() {
        send("{'presence':{'userIds':[" + users(0, 200) + "],'mode':'ONCE'}}");
        assertEquals(200, watches().size());

        send("{'presence':{'userIds':[" + users(0, 201) + "],'mode':'ONCE'}}");

        assertEquals(200, watches().size());
        assertEquals(
                Refusal.Reason.INVALID_ARGUMENT,
                transport.received().getLast().getRefused().getReason());
    }

    @Test
    void a_session_watches_at_most_a_thousand_users() {
        for (int from = 0; from < 1_000; from += 200) {
            send("{'presence':{'userIds':[" + users(from, from + 200) + "],'mode':'START'}}");
        }
        send("{'presence':{'userIds':['u0'],'mode':'START'}}");
        assertEquals(List.of(), transport.received());

        send("{'presence':{'userIds':['u1000'],'mode':'START'}}");

        assertEquals(
                Refusal.Reason.TOO_MANY,
                transport.received().getLast().getRefused().getReason());
    }

    @Test
    void a_stop_is_appended_for_watched_users_only_and_answered_by_accepted() {
        send("{'presence':{'userIds':['bob'],'mode':'START'}}");

        send("{'id':'8','presence':{'userIds':['bob','carol'],'mode':'STOP'}}");

        assertEquals(watch("bob", WatchPresence.Mode.STOP, "8"), watches().getLast());
        assertEquals(2, watches().size());
        List<ServerFrame> received = transport.received();
        assertEquals(1, received.size());
        assertTrue(received.getLast().hasAccepted());
    }

    @Test
    void a_presence_query_without_users_is_about_the_friends_of_the_user() {
        send("{'id':'7','presence':{'mode':'START'}}");

        assertEquals(
                FriendsRequest.newBuilder()
                        .setOrigin(origin("7"))
                        .setMode(WatchPresence.Mode.START)
                        .build(),
                log.userCommands().getLast().getFriendsRequest());
        friends(WatchPresence.Mode.START, "bob", "carol");
        assertEquals(
                List.of(watch("bob", WatchPresence.Mode.START, "7"), watch("carol", WatchPresence.Mode.START, "7")),
                watches());

        send("{'id':'8','presence':{'mode':'STOP'}}");

        assertEquals(
                List.of(watch("bob", WatchPresence.Mode.STOP, "8"), watch("carol", WatchPresence.Mode.STOP, "8")),
                watches().subList(2, 4));
        assertEquals(
                List.of(true),
                transport.received().stream().map(ServerFrame::hasAccepted).toList());
    }

    @Test
    void a_presence_query_of_a_user_without_friends_is_answered_by_accepted() {
        send("{'id':'7','presence':{'mode':'ONCE'}}");
        friends(WatchPresence.Mode.ONCE);

        assertEquals(List.of(), watches());
        assertEquals(
                List.of(ServerFrame.newBuilder()
                        .setId("7")
                        .setAccepted(Accepted.getDefaultInstance())
                        .build()),
                transport.received());
    }

    @Test
    void friends_that_become_known_after_the_end_of_the_session_are_not_watched() {
        send("{'id':'7','presence':{'mode':'START'}}");
        alice.onClosed();

        friends(WatchPresence.Mode.START, "bob");

        assertEquals(List.of(), watches());
    }

    @Test
    void more_friends_than_a_session_may_watch_are_refused_as_too_many() {
        send("{'presence':{'userIds':['dave'],'mode':'START'}}");
        send("{'id':'7','presence':{'mode':'START'}}");

        friends(
                WatchPresence.Mode.START,
                IntStream.range(0, 1_000).mapToObj(number -> "u" + number).toArray(String[]::new));

        assertEquals(
                Refusal.Reason.TOO_MANY,
                transport.received().getLast().getRefused().getReason());
        assertEquals(1, watches().size());
    }

    @Test
    void a_presence_query_about_several_users_fails_once_while_the_log_is_unavailable() {
        log.fails(true);

        send("{'id':'7','presence':{'userIds':['bob','carol'],'mode':'ONCE'}}");

        List<ServerFrame> received = transport.received();
        assertEquals(1, received.size());
        assertEquals(Error.Code.UNAVAILABLE, received.getLast().getError().getCode());
    }

    @Test
    void the_end_of_a_session_stops_its_presence_subscriptions() {
        send("{'presence':{'userIds':['bob','carol'],'mode':'START'}}");

        alice.onClosed();

        assertEquals(
                List.of(watch("bob", WatchPresence.Mode.STOP, ""), watch("carol", WatchPresence.Mode.STOP, "")),
                watches().subList(2, 4));
        assertTrue(log.userCommands().getLast().hasCloseSession());
    }

    @Test
    void a_draining_gateway_does_not_stop_each_presence_subscription() {
        send("{'presence':{'userIds':['bob','carol'],'mode':'START'}}");

        sessions.drain();

        assertEquals(2, watches().size());
        assertTrue(log.userCommands().getLast().hasCloseSession());
    }

    // --- typing

    @Test
    void typing_above_the_rate_limit_is_accepted_but_not_appended() {
        send("{'id':'1','typing':{'conversationId':'g:club'}}");
        send("{'id':'2','typing':{'conversationId':'g:club'}}");
        send("{'id':'3','typing':{'conversationId':'p:alice:bob'}}");

        assertEquals(
                List.of(GROUP, "p:alice:bob"),
                log.commands().stream().map(Command::getConversationId).toList());
        List<ServerFrame> received = transport.received();
        assertEquals(
                List.of("1", "2", "3"),
                received.stream().map(ServerFrame::getId).toList());
        assertTrue(received.stream().allMatch(ServerFrame::hasAccepted));
    }

    @Test
    void refused_typing_does_not_count_against_the_rate_limit() {
        send("{'id':'1','typing':{'conversationId':'club'}}");
        send("{'id':'2','typing':{'conversationId':'club'}}");

        assertTrue(transport.received().stream().allMatch(ServerFrame::hasRefused));
    }

    @Test
    void a_typing_event_has_no_delivery_number_and_is_not_sent_again() {
        event(typing());
        alice.tick(System.nanoTime() + Duration.ofSeconds(15).toNanos());

        List<ServerFrame> received = transport.received();
        assertEquals(1, received.size());
        assertEquals(0, received.getLast().getEvents().getDeliverySeq());
        assertTrue(received.getLast().getEvents().getEvents(0).hasTypingStarted());
    }

    @Test
    void typing_and_presence_are_dropped_first_for_a_slow_client() {
        transport.setBehind(true);

        event(typing());
        presence(PresenceDelivery.newBuilder().addSessionIds(sessionId));
        event(TestGateway.message(GROUP, 1, "bob"));
        presence(PresenceDelivery.newBuilder().setOrigin(origin("7")));

        List<ServerFrame> received = transport.received();
        assertEquals(2, received.size());
        assertTrue(received.getFirst().hasEvents());
        assertEquals("7", received.getLast().getId());
        assertEquals(
                2, gateway.metrics.meter("tidings.gateway.deliveries.dropped").getCount());
    }

    // --- many ranges

    @Test
    void several_ranges_are_answered_in_order_and_a_failure_does_not_stop_the_others() {
        send("{'id':'7','pullMany':{'pulls':[{'conversationId':'p:alice:bob','fromSeq':'1'},"
                + "{'conversationId':'p:bob:carol','fromSeq':'1'},"
                + "{'conversationId':'p:alice:carol','fromSeq':'1'}]}}");

        List<ServerFrame> received = transport.received();
        assertTrue(received.stream().allMatch(frame -> frame.getId().equals("7")));
        assertEquals(
                List.of("p:alice:bob", "", "p:alice:carol"),
                received.stream()
                        .map(frame -> frame.getEvents().getConversationId())
                        .toList());
        assertEquals(Error.Code.FORBIDDEN, received.get(1).getError().getCode());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 51})
    void none_or_too_many_ranges_are_an_invalid_argument(int ranges) {
        String pulls = IntStream.range(0, ranges)
                .mapToObj(range -> "{'conversationId':'p:alice:bob','fromSeq':'1'}")
                .collect(Collectors.joining(","));

        send("{'pullMany':{'pulls':[" + pulls + "]}}");

        List<ServerFrame> received = transport.received();
        assertEquals(1, received.size());
        assertEquals(Error.Code.INVALID_ARGUMENT, received.getLast().getError().getCode());
    }

    // --- begin and end

    @Test
    void a_session_opens_with_the_version_the_device_has_and_the_gateways_policy() {
        OpenSession open = connect("{'id':'c','connect':{'token':'bob','deviceId':'d','resume':{'version':'17'}}}");

        assertEquals(17, open.getResumeSince());
        assertEquals("c", open.getFrameId());
        assertEquals(LoginPolicy.ONE_PER_PLATFORM, open.getLoginPolicy());
    }

    @Test
    void the_changes_since_the_resume_version_follow_connected_under_its_frame_id() {
        FakeTransport bobs = new FakeTransport();
        OpenSession open =
                connect(bobs, "{'id':'c','connect':{'token':'bob','deviceId':'d','resume':{'version':'17'}}}");
        String id = open.getSession().getSessionId();

        gateway.deliver(Delivery.newBuilder()
                .setSessionReady(SessionReady.newBuilder().setSessionId(id).setResumed(true)));
        gateway.deliver(Delivery.newBuilder()
                .setSyncAnswer(SyncAnswer.newBuilder()
                        .setOrigin(origin("c").toBuilder().setSessionId(id))
                        .setVersion(21)
                        .setBadge(4)
                        .setDone(true)));

        List<ServerFrame> received = bobs.received();
        assertTrue(received.get(0).getConnected().getResumed());
        assertEquals("c", received.get(1).getId());
        assertEquals(21, received.get(1).getSyncPage().getVersion());
        assertEquals(4, received.get(1).getSyncPage().getBadge());
    }

    @Test
    void an_open_session_whose_command_is_confirmed_too_late_stays_open() {
        FakeTransport bobs = new FakeTransport();
        log.waits(true);
        gateway.open(gateway.session(bobs), bobs, "bob");

        log.timeOut();

        assertEquals(List.of(), bobs.received());
        assertNull(bobs.closed());
    }

    @Test
    void a_session_whose_command_is_not_confirmed_ends_with_a_retryable_error() {
        FakeTransport bobs = new FakeTransport();
        log.waits(true);
        gateway.connect(gateway.session(bobs), "bob");

        log.timeOut();

        assertTrue(bobs.received().getFirst().getError().getRetryable());
        assertEquals(Transport.CloseReason.UNAVAILABLE, bobs.closed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'connect':{'token':'bob','deviceId':'d','resume':{}}}",
                "{'connect':{'token':'bob','deviceId':'d','resume':{'version':'-1'}}}",
                "{'connect':{'token':'bob','deviceId':'d','platform':77}}",
                "{'connect':{'token':'bob'}}"
            })
    void an_invalid_connect_is_rejected_and_can_be_retried(String json) {
        FakeTransport bobs = new FakeTransport();
        ClientSession bob = gateway.session(bobs);
        int written = log.userCommands().size();

        bob.onText(TestGateway.json(json));
        assertEquals(
                Error.Code.INVALID_ARGUMENT,
                bobs.received().getLast().getError().getCode());
        assertEquals(written, log.userCommands().size());

        bob.onText(TestGateway.json("{'connect':{'token':'bob','deviceId':'d'}}"));
        assertTrue(log.userCommands().getLast().hasOpenSession());
    }

    @ParameterizedTest
    @CsvSource({
        "REASON_UNSPECIFIED, REPLACED, REPLACED",
        "SAME_DEVICE, REPLACED, REPLACED",
        "OTHER_DEVICE, OTHER_DEVICE_CONNECTED, OTHER_DEVICE_CONNECTED",
        "REVOKED, DEVICE_REVOKED, DEVICE_REVOKED"
    })
    void a_replaced_session_gets_the_reason_and_must_not_reconnect(
            SessionReplaced.Reason reason, Disconnect.Code code, Transport.CloseReason closed) {
        gateway.deliver(Delivery.newBuilder()
                .setSessionReplaced(
                        SessionReplaced.newBuilder().setSessionId(sessionId).setReason(reason)));

        Disconnect disconnect = transport.received().getLast().getDisconnect();
        assertEquals(code, disconnect.getCode());
        assertTrue(disconnect.hasReconnect());
        assertFalse(disconnect.getReconnect());
        assertEquals(closed, transport.closed());
    }

    @Test
    void clients_of_a_draining_gateway_are_spread_by_their_number() {
        for (int other = 0; other < 4_999; other++) {
            sessions.connected(gateway.session(new FakeTransport()));
        }

        sessions.drain();

        Disconnect disconnect = transport.received().getLast().getDisconnect();
        assertEquals(Disconnect.Code.DRAINING, disconnect.getCode());
        assertTrue(disconnect.getReconnect());
        assertEquals(0, disconnect.getAfterMs());
        assertEquals(5_000, disconnect.getJitterMs());
    }

    @Test
    void a_single_client_of_a_draining_gateway_reconnects_at_once() {
        sessions.drain();

        assertEquals(1, transport.received().getLast().getDisconnect().getJitterMs());
    }

    @Test
    void a_client_that_connects_to_a_draining_gateway_is_asked_to_connect_elsewhere() {
        sessions.drain();
        FakeTransport bobs = new FakeTransport();

        sessions.connected(gateway.session(bobs));

        Disconnect disconnect = bobs.received().getLast().getDisconnect();
        assertEquals(Disconnect.Code.DRAINING, disconnect.getCode());
        assertTrue(disconnect.getReconnect());
        assertTrue(disconnect.getAfterMs() > 0);
        assertEquals(Transport.CloseReason.GOING_AWAY, bobs.closed());
    }

    // --- receipts

    @Test
    void the_newest_delivered_message_is_reported_once_after_three_ticks() {
        LongStream.rangeClosed(1, 3).forEach(seq -> event(TestGateway.message("p:alice:bob", seq, "bob")));
        event(TestGateway.message(GROUP, 9, "carol"));
        send("{'ack':{'upTo':'1'}}");
        send("{'ack':{'upTo':'4'}}");
        assertEquals(List.of(), log.commands());

        tick(2);
        assertEquals(List.of(), log.commands());
        tick(2);

        assertEquals(
                List.of("alice p:alice:bob 3", "alice g:club 9"),
                receipts().sorted(Comparator.reverseOrder()).toList());
        assertFalse(log.commands().getFirst().hasOrigin());
    }

    @Test
    void own_messages_system_messages_and_broadcasts_get_no_receipt() {
        event(TestGateway.message("p:alice:bob", 1, "alice"));
        event(TestGateway.message("s:alice", 1, ""));
        event(TestGateway.message("b:news", 1, ""));
        event(ConversationEvent.newBuilder()
                .setConversationId("p:alice:bob")
                .setSeq(2)
                .build());
        send("{'ack':{'upTo':'4'}}");

        tick(3);

        assertEquals(List.of(), log.commands());
    }

    @Test
    void messages_of_a_large_group_get_no_receipt() {
        gateway.deliver(Delivery.newBuilder()
                .setFollow(Follow.newBuilder().setSessionId(sessionId).addConversationIds(GROUP)));
        event(TestGateway.message(GROUP, 1, "bob"));
        send("{'ack':{'upTo':'1'}}");

        tick(3);

        assertEquals(List.of(), receipts().toList());
    }

    @Test
    void a_message_marked_as_read_gets_no_receipt() {
        event(TestGateway.message("p:alice:bob", 1, "bob"));
        event(TestGateway.message(GROUP, 5, "bob"));
        send("{'markRead':{'conversationId':'p:alice:bob','seq':'1'}}");
        send("{'markRead':{'conversationId':'g:club','seq':'4'}}");
        send("{'ack':{'upTo':'2'}}");

        tick(3);

        assertEquals(List.of("alice g:club 5"), receipts().toList());
    }

    @Test
    void a_receipt_whose_append_failed_is_reported_again() {
        event(TestGateway.message("p:alice:bob", 1, "bob"));
        send("{'ack':{'upTo':'1'}}");
        log.fails(true);
        tick(3);
        log.fails(false);

        tick(6);

        assertEquals(
                List.of("alice p:alice:bob 1", "alice p:alice:bob 1"),
                receipts().toList());
    }

    @Test
    void unread_messages_of_a_sync_page_are_delivered_once_the_client_sends_a_frame() {
        shown(view("p:alice:bob", 7, 2), view("p:alice:carol", 5, 0), view("s:alice", 3, 1), view(GROUP, 9, 1));
        tick(3);
        assertEquals(List.of(), receipts().toList());

        send("{'heartbeat':{}}");
        tick(6);

        assertEquals(
                List.of("alice p:alice:bob 7", "alice g:club 9"),
                receipts().sorted(Comparator.reverseOrder()).toList());
    }

    @Test
    void unread_messages_of_a_sync_page_are_not_delivered_if_no_frame_follows() {
        shown(view("p:alice:bob", 7, 2));

        alice.onClosed();

        assertEquals(List.of(), receipts().toList());
    }

    @Test
    void at_most_the_hundred_newest_conversations_of_a_sync_get_receipts() {
        shown(IntStream.range(0, 60).mapToObj(i -> view("p:alice:u" + i, 1, 1)).toArray(ConversationView[]::new));
        shown(IntStream.range(60, 101)
                .mapToObj(i -> view("p:alice:u" + i, 1, 1))
                .toArray(ConversationView[]::new));

        send("{'heartbeat':{}}");
        tick(ReceiptQueue.MAX_WAIT_SECONDS);

        assertEquals(100, receipts().count());
        assertFalse(receipts().toList().contains("alice p:alice:u0 1"));
    }

    @Test
    void a_command_to_a_private_conversation_carries_its_receipt() {
        event(TestGateway.message("p:alice:bob", 1, "bob"));
        event(TestGateway.message("p:alice:bob", 2, "bob"));
        event(TestGateway.message("p:alice:carol", 4, "carol"));
        event(TestGateway.message(GROUP, 5, "bob"));
        send("{'ack':{'upTo':'1'}}");
        send("{'send':{'conversationId':'p:alice:bob','clientMsgId':'m1','content':{'text':{'body':'hi'}}}}");
        send("{'ack':{'upTo':'4'}}");
        send("{'react':{'conversationId':'p:alice:bob','seq':'2','reaction':'+1'}}");
        send("{'send':{'conversationId':'g:club','clientMsgId':'m2','content':{'text':{'body':'hi'}}}}");
        send("{'typing':{'conversationId':'p:alice:carol'}}");

        assertEquals(
                List.of(1L, 2L, 0L, 0L),
                log.commands().stream().map(Command::getDeliveredSeq).toList());
    }

    @ParameterizedTest
    @CsvSource({"send,true", "forward,true", "edit,true", "recall,true", "pin,true", "friend,true", "deleteForMe,false"
    })
    void commands_whose_events_are_in_the_sequence_carry_receipts(String request, boolean carries) {
        event(TestGateway.message("p:alice:bob", 1, "bob"));
        send("{'ack':{'upTo':'1'}}");

        send(
                switch (request) {
                    case "send" ->
                        "{'send':{'conversationId':'p:alice:bob','clientMsgId':'m1','content':{'text':{'body':'hi'}}}}";
                    case "forward" ->
                        "{'send':{'conversationId':'p:alice:bob','clientMsgId':'m1','forward':{'conversationId':'p:alice:carol','seq':'1'}}}";
                    case "edit" ->
                        "{'edit':{'conversationId':'p:alice:bob','seq':'1','content':{'text':{'body':'hi'}}}}";
                    case "friend" -> "{'friend':{'conversationId':'p:alice:bob','accept':{}}}";
                    case "deleteForMe" -> "{'deleteForMe':{'conversationId':'p:alice:bob','seqs':['1']}}";
                    default -> "{'" + request + "':{'conversationId':'p:alice:bob','seq':'1'}}";
                });

        assertEquals(carries ? 1 : 0, log.commands().getLast().getDeliveredSeq());
    }

    @Test
    void a_receipt_that_an_event_carries_is_not_written() {
        event(TestGateway.message("p:alice:bob", 1, "bob"));
        send("{'ack':{'upTo':'1'}}");
        send("{'send':{'conversationId':'p:alice:bob','clientMsgId':'m1','content':{'text':{'body':'hi'}}}}");
        answer(Answer.newBuilder()
                .setDeliveredSeq(1)
                .setSequenced(
                        Sequenced.newBuilder().setConversationId("p:alice:bob").setSeq(2)));

        tick(ReceiptQueue.MAX_WAIT_SECONDS);
        alice.onClosed();

        assertEquals(List.of(), receipts().toList());
    }

    @Test
    void a_receipt_newer_than_the_carried_one_waits_on() {
        event(TestGateway.message("p:alice:bob", 1, "bob"));
        send("{'ack':{'upTo':'1'}}");
        send("{'send':{'conversationId':'p:alice:bob','clientMsgId':'m1','content':{'text':{'body':'hi'}}}}");
        event(TestGateway.message("p:alice:bob", 2, "bob"));
        send("{'ack':{'upTo':'2'}}");
        answer(Answer.newBuilder()
                .setDeliveredSeq(1)
                .setSequenced(
                        Sequenced.newBuilder().setConversationId("p:alice:bob").setSeq(3)));

        tick(3);

        assertEquals(List.of("alice p:alice:bob 2"), receipts().toList());
    }

    @Test
    void a_receipt_is_written_if_the_command_that_carries_it_is_refused() {
        event(TestGateway.message("p:alice:bob", 1, "bob"));
        send("{'ack':{'upTo':'1'}}");
        send("{'send':{'conversationId':'p:alice:bob','clientMsgId':'m1','content':{'text':{'body':'hi'}}}}");
        answer(Answer.newBuilder().setRefusal(Refusal.newBuilder().setReason(Refusal.Reason.BLOCKED)));

        tick(3);

        assertEquals(List.of("alice p:alice:bob 1"), receipts().toList());
    }

    @Test
    void a_session_reports_delivered_and_undelivered_messages_before_its_end() {
        event(TestGateway.message("p:alice:bob", 1, "bob"));
        event(TestGateway.message("p:alice:bob", 2, "bob"));
        event(TestGateway.message("p:alice:bob", 3, "alice"));
        event(TestGateway.message("s:alice", 4, ""));
        send("{'ack':{'upTo':'1'}}");

        alice.onClosed();

        assertEquals(List.of("alice p:alice:bob 1"), receipts().toList());
        List<UserCommand> commands = log.userCommands();
        assertEquals(
                List.of(reference("p:alice:bob", 2), reference("s:alice", 4)),
                commands.get(commands.size() - 2).getUndelivered().getMessagesList());
        assertEquals(
                sessionId, commands.get(commands.size() - 2).getUndelivered().getSessionId());
        assertTrue(commands.getLast().hasCloseSession());
    }

    @Test
    void only_mentions_in_a_large_group_are_reported_as_undelivered() {
        gateway.deliver(Delivery.newBuilder()
                .setFollow(Follow.newBuilder().setSessionId(sessionId).addConversationIds(GROUP)));
        event(TestGateway.message(GROUP, 1, "bob"));
        event(ConversationEvent.newBuilder()
                .setConversationId(GROUP)
                .setSeq(2)
                .setMessageSent(MessageSent.newBuilder()
                        .setSender("bob")
                        .setMentions(Mentions.newBuilder().addUserIds("alice")))
                .build());

        alice.onClosed();

        assertEquals(List.of(reference(GROUP, 2)), undelivered());
    }

    @Test
    void acknowledged_messages_are_not_reported_as_undelivered() {
        event(TestGateway.message("p:alice:bob", 1, "bob"));
        send("{'ack':{'upTo':'1'}}");

        alice.onClosed();

        assertEquals(List.of(), undelivered());
    }

    @Test
    void an_event_for_a_session_that_has_just_ended_is_reported_as_undelivered() {
        alice.onClosed();

        event(TestGateway.message("p:alice:bob", 1, "bob"));
        assertEquals(List.of(reference("p:alice:bob", 1)), undelivered());

        sessions.tick(System.nanoTime() + Duration.ofMinutes(1).toNanos());
        event(TestGateway.message("p:alice:bob", 2, "bob"));
        assertEquals(List.of(reference("p:alice:bob", 1)), undelivered());
    }

    @Test
    void the_message_that_exceeds_the_window_is_reported_as_undelivered_too() {
        LongStream.rangeClosed(1, 6).forEach(seq -> event(TestGateway.message("p:alice:bob", seq, "bob")));

        assertEquals(Transport.CloseReason.SLOW_CONSUMER, transport.closed());
        assertEquals(
                LongStream.rangeClosed(1, 6)
                        .mapToObj(seq -> reference("p:alice:bob", seq))
                        .toList(),
                undelivered());
    }

    // --- helpers

    private OpenSession connect(String json) {
        return connect(new FakeTransport(), json);
    }

    private OpenSession connect(FakeTransport to, String json) {
        gateway.session(to).onText(TestGateway.json(json));
        return log.userCommands().getLast().getOpenSession();
    }

    private static HistoryRange history(String conversationId, long fromSeq, long toSeq, int limit) {
        return new HistoryRange(List.of(TestGateway.message(conversationId, 1, "bob", "hello")), 1, 1, true, 1);
    }

    private void friends(WatchPresence.Mode mode, String... userIds) {
        gateway.deliver(Delivery.newBuilder()
                .setUserAnswer(UserAnswer.newBuilder()
                        .setOrigin(origin("7"))
                        .setFriends(Friends.newBuilder().setMode(mode).addAllUserIds(List.of(userIds)))));
    }

    private List<UserCommand> watches() {
        return log.userCommands().stream().filter(UserCommand::hasWatchPresence).toList();
    }

    private UserCommand watch(String userId, WatchPresence.Mode mode, String frameId) {
        return UserCommand.newBuilder()
                .setUserId(userId)
                .setWatchPresence(WatchPresence.newBuilder()
                        .setOrigin(origin(frameId))
                        .setMode(mode)
                        .setGatewayEpoch(CONFIG.epoch())
                        .setWatcherUserId("alice")
                        .setVisibility(WatchPresence.Visibility.FRIENDS))
                .build();
    }

    private static String users(int from, int to) {
        return IntStream.range(from, to).mapToObj(user -> "'u" + user + "'").collect(Collectors.joining(","));
    }

    /** Ticks the gateway, which it expects once a second. */
    private void tick(int times) {
        for (int i = 0; i < times; i++) {
            sessions.tick(System.nanoTime());
        }
    }

    private void answer(Answer.Builder answer) {
        gateway.deliver(Delivery.newBuilder().setAnswer(answer.setOrigin(origin("7"))));
    }

    private Stream<String> receipts() {
        return log.commands().stream()
                .filter(Command::hasMarkDelivered)
                .map(command -> command.getActor()
                        + ' '
                        + command.getConversationId()
                        + ' '
                        + command.getMarkDelivered().getSeq());
    }

    private void shown(ConversationView... views) {
        gateway.deliver(Delivery.newBuilder()
                .setSyncAnswer(SyncAnswer.newBuilder().setOrigin(origin("7")).addAllViews(List.of(views))));
    }

    private static ConversationView view(String conversationId, long lastSeq, long unread) {
        return ConversationView.newBuilder()
                .setConversationId(conversationId)
                .setLastSeq(lastSeq)
                .setLastMessage(MessagePreview.newBuilder().setSeq(lastSeq))
                .setUnread(unread)
                .build();
    }

    private List<MessageReference> undelivered() {
        return log.userCommands().stream()
                .flatMap(command -> command.getUndelivered().getMessagesList().stream())
                .toList();
    }

    private static MessageReference reference(String conversationId, long seq) {
        return MessageReference.newBuilder()
                .setConversationId(conversationId)
                .setSeq(seq)
                .build();
    }

    private Origin origin(String frameId) {
        return Origin.newBuilder()
                .setGatewaySlot(CONFIG.slot())
                .setSessionId(sessionId)
                .setFrameId(frameId)
                .build();
    }

    private static Origin originOf(UserCommand command) {
        return command.getAllFields().values().stream()
                .filter(Message.class::isInstance)
                .map(Message.class::cast)
                .map(body -> (Origin) body.getField(body.getDescriptorForType().findFieldByName("origin")))
                .findFirst()
                .orElseThrow();
    }

    private void answer(UserAnswer.Builder answer) {
        gateway.deliver(Delivery.newBuilder().setUserAnswer(answer.setOrigin(origin("7"))));
    }

    private void presence(PresenceDelivery.Builder delivery) {
        gateway.deliver(Delivery.newBuilder()
                .setPresence(delivery.setPresence(
                        Presence.newBuilder().setUserId("bob").setOnline(true))));
    }

    private void event(ConversationEvent event) {
        gateway.deliver(Delivery.newBuilder()
                .setEvent(EventDelivery.newBuilder().setEvent(event).addSessionIds(sessionId)));
    }

    private void send(String json) {
        alice.onText(TestGateway.json(json));
    }

    private static ConversationEvent typing() {
        return ConversationEvent.newBuilder()
                .setConversationId(GROUP)
                .setTypingStarted(TypingStarted.newBuilder().setUserId("bob"))
                .build();
    }
}
