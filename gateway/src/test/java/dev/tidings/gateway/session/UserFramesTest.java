package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import com.google.protobuf.Message;
import dev.tidings.gateway.api.Access;
import dev.tidings.gateway.api.ClientApi;
import dev.tidings.gateway.auth.BanList;
import dev.tidings.gateway.follow.Following;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.gateway.log.RecordedLog;
import dev.tidings.v1.Accepted;
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
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session does for a user beyond conversations, among the real classes around it. */
class UserFramesTest {

    private static final SessionTerms TERMS = new SessionTerms(
            3,
            8,
            65_536,
            5,
            1_000_000,
            Duration.ofSeconds(10),
            LoginPolicy.ONE_PER_PLATFORM,
            WatchPresence.Visibility.FRIENDS);
    private static final String GROUP = "g:club";

    private static final ReconnectPace PACE = new ReconnectPace(1_000);

    private final RecordedLog log = new RecordedLog();
    private final MetricRegistry metrics = new MetricRegistry();
    private final Following following = new Following(TERMS.slot(), TERMS.epoch(), log);
    private final Access access = new Access(log, Duration.ofMinutes(1));
    private final BufferBudget budget = new BufferBudget(10_000_000);
    private final Sessions sessions = new Sessions(
            following,
            access,
            PACE,
            new BanList(System::currentTimeMillis),
            budget,
            Runnable::run,
            System::currentTimeMillis,
            metrics);
    private final Openings openings = new Openings(1_000, PACE, Runnable::run, metrics);
    private final ClientApi api =
            new ClientApi(log, access, UserFramesTest::history, Set.of("webhook", "log"), Runnable::run);

    private final FakeTransport transport = new FakeTransport();
    private final ClientSession alice =
            new ClientSession(transport, TERMS, sessions, following, api, token -> token, openings);
    private final String sessionId = opened();

    // --- about oneself

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
    void each_wish_about_oneself_becomes_a_user_command_and_waits_for_its_answer(
            UserCommand.BodyCase body, String json) {
        say(json);

        UserCommand command = log.userCommands().getLast();
        assertEquals(body, command.getBodyCase());
        assertEquals("alice", command.getUserId());
        assertEquals(origin("7"), originOf(command));
        assertEquals(List.of(), transport.heard());
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
    void what_could_never_be_applied_is_refused_and_not_written(Refusal.Reason reason, String json) {
        int written = log.userCommands().size();

        say(json.replace("LONG", "x".repeat(4_097)));

        ServerFrame answer = transport.heard().getLast();
        assertEquals(reason, answer.getRefused().getReason(), answer::toString);
        assertFalse(answer.getRefused().getMessage().isBlank());
        assertEquals(written, log.userCommands().size());
    }

    @Test
    void what_became_of_a_wish_about_oneself_is_told_under_its_frame() {
        answer(UserAnswer.newBuilder().setApplied(Applied.newBuilder().setUnchanged(true)));
        answer(UserAnswer.newBuilder().setRefusal(Refusal.newBuilder().setReason(Refusal.Reason.DEVICE_NOT_FOUND)));
        answer(UserAnswer.newBuilder()
                .setDevices(Devices.newBuilder().addDevices(Device.newBuilder().setDeviceId("phone"))));

        List<ServerFrame> heard = transport.heard();
        assertTrue(heard.stream().allMatch(frame -> frame.getId().equals("7")));
        assertTrue(heard.get(0).getApplied().getUnchanged());
        assertEquals(Refusal.Reason.DEVICE_NOT_FOUND, heard.get(1).getRefused().getReason());
        assertEquals("phone", heard.get(2).getDevices().getDevices(0).getDeviceId());
    }

    @Test
    void who_registers_for_push_without_a_device_means_his_own() {
        say("{'registerPush':{'channel':'log','token':'t'}}");
        assertEquals("phone", log.userCommands().getLast().getRegisterPush().getDeviceId());

        say("{'registerPush':{'deviceId':'tablet'}}");
        assertEquals("tablet", log.userCommands().getLast().getRegisterPush().getDeviceId());
    }

    @Test
    void with_the_log_away_a_wish_about_oneself_can_be_tried_again() {
        log.fails(true);

        say("{'id':'7','settings':{'conversationId':'g:club','muted':true}}");

        assertTrue(transport.heard().getLast().getError().getRetryable());
    }

    @Test
    void how_another_device_wants_to_see_a_conversation_is_handed_on() {
        feed(Delivery.newBuilder()
                .setView(ViewDelivery.newBuilder()
                        .setView(ConversationView.newBuilder()
                                .setConversationId(GROUP)
                                .setMuted(true))
                        .addSessionIds(sessionId)
                        .addSessionIds("gone")));

        ServerFrame frame = transport.heard().getLast();
        assertEquals("", frame.getId());
        assertTrue(frame.getView().getMuted());
    }

    // --- presence

    @Test
    void each_user_asked_after_is_asked_once_under_his_own_key() {
        say("{'id':'7','presence':{'userIds':['bob','carol','bob'],'mode':'START'}}");

        assertEquals(
                List.of(watch("bob", WatchPresence.Mode.START, "7"), watch("carol", WatchPresence.Mode.START, "7")),
                watches());
        assertEquals(List.of(), transport.heard());
    }

    @Test
    void presence_that_was_asked_for_names_the_frame_and_news_of_it_none() {
        presence(PresenceDelivery.newBuilder().setOrigin(origin("7")).addSessionIds(sessionId));
        presence(PresenceDelivery.newBuilder().addSessionIds(sessionId).addSessionIds("gone"));

        List<ServerFrame> heard = transport.heard();
        assertEquals(List.of("7", ""), heard.stream().map(ServerFrame::getId).toList());
        assertTrue(heard.stream().allMatch(frame -> frame.getPresence().getOnline()));
    }

    @Test
    void at_most_two_hundred_are_asked_after_at_once() {
        say("{'presence':{'userIds':[" + users(0, 200) + "],'mode':'ONCE'}}");
        assertEquals(200, watches().size());

        say("{'presence':{'userIds':[" + users(0, 201) + "],'mode':'ONCE'}}");

        assertEquals(200, watches().size());
        assertEquals(
                Refusal.Reason.INVALID_ARGUMENT,
                transport.heard().getLast().getRefused().getReason());
    }

    @Test
    void a_session_watches_at_most_a_thousand() {
        for (int from = 0; from < 1_000; from += 200) {
            say("{'presence':{'userIds':[" + users(from, from + 200) + "],'mode':'START'}}");
        }
        say("{'presence':{'userIds':['u0'],'mode':'START'}}");
        assertEquals(List.of(), transport.heard());

        say("{'presence':{'userIds':['u1000'],'mode':'START'}}");

        assertEquals(
                Refusal.Reason.TOO_MANY,
                transport.heard().getLast().getRefused().getReason());
    }

    @Test
    void who_stops_watching_tells_only_those_he_watched_and_is_answered_by_accepted() {
        say("{'presence':{'userIds':['bob'],'mode':'START'}}");

        say("{'id':'8','presence':{'userIds':['bob','carol'],'mode':'STOP'}}");

        assertEquals(watch("bob", WatchPresence.Mode.STOP, "8"), watches().getLast());
        assertEquals(2, watches().size());
        List<ServerFrame> heard = transport.heard();
        assertEquals(1, heard.size());
        assertTrue(heard.getLast().hasAccepted());
    }

    @Test
    void who_names_nobody_watches_his_friends() {
        say("{'id':'7','presence':{'mode':'START'}}");

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

        say("{'id':'8','presence':{'mode':'STOP'}}");

        assertEquals(
                List.of(watch("bob", WatchPresence.Mode.STOP, "8"), watch("carol", WatchPresence.Mode.STOP, "8")),
                watches().subList(2, 4));
        assertEquals(
                List.of(true),
                transport.heard().stream().map(ServerFrame::hasAccepted).toList());
    }

    @Test
    void who_has_no_friends_is_answered_all_the_same() {
        say("{'id':'7','presence':{'mode':'ONCE'}}");
        friends(WatchPresence.Mode.ONCE);

        assertEquals(List.of(), watches());
        assertEquals(
                List.of(ServerFrame.newBuilder()
                        .setId("7")
                        .setAccepted(Accepted.getDefaultInstance())
                        .build()),
                transport.heard());
    }

    @Test
    void friends_that_are_known_only_after_the_end_are_not_watched() {
        say("{'id':'7','presence':{'mode':'START'}}");
        alice.onClosed();

        friends(WatchPresence.Mode.START, "bob");

        assertEquals(List.of(), watches());
    }

    @Test
    void more_friends_than_may_be_watched_are_too_many() {
        say("{'presence':{'userIds':['dave'],'mode':'START'}}");
        say("{'id':'7','presence':{'mode':'START'}}");

        friends(
                WatchPresence.Mode.START,
                IntStream.range(0, 1_000).mapToObj(number -> "u" + number).toArray(String[]::new));

        assertEquals(
                Refusal.Reason.TOO_MANY,
                transport.heard().getLast().getRefused().getReason());
        assertEquals(1, watches().size());
    }

    @Test
    void with_the_log_away_one_query_fails_once() {
        log.fails(true);

        say("{'id':'7','presence':{'userIds':['bob','carol'],'mode':'ONCE'}}");

        List<ServerFrame> heard = transport.heard();
        assertEquals(1, heard.size());
        assertEquals(Error.Code.UNAVAILABLE, heard.getLast().getError().getCode());
    }

    @Test
    void the_end_of_a_session_ends_its_watching() {
        say("{'presence':{'userIds':['bob','carol'],'mode':'START'}}");

        alice.onClosed();

        assertEquals(
                List.of(watch("bob", WatchPresence.Mode.STOP, ""), watch("carol", WatchPresence.Mode.STOP, "")),
                watches().subList(2, 4));
        assertTrue(log.userCommands().getLast().hasCloseSession());
    }

    @Test
    void where_the_gateway_ends_the_log_need_not_hear_of_each_that_was_watched() {
        say("{'presence':{'userIds':['bob','carol'],'mode':'START'}}");

        sessions.drain();

        assertEquals(2, watches().size());
        assertTrue(log.userCommands().getLast().hasCloseSession());
    }

    // --- what is worth something only at once

    @Test
    void of_much_typing_in_a_conversation_the_log_hears_little_and_the_client_does_not_notice() {
        say("{'id':'1','typing':{'conversationId':'g:club'}}");
        say("{'id':'2','typing':{'conversationId':'g:club'}}");
        say("{'id':'3','typing':{'conversationId':'p:alice:bob'}}");

        assertEquals(
                List.of(GROUP, "p:alice:bob"),
                log.commands().stream().map(Command::getConversationId).toList());
        List<ServerFrame> heard = transport.heard();
        assertEquals(
                List.of("1", "2", "3"), heard.stream().map(ServerFrame::getId).toList());
        assertTrue(heard.stream().allMatch(ServerFrame::hasAccepted));
    }

    @Test
    void typing_that_is_refused_is_refused_again() {
        say("{'id':'1','typing':{'conversationId':'club'}}");
        say("{'id':'2','typing':{'conversationId':'club'}}");

        assertTrue(transport.heard().stream().allMatch(ServerFrame::hasRefused));
    }

    @Test
    void who_is_typing_is_told_without_a_number_and_not_again() {
        event(typing());
        alice.tick(System.nanoTime() + Duration.ofSeconds(15).toNanos());

        List<ServerFrame> heard = transport.heard();
        assertEquals(1, heard.size());
        assertEquals(0, heard.getLast().getEvents().getDeliverySeq());
        assertTrue(heard.getLast().getEvents().getEvents(0).hasTypingStarted());
    }

    @Test
    void a_slow_client_misses_first_what_is_worth_something_only_at_once() {
        transport.isBehind(true);

        event(typing());
        presence(PresenceDelivery.newBuilder().addSessionIds(sessionId));
        event(said(GROUP, 1, "bob"));
        presence(PresenceDelivery.newBuilder().setOrigin(origin("7")));

        List<ServerFrame> heard = transport.heard();
        assertEquals(2, heard.size());
        assertTrue(heard.getFirst().hasEvents());
        assertEquals("7", heard.getLast().getId());
        assertEquals(2, metrics.meter("tidings.gateway.deliveries.dropped").getCount());
    }

    // --- many ranges

    @Test
    void many_ranges_are_answered_in_their_order_and_one_that_fails_stops_none() {
        say("{'id':'7','pullMany':{'pulls':[{'conversationId':'p:alice:bob','fromSeq':'1'},"
                + "{'conversationId':'p:bob:carol','fromSeq':'1'},"
                + "{'conversationId':'p:alice:carol','fromSeq':'1'}]}}");

        List<ServerFrame> heard = transport.heard();
        assertTrue(heard.stream().allMatch(frame -> frame.getId().equals("7")));
        assertEquals(
                List.of("p:alice:bob", "", "p:alice:carol"),
                heard.stream()
                        .map(frame -> frame.getEvents().getConversationId())
                        .toList());
        assertEquals(Error.Code.FORBIDDEN, heard.get(1).getError().getCode());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 51})
    void none_or_too_many_ranges_are_an_invalid_argument(int ranges) {
        String pulls = IntStream.range(0, ranges)
                .mapToObj(range -> "{'conversationId':'p:alice:bob','fromSeq':'1'}")
                .collect(Collectors.joining(","));

        say("{'pullMany':{'pulls':[" + pulls + "]}}");

        List<ServerFrame> heard = transport.heard();
        assertEquals(1, heard.size());
        assertEquals(Error.Code.INVALID_ARGUMENT, heard.getLast().getError().getCode());
    }

    // --- beginnings and ends

    @Test
    void a_session_opens_with_the_version_the_device_has_and_the_gateways_policy() {
        OpenSession open = connect("{'id':'c','connect':{'token':'bob','deviceId':'d','resume':{'version':'17'}}}");

        assertEquals(17, open.getResumeSince());
        assertEquals("c", open.getFrameId());
        assertEquals(LoginPolicy.ONE_PER_PLATFORM, open.getLoginPolicy());
    }

    @Test
    void what_changed_meanwhile_follows_connected_under_its_frame() {
        FakeTransport bobs = new FakeTransport();
        OpenSession open =
                connect(bobs, "{'id':'c','connect':{'token':'bob','deviceId':'d','resume':{'version':'17'}}}");
        String id = open.getSession().getSessionId();

        feed(Delivery.newBuilder()
                .setSessionReady(SessionReady.newBuilder().setSessionId(id).setResumed(true)));
        feed(Delivery.newBuilder()
                .setSyncAnswer(SyncAnswer.newBuilder()
                        .setOrigin(origin("c").toBuilder().setSessionId(id))
                        .setVersion(21)
                        .setBadge(4)
                        .setDone(true)));

        List<ServerFrame> heard = bobs.heard();
        assertTrue(heard.get(0).getConnected().getResumed());
        assertEquals("c", heard.get(1).getId());
        assertEquals(21, heard.get(1).getSyncPage().getVersion());
        assertEquals(4, heard.get(1).getSyncPage().getBadge());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'connect':{'token':'bob','deviceId':'d','resume':{}}}",
                "{'connect':{'token':'bob','deviceId':'d','resume':{'version':'-1'}}}",
                "{'connect':{'token':'bob','deviceId':'d','platform':77}}",
                "{'connect':{'token':'bob'}}"
            })
    void who_connects_with_what_cannot_be_is_told_so_and_may_try_again(String json) {
        FakeTransport bobs = new FakeTransport();
        ClientSession bob = new ClientSession(bobs, TERMS, sessions, following, api, token -> token, openings);
        int written = log.userCommands().size();

        bob.onText(json(json));
        assertEquals(
                Error.Code.INVALID_ARGUMENT, bobs.heard().getLast().getError().getCode());
        assertEquals(written, log.userCommands().size());

        bob.onText(json("{'connect':{'token':'bob','deviceId':'d'}}"));
        assertTrue(log.userCommands().getLast().hasOpenSession());
    }

    @ParameterizedTest
    @CsvSource({
        "REASON_UNSPECIFIED, REPLACED, REPLACED",
        "SAME_DEVICE, REPLACED, REPLACED",
        "OTHER_DEVICE, OTHER_DEVICE_CONNECTED, OTHER_DEVICE_CONNECTED",
        "REVOKED, DEVICE_REVOKED, DEVICE_REVOKED"
    })
    void a_session_that_has_to_end_is_told_why_and_not_to_come_back(
            SessionReplaced.Reason reason, Disconnect.Code code, Transport.CloseReason closed) {
        feed(Delivery.newBuilder()
                .setSessionReplaced(
                        SessionReplaced.newBuilder().setSessionId(sessionId).setReason(reason)));

        Disconnect disconnect = transport.heard().getLast().getDisconnect();
        assertEquals(code, disconnect.getCode());
        assertTrue(disconnect.hasReconnect());
        assertFalse(disconnect.getReconnect());
        assertEquals(closed, transport.closed());
    }

    @Test
    void the_more_clients_have_to_connect_elsewhere_the_more_time_they_take() {
        for (int other = 0; other < 4_999; other++) {
            sessions.connected(
                    new ClientSession(new FakeTransport(), TERMS, sessions, following, api, token -> token, openings));
        }

        sessions.drain();

        Disconnect disconnect = transport.heard().getLast().getDisconnect();
        assertEquals(Disconnect.Code.DRAINING, disconnect.getCode());
        assertTrue(disconnect.getReconnect());
        assertEquals(0, disconnect.getAfterMs());
        assertEquals(5_000, disconnect.getJitterMs());
    }

    @Test
    void a_gateway_that_ends_alone_with_one_client_does_not_make_it_wait() {
        sessions.drain();

        assertEquals(1, transport.heard().getLast().getDisconnect().getJitterMs());
    }

    @Test
    void who_comes_to_a_gateway_that_ends_is_asked_to_connect_elsewhere_in_a_while() {
        sessions.drain();
        FakeTransport bobs = new FakeTransport();

        sessions.connected(new ClientSession(bobs, TERMS, sessions, following, api, token -> token, openings));

        Disconnect disconnect = bobs.heard().getLast().getDisconnect();
        assertEquals(Disconnect.Code.DRAINING, disconnect.getCode());
        assertTrue(disconnect.getReconnect());
        assertTrue(disconnect.getAfterMs() > 0);
        assertEquals(Transport.CloseReason.GOING_AWAY, bobs.closed());
    }

    // --- what has arrived, and what has not

    @Test
    void of_what_has_arrived_the_log_hears_the_newest_at_the_tick_once() {
        LongStream.rangeClosed(1, 3).forEach(seq -> event(said("p:alice:bob", seq, "bob")));
        event(said(GROUP, 9, "carol"));
        say("{'ack':{'upTo':'1'}}");
        say("{'ack':{'upTo':'4'}}");
        assertEquals(List.of(), log.commands());

        sessions.tick(System.nanoTime());
        sessions.tick(System.nanoTime());

        assertEquals(
                List.of("alice p:alice:bob 3", "alice g:club 9"),
                receipts().sorted(Comparator.reverseOrder()).toList());
        assertFalse(log.commands().getFirst().hasOrigin());
    }

    @Test
    void what_needs_no_receipt_gets_none() {
        event(said("p:alice:bob", 1, "alice"));
        event(said("s:alice", 1, ""));
        event(said("b:news", 1, ""));
        event(ConversationEvent.newBuilder()
                .setConversationId("p:alice:bob")
                .setSeq(2)
                .build());
        say("{'ack':{'upTo':'4'}}");

        sessions.tick(System.nanoTime());

        assertEquals(List.of(), log.commands());
    }

    @Test
    void of_a_large_group_nothing_is_said_to_have_arrived() {
        feed(Delivery.newBuilder()
                .setFollow(Follow.newBuilder().setSessionId(sessionId).addConversationIds(GROUP)));
        event(said(GROUP, 1, "bob"));
        say("{'ack':{'upTo':'1'}}");

        sessions.tick(System.nanoTime());

        assertEquals(List.of(), receipts().toList());
    }

    @Test
    void what_was_read_need_not_be_said_to_have_arrived() {
        event(said("p:alice:bob", 1, "bob"));
        event(said(GROUP, 5, "bob"));
        say("{'markRead':{'conversationId':'p:alice:bob','seq':'1'}}");
        say("{'markRead':{'conversationId':'g:club','seq':'4'}}");
        say("{'ack':{'upTo':'2'}}");

        sessions.tick(System.nanoTime());

        assertEquals(List.of("alice g:club 5"), receipts().toList());
    }

    @Test
    void what_the_log_did_not_take_it_is_told_again() {
        event(said("p:alice:bob", 1, "bob"));
        say("{'ack':{'upTo':'1'}}");
        log.fails(true);
        sessions.tick(System.nanoTime());
        log.fails(false);

        sessions.tick(System.nanoTime());
        sessions.tick(System.nanoTime());

        assertEquals(
                List.of("alice p:alice:bob 1", "alice p:alice:bob 1"),
                receipts().toList());
    }

    @Test
    void what_a_sync_shows_as_unread_has_arrived_once_the_client_says_something() {
        shown(view("p:alice:bob", 7, 2), view("p:alice:carol", 5, 0), view("s:alice", 3, 1), view(GROUP, 9, 1));
        sessions.tick(inAWhile());
        assertEquals(List.of(), receipts().toList());

        say("{'heartbeat':{}}");
        sessions.tick(inAWhile());
        sessions.tick(inAWhile());

        assertEquals(
                List.of("alice p:alice:bob 7", "alice g:club 9"),
                receipts().sorted(Comparator.reverseOrder()).toList());
    }

    @Test
    void what_a_sync_showed_to_a_client_that_has_said_nothing_since_is_not_said_to_have_arrived() {
        shown(view("p:alice:bob", 7, 2));

        alice.onClosed();

        assertEquals(List.of(), receipts().toList());
    }

    @Test
    void of_all_that_a_sync_shows_as_unread_the_newest_conversations_are_said_to_have_arrived() {
        shown(IntStream.range(0, 60).mapToObj(i -> view("p:alice:u" + i, 1, 1)).toArray(ConversationView[]::new));
        shown(IntStream.range(60, 101)
                .mapToObj(i -> view("p:alice:u" + i, 1, 1))
                .toArray(ConversationView[]::new));

        say("{'heartbeat':{}}");
        sessions.tick(inAWhile());

        assertEquals(100, receipts().count());
        assertFalse(receipts().toList().contains("alice p:alice:u0 1"));
    }

    @Test
    void right_before_a_session_ends_the_log_hears_what_has_arrived_and_what_has_not() {
        event(said("p:alice:bob", 1, "bob"));
        event(said("p:alice:bob", 2, "bob"));
        event(said("p:alice:bob", 3, "alice"));
        event(said("s:alice", 4, ""));
        say("{'ack':{'upTo':'1'}}");

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
    void of_a_large_group_only_what_mentions_the_user_is_undelivered() {
        feed(Delivery.newBuilder()
                .setFollow(Follow.newBuilder().setSessionId(sessionId).addConversationIds(GROUP)));
        event(said(GROUP, 1, "bob"));
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
    void where_everything_has_arrived_nothing_is_undelivered() {
        event(said("p:alice:bob", 1, "bob"));
        say("{'ack':{'upTo':'1'}}");

        alice.onClosed();

        assertEquals(List.of(), undelivered());
    }

    @Test
    void what_comes_for_a_session_that_has_just_ended_is_undelivered() {
        alice.onClosed();

        event(said("p:alice:bob", 1, "bob"));
        assertEquals(List.of(reference("p:alice:bob", 1)), undelivered());

        sessions.tick(System.nanoTime() + Duration.ofMinutes(1).toNanos());
        event(said("p:alice:bob", 2, "bob"));
        assertEquals(List.of(reference("p:alice:bob", 1)), undelivered());
    }

    @Test
    void of_a_client_too_far_behind_also_the_message_that_was_too_many_is_undelivered() {
        LongStream.rangeClosed(1, 6).forEach(seq -> event(said("p:alice:bob", seq, "bob")));

        assertEquals(Transport.CloseReason.SLOW_CONSUMER, transport.closed());
        assertEquals(
                LongStream.rangeClosed(1, 6)
                        .mapToObj(seq -> reference("p:alice:bob", seq))
                        .toList(),
                undelivered());
    }

    // --- the world around

    private String opened() {
        sessions.connected(alice);
        alice.onText(json("{'connect':{'token':'alice','deviceId':'phone'}}"));
        String id = log.userCommands().getLast().getOpenSession().getSession().getSessionId();
        feed(Delivery.newBuilder().setSessionReady(SessionReady.newBuilder().setSessionId(id)));
        assertFalse(transport.heard().getLast().getConnected().getResumed());
        return id;
    }

    private OpenSession connect(String json) {
        return connect(new FakeTransport(), json);
    }

    private OpenSession connect(FakeTransport to, String json) {
        new ClientSession(to, TERMS, sessions, following, api, token -> token, openings).onText(json(json));
        return log.userCommands().getLast().getOpenSession();
    }

    private static HistoryRange history(String conversationId, long fromSeq, long toSeq, int limit) {
        return new HistoryRange(List.of(said(conversationId, 1, "bob")), 1, 1, true, 1);
    }

    private void friends(WatchPresence.Mode mode, String... userIds) {
        feed(Delivery.newBuilder()
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
                        .setGatewayEpoch(TERMS.epoch())
                        .setWatcherUserId("alice")
                        .setVisibility(WatchPresence.Visibility.FRIENDS))
                .build();
    }

    private static String users(int from, int to) {
        return IntStream.range(from, to).mapToObj(user -> "'u" + user + "'").collect(Collectors.joining(","));
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
        feed(Delivery.newBuilder()
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

    /** Later than any pause between receipts lasts, and before the session is taken for silent. */
    private static long inAWhile() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
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
                .setGatewaySlot(TERMS.slot())
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
        feed(Delivery.newBuilder().setUserAnswer(answer.setOrigin(origin("7"))));
    }

    private void presence(PresenceDelivery.Builder delivery) {
        feed(Delivery.newBuilder()
                .setPresence(delivery.setPresence(
                        Presence.newBuilder().setUserId("bob").setOnline(true))));
    }

    private void event(ConversationEvent event) {
        feed(Delivery.newBuilder()
                .setEvent(EventDelivery.newBuilder().setEvent(event).addSessionIds(sessionId)));
    }

    private void feed(Delivery.Builder delivery) {
        sessions.accept(delivery.setGatewaySlot(TERMS.slot()).build());
    }

    private void say(String json) {
        alice.onText(json(json));
    }

    private static String json(String withSingleQuotes) {
        return withSingleQuotes.replace('\'', '"');
    }

    private static ConversationEvent typing() {
        return ConversationEvent.newBuilder()
                .setConversationId(GROUP)
                .setTypingStarted(TypingStarted.newBuilder().setUserId("bob"))
                .build();
    }

    private static ConversationEvent said(String conversationId, long seq, String sender) {
        return ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSeq(seq)
                .setMessageSent(MessageSent.newBuilder().setSender(sender))
                .build();
    }
}
