package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.api.Access;
import dev.tidings.gateway.api.ClientApi;
import dev.tidings.gateway.auth.BanList;
import dev.tidings.gateway.follow.Following;
import dev.tidings.gateway.history.HistoryRange;
import dev.tidings.gateway.log.RecordedLog;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.AccessAnswer;
import dev.tidings.v1.AccessRequest;
import dev.tidings.v1.Answer;
import dev.tidings.v1.Applied;
import dev.tidings.v1.Ban;
import dev.tidings.v1.BroadcastDelivery;
import dev.tidings.v1.Command;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Error;
import dev.tidings.v1.EventDelivery;
import dev.tidings.v1.Follow;
import dev.tidings.v1.FollowedEvent;
import dev.tidings.v1.ForwardedFrom;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.LoginPolicy;
import dev.tidings.v1.MembersRemoved;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.SessionReady;
import dev.tidings.v1.TextContent;
import dev.tidings.v1.WatchPresence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A session among the real classes around it: only the log, history and the socket are made up. */
class ClientSessionTest {

    private static final int INBOX_PARTITIONS = 4;

    private static final SessionTerms TERMS = new SessionTerms(
            3,
            8,
            65_536,
            100,
            1_000_000,
            Duration.ofSeconds(10),
            LoginPolicy.ALL_DEVICES,
            WatchPresence.Visibility.FRIENDS);

    private static final ReconnectPace PACE = new ReconnectPace(1_000);

    private final AtomicLong logMillis = new AtomicLong(System.currentTimeMillis());
    private final BanList bans = new BanList(logMillis::get);
    private final RecordedLog log = new RecordedLog();
    private final MetricRegistry metrics = new MetricRegistry();
    private final Following following = new Following(TERMS.slot(), TERMS.epoch(), log);
    private final Access access = new Access(log, Duration.ofMinutes(1));
    private final BufferBudget budget = new BufferBudget(10_000_000);
    private final Sessions sessions =
            new Sessions(following, access, PACE, bans, budget, Runnable::run, logMillis::get, metrics);
    private final Openings openings = new Openings(1_000, PACE, Runnable::run, metrics);
    private final List<ConversationEvent> history = new ArrayList<>();
    private final ClientApi api = new ClientApi(log, access, this::read, Set.of("webhook", "log"), Runnable::run);

    private final FakeTransport transport = new FakeTransport();
    private final ClientSession alice = session(transport);
    private final String sessionId = opened(alice, transport, "alice");

    // --- commands

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "EDIT_MESSAGE   | {'id':'7','edit':{'conversationId':'g:club','seq':'3','content':{'text':{'body':'x'}}}}",
                "RECALL_MESSAGE | {'id':'7','recall':{'conversationId':'g:club','seq':'3'}}",
                "DELETE_FOR_ME  | {'id':'7','deleteForMe':{'conversationId':'g:club','seqs':['3']}}",
                "REACT          | {'id':'7','react':{'conversationId':'g:club','seq':'3','reaction':'+1'}}",
                "PIN_MESSAGE    | {'id':'7','pin':{'conversationId':'g:club','seq':'3'}}",
                "GROUP          | {'id':'7','group':{'conversationId':'g:club','leave':{}}}",
                "FRIEND         | {'id':'7','friend':{'conversationId':'p:alice:bob','request':{}}}",
                "MARK_READ      | {'id':'7','markRead':{'conversationId':'g:club','seq':'3'}}",
                "SEND_MESSAGE   | {'id':'7','send':{'conversationId':'g:club','clientMsgId':'m',"
                        + "'content':{'text':{'body':'x'}}}}"
            })
    void each_wish_becomes_a_command_of_the_user_and_is_accepted(Command.BodyCase body, String json) {
        say(json);

        Command command = log.commands().getLast();
        assertEquals(body, command.getBodyCase());
        assertEquals(body == Command.BodyCase.FRIEND ? "p:alice:bob" : "g:club", command.getConversationId());
        assertEquals("alice", command.getActor());
        assertFalse(command.getAsSystem());
        assertEquals("7", command.getOrigin().getFrameId());
        assertEquals(3, command.getOrigin().getGatewaySlot());
        ServerFrame answer = transport.heard().getLast();
        assertEquals("7", answer.getId());
        assertEquals(command.getCommandId(), answer.getAccepted().getCommandId());
    }

    @Test
    void what_a_message_brings_along_is_taken_over_but_for_what_others_decide() {
        say("{'id':'1','send':{'conversationId':'p:alice:bob','clientMsgId':'m','content':{'text':{'body':'x'}},"
                + "'replyTo':{'seq':'4','quote':'q','messageId':'forged','sender':'forged'},"
                + "'mentions':{'userIds':['bob']},'expiresAt':'2030-01-01T00:00:00Z','flags':{'noPush':true}}}");

        var message = log.commands().getLast().getSendMessage();
        assertEquals(ReplyTo.newBuilder().setSeq(4).build(), message.getReplyTo());
        assertEquals(List.of("bob"), message.getMentions().getUserIdsList());
        assertEquals(1_893_456_000, message.getExpiresAt().getSeconds());
        assertTrue(message.getFlags().getNoPush());
        assertFalse(message.hasForwardedFrom());
    }

    @Test
    void a_clients_operation_id_goes_along_with_its_command() {
        say(
                "{'id':'1','operationId':'op-1','edit':{'conversationId':'p:alice:bob','seq':'1','content':{'text':{'body':'x'}}}}");

        assertEquals("op-1", log.commands().getLast().getOperationId());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "SEQ_OUT_OF_RANGE           | {'edit':{'conversationId':'g:club','content':{'text':{'body':'x'}}}}",
                "CONTENT_EMPTY              | {'edit':{'conversationId':'g:club','seq':'1'}}",
                "SEQ_OUT_OF_RANGE           | {'recall':{'conversationId':'g:club','seq':'-1'}}",
                "INVALID_ARGUMENT           | {'deleteForMe':{'conversationId':'g:club'}}",
                "INVALID_ARGUMENT           | {'react':{'conversationId':'g:club','seq':'1','reaction':''}}",
                "SEQ_OUT_OF_RANGE           | {'pin':{'conversationId':'g:club','seq':'0'}}",
                "INVALID_CONVERSATION_ID    | {'pin':{'conversationId':'club','seq':'1'}}",
                "WRONG_KIND_OF_CONVERSATION | {'group':{'conversationId':'p:alice:bob','leave':{}}}",
                "INVALID_ARGUMENT           | {'group':{'conversationId':'g:club'}}",
                "INVALID_USER_ID            | {'group':{'conversationId':'g:club','addMembers':{'userIds':['no one']}}}",
                "WRONG_KIND_OF_CONVERSATION | {'friend':{'conversationId':'g:club','accept':{}}}",
                "INVALID_ARGUMENT           | {'friend':{'conversationId':'p:alice:bob'}}",
                "SEQ_OUT_OF_RANGE           | {'send':{'conversationId':'g:club','clientMsgId':'m',"
                        + "'content':{'text':{'body':'x'}},'replyTo':{'quote':'q'}}}",
                "INVALID_USER_ID            | {'send':{'conversationId':'g:club','clientMsgId':'m',"
                        + "'content':{'text':{'body':'x'}},'mentions':{'userIds':['*']}}}",
                "NOT_A_MEMBER               | {'send':{'conversationId':'r:lobby','clientMsgId':'m',"
                        + "'content':{'text':{'body':'x'}}}}",
                "NOT_A_MEMBER               | {'react':{'conversationId':'r:lobby','seq':'1','reaction':'x'}}",
                "INVALID_CONVERSATION_ID    | {'room':{'conversationId':'lobby','join':{}}}",
                "WRONG_KIND_OF_CONVERSATION | {'room':{'conversationId':'g:club','join':{}}}",
                "INVALID_ARGUMENT           | {'room':{'conversationId':'r:lobby'}}",
                "INVALID_ARGUMENT           | {'send':{'conversationId':'p:alice:bob','clientMsgId':'m',"
                        + "'content':{'text':{'body':'x'}},'forward':{'conversationId':'p:alice:bob','seq':'1'}}}",
                "INVALID_CONVERSATION_ID    | {'send':{'conversationId':'p:alice:bob','clientMsgId':'m',"
                        + "'forward':{'conversationId':'bob','seq':'1'}}}",
                "SEQ_OUT_OF_RANGE           | {'send':{'conversationId':'p:alice:bob','clientMsgId':'m',"
                        + "'forward':{'conversationId':'p:alice:bob','seq':'0'}}}"
            })
    void what_no_conversation_could_accept_is_refused_and_not_written(Refusal.Reason reason, String json) {
        int written = log.commands().size();

        say(json);

        ServerFrame answer = transport.heard().getLast();
        assertEquals(reason, answer.getRefused().getReason(), answer::toString);
        assertFalse(answer.getRefused().getMessage().isBlank());
        assertEquals(written, log.commands().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'pull':{'conversationId':'nonsense','fromSeq':'1'}}",
                "{'pull':{'conversationId':'r:lobby','fromSeq':'0'}}",
                "{'pull':{'conversationId':'g:club','fromSeq':'5','toSeq':'4'}}"
            })
    void a_pull_of_nothing_that_could_be_is_an_invalid_argument(String json) {
        say(json);

        assertEquals(
                Error.Code.INVALID_ARGUMENT,
                transport.heard().getLast().getError().getCode());
    }

    @Test
    void whatever_became_of_a_command_is_said_after_accepted() {
        log.waits(true);
        say("{'id':'1','recall':{'conversationId':'g:club','seq':'3'}}");
        Command command = log.commands().getLast();

        answer(command, Answer.newBuilder().setApplied(Applied.newBuilder().setUnchanged(true)));
        log.confirm();

        List<ServerFrame> heard = transport.heard();
        assertEquals(2, heard.size());
        assertTrue(heard.getFirst().hasAccepted());
        assertTrue(heard.getLast().getApplied().getUnchanged());
    }

    @Test
    void a_description_of_a_group_is_handed_on() {
        say("{'id':'1','group':{'conversationId':'g:club','describe':{}}}");

        answer(
                log.commands().getLast(),
                Answer.newBuilder().setGroup(GroupDescription.newBuilder().setMemberCount(5)));

        assertEquals(5, transport.heard().getLast().getGroup().getMemberCount());
    }

    // --- frames

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'id':'7','send':{'conversationId':'p:alice:bob','clientMsgId':'m','content':{'text':{'body':'a\\ud83db'}}}}",
                "{'id':'7','send':{'conversationId':'p:alice:bob','clientMsgId':'m\\udead','content':{'text':{'body':'x'}}}}",
                "{'id':'7','friend':{'conversationId':'p:alice:bob','setRemark':{'remark':'\\ud83d'}}}",
                "{'id':'7','heartbeat':{}}{'id':'8','heartbeat':{}}",
                "{'id':'7','heartbeat':{}} trailing",
                "{'id':'7','id':'7','heartbeat':{}}",
                "{'id':'7','send':{'conversationId':'p:alice:bob','clientMsgId':'m','expiresAt':'2030-02-30T00:00:00Z'}}",
                "{'id':'7','send':{'conversationId':'p:alice:bob','clientMsgId':'m','expiresAt':'2030-01-01T24:00:00Z'}}"
            })
    void what_is_not_exactly_one_frame_of_json_is_an_invalid_frame_with_its_id(String json) {
        int written = log.commands().size();

        say(json);

        ServerFrame answer = transport.heard().getLast();
        assertEquals(Error.Code.INVALID_FRAME, answer.getError().getCode());
        assertEquals("7", answer.getId());
        assertEquals(written, log.commands().size());
    }

    @Test
    void an_id_is_limited_in_bytes_and_the_error_carries_its_beginning() {
        say("{'id':'" + "\u4e2d".repeat(22) + "','heartbeat':{}}");

        ServerFrame answer = transport.heard().getLast();
        assertEquals(Error.Code.INVALID_ARGUMENT, answer.getError().getCode());
        assertEquals(
                "id has 66 bytes; at most 64 are allowed", answer.getError().getMessage());
        assertEquals("\u4e2d".repeat(21), answer.getId());
    }

    // --- a log that fails

    @Test
    void what_was_sent_behind_a_command_that_failed_is_not_appended_either() {
        log.fails(true);
        say("{'id':'1','recall':{'conversationId':'g:club','seq':'3'}}");
        log.fails(false);
        int appended = log.commands().size();

        say("{'id':'2','recall':{'conversationId':'g:club','seq':'4'}}");

        List<ServerFrame> heard = transport.heard();
        assertEquals(
                List.of(Error.Code.UNAVAILABLE, Error.Code.UNAVAILABLE),
                heard.stream().map(frame -> frame.getError().getCode()).toList());
        assertTrue(heard.stream().noneMatch(frame -> frame.getError().getOutcomeUnknown()));
        assertEquals("2", heard.getLast().getId());
        assertEquals(appended, log.commands().size());
    }

    @Test
    void a_command_that_is_not_confirmed_in_time_has_an_unknown_outcome_and_keeps_its_place_before_later_ones() {
        log.waits(true);
        say("{'id':'1','recall':{'conversationId':'g:club','seq':'3'}}");
        log.timeOut();
        say("{'id':'2','recall':{'conversationId':'g:club','seq':'4'}}");
        log.confirm();

        List<ServerFrame> heard = transport.heard();
        assertEquals(Error.Code.UNAVAILABLE, heard.getFirst().getError().getCode());
        assertTrue(heard.getFirst().getError().getOutcomeUnknown());
        assertTrue(heard.getFirst().getError().getRetryable());
        assertTrue(heard.getLast().hasAccepted());
        assertEquals(
                List.of(3L, 4L),
                log.commands().stream()
                        .map(command -> command.getRecallMessage().getSeq())
                        .toList());
    }

    // --- forwarding

    @Test
    void a_forward_says_again_what_history_has_and_where_it_was_said() {
        history.add(said("p:alice:bob", 1));

        say("{'id':'1','send':{'conversationId':'p:alice:carol','clientMsgId':'m',"
                + "'forward':{'conversationId':'p:alice:bob','seq':'1'}}}");

        var message = log.commands().getLast().getSendMessage();
        assertEquals("message 1", message.getContent().getText().getBody());
        assertEquals(
                ForwardedFrom.newBuilder()
                        .setConversationId("p:alice:bob")
                        .setSeq(1)
                        .setSender("bob")
                        .setSentAt(Timestamps.fromMillis(1))
                        .build(),
                message.getForwardedFrom());
        assertTrue(transport.heard().getLast().hasAccepted());
    }

    @Test
    void what_others_said_among_themselves_cannot_be_forwarded() {
        history.add(said("p:bob:carol", 1));
        int written = log.commands().size();

        say("{'id':'1','send':{'conversationId':'p:alice:carol','clientMsgId':'m',"
                + "'forward':{'conversationId':'p:bob:carol','seq':'1'}}}");

        assertEquals(
                Error.Code.FORBIDDEN, transport.heard().getLast().getError().getCode());
        assertEquals(written, log.commands().size());
    }

    @Test
    void what_history_does_not_hold_yet_can_be_forwarded_later() {
        say("{'id':'1','send':{'conversationId':'p:alice:carol','clientMsgId':'m',"
                + "'forward':{'conversationId':'p:alice:bob','seq':'1'}}}");

        Error error = transport.heard().getLast().getError();
        assertEquals(Error.Code.UNAVAILABLE, error.getCode());
        assertTrue(error.getRetryable());
    }

    // --- history

    @Test
    void of_a_group_only_the_part_is_pulled_that_the_user_may_see() {
        LongStream.rangeClosed(1, 9).forEach(seq -> history.add(said("g:club", seq)));
        say("{'id':'1','pull':{'conversationId':'g:club','fromSeq':'1'}}");

        answerAccess(4, 6);

        var events = transport.heard().getLast().getEvents();
        assertEquals(
                List.of(4L, 5L, 6L),
                events.getEventsList().stream().map(ConversationEvent::getSeq).toList());
        assertEquals(6, events.getHeadSeq());
        assertTrue(events.getComplete());
    }

    @Test
    void of_a_group_the_user_never_belonged_to_nothing_is_pulled() {
        say("{'id':'1','pull':{'conversationId':'g:club','fromSeq':'1'}}");

        answerAccess(0, 0);

        assertEquals(
                Error.Code.FORBIDDEN, transport.heard().getLast().getError().getCode());
    }

    @Test
    void a_range_before_the_user_came_is_forbidden() {
        say("{'id':'1','pull':{'conversationId':'g:club','fromSeq':'1','toSeq':'3'}}");

        answerAccess(4, 0);

        assertEquals(
                Error.Code.FORBIDDEN, transport.heard().getLast().getError().getCode());
    }

    @Test
    void a_room_is_pulled_from_inside_only() {
        say("{'id':'1','pull':{'conversationId':'r:lobby','fromSeq':'1'}}");
        assertEquals(
                Error.Code.FORBIDDEN, transport.heard().getLast().getError().getCode());

        joinRoom();
        say("{'id':'2','pull':{'conversationId':'r:lobby','fromSeq':'1'}}");

        assertTrue(transport.heard().getLast().getEvents().getComplete());
    }

    // --- rooms

    @Test
    void joining_is_answered_by_accepted_and_applied_and_once_it_is_known_by_the_head_and_the_newest_events() {
        LongStream.rangeClosed(1, 60).forEach(seq -> history.add(said("r:lobby", seq)));

        say("{'id':'5','room':{'conversationId':'r:lobby','join':{}}}");
        assertTrue(transport.heard().getLast().hasAccepted());
        letIn();
        assertTrue(transport.heard().getLast().hasApplied());
        assertEquals(1, log.commands().getLast().getSubscribeGateway().getSessions());

        feed(Delivery.newBuilder().setHeadNotice(head("r:lobby", 60)));
        List<ServerFrame> heard = transport.heard();
        assertEquals(2, heard.size());
        assertEquals("5", heard.getFirst().getId());
        assertEquals(60, heard.getFirst().getHead().getLastSeq());
        assertEquals("5", heard.getLast().getId());
        assertEquals(50, heard.getLast().getEvents().getEventsCount());
        assertEquals(11, heard.getLast().getEvents().getEvents(0).getSeq());
        assertEquals(11, heard.getLast().getEvents().getFromSeq());
        assertEquals(60, heard.getLast().getEvents().getToSeq());
        assertFalse(heard.getLast().getEvents().getComplete());
    }

    @Test
    void who_joins_where_others_are_already_hears_the_head_at_once() {
        FakeTransport bobs = new FakeTransport();
        ClientSession bob = session(bobs);
        opened(bob, bobs, "bob");
        joinRoom();
        followed(said("r:lobby", 1), "");

        bob.onText(json("{'id':'1','room':{'conversationId':'r:lobby','join':{}}}"));
        letIn();

        assertEquals(1, bobs.heard().get(2).getHead().getLastSeq());
        assertEquals(
                1, log.commands().stream().filter(Command::hasSubscribeGateway).count());
    }

    @Test
    void who_is_not_let_into_a_room_is_not_in_it() {
        say("{'id':'5','room':{'conversationId':'r:lobby','join':{}}}");
        answer(
                log.commands().getLast(),
                Answer.newBuilder().setRefusal(Refusal.newBuilder().setReason(Refusal.Reason.BANNED)));

        assertEquals(
                Refusal.Reason.BANNED, transport.heard().getLast().getRefused().getReason());
        assertTrue(log.commands().stream().noneMatch(Command::hasSubscribeGateway));
        followed(said("r:lobby", 1), "");
        assertEquals(List.of(), transport.heardSeqs());
    }

    @Test
    void who_has_left_while_he_was_at_the_door_is_not_in_the_room() {
        say("{'id':'5','room':{'conversationId':'r:lobby','join':{}}}");
        Command entering = log.commands().getLast();
        say("{'id':'6','room':{'conversationId':'r:lobby','leave':{}}}");

        answer(entering, Answer.newBuilder().setApplied(Applied.getDefaultInstance()));

        assertTrue(log.commands().stream().noneMatch(Command::hasSubscribeGateway));
    }

    @Test
    void who_is_in_a_room_can_talk_there_and_hears_the_others_but_not_himself() {
        joinRoom();

        say("{'id':'2','send':{'conversationId':'r:lobby','clientMsgId':'m','content':{'text':{'body':'x'}}}}");
        followed(said("r:lobby", 1), sessionId);
        followed(said("r:lobby", 2), "somebody");

        assertTrue(log.commands().getLast().hasSendMessage());
        assertEquals(List.of(2L), transport.heardSeqs());
    }

    @Test
    void who_has_left_a_room_hears_no_more_of_it_and_cannot_talk_there() {
        joinRoom();

        say("{'id':'2','room':{'conversationId':'r:lobby','leave':{}}}");
        assertTrue(transport.heard().getLast().hasAccepted());

        followed(said("r:lobby", 1), "");
        say("{'id':'3','send':{'conversationId':'r:lobby','clientMsgId':'m','content':{'text':{'body':'x'}}}}");
        assertEquals(
                Refusal.Reason.NOT_A_MEMBER,
                transport.heard().getLast().getRefused().getReason());
    }

    @Test
    void a_connection_is_in_a_limited_number_of_rooms() {
        for (int room = 0; room < Rooms.MAX_ROOMS; room++) {
            say("{'room':{'conversationId':'r:" + room + "','join':{}}}");
        }
        say("{'room':{'conversationId':'r:0','join':{}}}");
        assertTrue(transport.heard().getLast().hasAccepted());

        say("{'room':{'conversationId':'r:more','join':{}}}");

        assertEquals(
                Refusal.Reason.TOO_MANY,
                transport.heard().getLast().getRefused().getReason());
    }

    @Test
    void when_the_socket_ends_so_does_all_following() {
        joinRoom();

        alice.onClosed();
        sessions.tick(System.nanoTime());

        assertEquals(0, log.commands().getLast().getSubscribeGateway().getSessions());
    }

    // --- large groups and broadcasts

    @Test
    void large_groups_are_followed_from_the_beginning() {
        feed(Delivery.newBuilder()
                .setFollow(Follow.newBuilder().setSessionId(sessionId).addConversationIds("g:club")));

        followed(said("g:club", 7), "");

        assertEquals(List.of(7L), transport.heardSeqs());
    }

    @Test
    void who_comes_to_a_large_group_by_name_follows_it_and_hears_each_event_once() {
        byName(said("g:club", 7), true);
        followed(said("g:club", 7), "");
        followed(said("g:club", 8), "");
        byName(said("g:club", 8), true);

        assertEquals(List.of(7L, 8L), transport.heardSeqs());
    }

    @Test
    void who_was_removed_hears_late_of_what_was_before_and_of_nothing_after() {
        feed(Delivery.newBuilder()
                .setFollow(Follow.newBuilder()
                        .setSessionId(sessionId)
                        .addConversationIds("g:club")
                        .addJoinedSeqs(2)));
        followed(removed("g:club", "alice", 7), "");
        byName(said("g:club", 6), true);

        followed(said("g:club", 8), "");

        assertEquals(List.of(7L, 6L), transport.heardSeqs());
    }

    @Test
    void what_comes_by_name_after_newer_events_came_by_following_is_not_lost() {
        byName(said("g:club", 7), true);
        followed(said("g:club", 9), "");
        byName(said("g:club", 8), true);

        assertEquals(List.of(7L, 9L, 8L), transport.heardSeqs());
    }

    @Test
    void who_is_removed_hears_that_and_follows_no_longer() {
        byName(said("g:club", 7), true);

        byName(
                ConversationEvent.newBuilder()
                        .setConversationId("g:club")
                        .setSeq(8)
                        .setMembersRemoved(MembersRemoved.newBuilder().addUserIds("alice"))
                        .build(),
                false);
        followed(said("g:club", 9), "");

        assertEquals(List.of(7L, 8L), transport.heardSeqs());
    }

    @Test
    void a_broadcast_goes_to_the_sessions_of_the_users_of_each_inbox_partition() {
        FakeTransport bobs = new FakeTransport();
        opened(session(bobs), bobs, "bob");
        int bobsPartition = UserId.inboxPartition("bob", INBOX_PARTITIONS);
        assertNotEquals(bobsPartition, UserId.inboxPartition("alice", INBOX_PARTITIONS));

        broadcast(said("b:news", 1), bobsPartition);
        assertEquals(List.of(), transport.heardSeqs());
        assertEquals(List.of(1L), bobs.heardSeqs());

        broadcast(said("b:news", 1), UserId.inboxPartition("alice", INBOX_PARTITIONS));
        broadcast(said("b:news", 1), bobsPartition);
        assertEquals(List.of(1L), transport.heardSeqs());
        assertEquals(List.of(), bobs.heardSeqs());
        assertEquals(List.of(), log.commands());
    }

    @Test
    void what_happens_before_the_client_is_connected_is_said_after_it() {
        FakeTransport bobs = new FakeTransport();
        ClientSession bob = session(bobs);
        String bobsId = opening(bob, "bob");
        broadcast(said("b:news", 1), UserId.inboxPartition("bob", INBOX_PARTITIONS));
        assertEquals(List.of(), bobs.heard());

        feed(Delivery.newBuilder().setSessionReady(SessionReady.newBuilder().setSessionId(bobsId)));

        List<ServerFrame> heard = bobs.heard();
        assertTrue(heard.getFirst().hasConnected());
        assertEquals(1, heard.getLast().getEvents().getDeliverySeq());
    }

    // --- expiry

    @Test
    void what_has_expired_is_not_delivered_but_counted() {
        ConversationEvent expired = said("p:alice:bob", 1).toBuilder()
                .setMessageSent(MessageSent.newBuilder().setExpiresAt(Timestamps.fromMillis(1)))
                .build();

        byName(expired, false);
        byName(said("p:alice:bob", 2), false);

        assertEquals(List.of(2L), transport.heardSeqs());
        assertEquals(1, metrics.meter("tidings.gateway.deliveries.expired").getCount());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 10_000, 600_000, -600_000})
    void whether_a_message_has_expired_is_decided_by_the_time_of_the_log(long machineIsBehindMillis) {
        logMillis.set(System.currentTimeMillis() + machineIsBehindMillis);

        byName(expiringAt(1, logMillis.get() + 1), false);
        byName(expiringAt(2, logMillis.get()), false);

        assertEquals(List.of(1L), transport.heardSeqs());
    }

    @Test
    void the_time_that_a_heartbeat_is_answered_with_is_that_of_the_log() {
        logMillis.set(1_700_000_000_123L);

        say("{'id':'h','heartbeat':{}}");

        assertEquals(
                Timestamps.fromMillis(1_700_000_000_123L),
                transport.heard().getLast().getHeartbeat().getServerTime());
    }

    @Test
    void a_gateway_cut_off_from_kafka_sends_its_clients_elsewhere_until_it_reaches_kafka_again() {
        sessions.setCutOff(true);

        Disconnect told = transport.heard().getLast().getDisconnect();
        assertEquals(Disconnect.Code.DRAINING, told.getCode());
        assertTrue(told.getReconnect());
        assertEquals(5_000, told.getAfterMs());

        FakeTransport late = new FakeTransport();
        sessions.connected(session(late));
        assertEquals(
                Disconnect.Code.DRAINING, late.heard().getLast().getDisconnect().getCode());

        sessions.setCutOff(false);
        FakeTransport again = new FakeTransport();
        sessions.connected(session(again));
        assertEquals(List.of(), again.heard());
    }

    @ParameterizedTest
    @ValueSource(strings = {"user alice", "device phone", "address 127.0.0.0/8"})
    void a_session_ends_when_its_user_device_or_address_is_banned(String subject) {
        bans.accept(ban(subject));
        sessions.endBanned();

        Disconnect told = transport.heard().getLast().getDisconnect();
        assertEquals(Disconnect.Code.BANNED, told.getCode());
        assertFalse(told.getReconnect());
        assertEquals(Transport.CloseReason.BANNED, transport.closed());
        assertEquals(sessionId, log.userCommands().getLast().getCloseSession().getSessionId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"user bob", "device web-1", "address 127.0.0.1"})
    void connect_is_refused_to_a_banned_user_device_or_address(String subject) {
        bans.accept(ban(subject));
        int before = log.userCommands().size();

        FakeTransport bobs = new FakeTransport();
        session(bobs).onText(json("{'id':'1','connect':{'token':'bob','deviceId':'web-1','platform':'WEB'}}"));

        Disconnect told = bobs.heard().getLast().getDisconnect();
        assertEquals(Disconnect.Code.BANNED, told.getCode());
        assertFalse(told.getReconnect());
        assertEquals(before, log.userCommands().size());
    }

    @Test
    void a_ban_of_others_and_one_that_is_over_end_no_session() {
        bans.accept(ban("user bob"));
        bans.accept(ban("user alice").toBuilder()
                .setUntil(Timestamps.fromMillis(logMillis.get()))
                .build());
        sessions.endBanned();

        assertEquals(List.of(), transport.heard());
    }

    private static Ban ban(String subject) {
        String what = subject.substring(subject.indexOf(' ') + 1);
        return switch (subject.substring(0, subject.indexOf(' '))) {
            case "user" -> Ban.newBuilder().setUserId(what).build();
            case "device" -> Ban.newBuilder().setDeviceId(what).build();
            default -> Ban.newBuilder().setAddress(what).build();
        };
    }

    private static ConversationEvent expiringAt(long seq, long atMillis) {
        ConversationEvent.Builder event = said("p:alice:bob", seq).toBuilder();
        event.getMessageSentBuilder().setExpiresAt(Timestamps.fromMillis(atMillis));
        return event.build();
    }

    // --- the world around

    private HistoryRange read(String conversationId, long fromSeq, long toSeq, int limit) {
        List<ConversationEvent> all = history.stream()
                .filter(event -> event.getConversationId().equals(conversationId))
                .toList();
        List<ConversationEvent> wanted = all.stream()
                .filter(event -> event.getSeq() >= fromSeq && event.getSeq() <= toSeq)
                .toList();
        List<ConversationEvent> newest = wanted.subList(Math.max(0, wanted.size() - limit), wanted.size());
        long to = Math.min(toSeq, all.size());
        long from = to - newest.size() + 1;
        return new HistoryRange(newest, from, to, from <= fromSeq, all.size());
    }

    private ClientSession session(FakeTransport to) {
        return new ClientSession(to, TERMS, sessions, following, api, token -> token, openings);
    }

    private String opened(ClientSession session, FakeTransport to, String userId) {
        String id = opening(session, userId);
        feed(Delivery.newBuilder().setSessionReady(SessionReady.newBuilder().setSessionId(id)));
        assertTrue(to.heard().getLast().hasConnected());
        return id;
    }

    private String opening(ClientSession session, String userId) {
        sessions.connected(session);
        session.onText(json("{'connect':{'token':'" + userId + "','deviceId':'phone'}}"));
        return log.userCommands().getLast().getOpenSession().getSession().getSessionId();
    }

    private void joinRoom() {
        say("{'id':'1','room':{'conversationId':'r:lobby','join':{}}}");
        letIn();
        feed(Delivery.newBuilder().setHeadNotice(head("r:lobby", 0)));
        transport.heard();
    }

    /** CONVERSATION has nothing against the last one who wants to join. */
    private void letIn() {
        Command entering = log.commands().getLast();
        assertTrue(entering.hasEnterRoom());
        answer(entering, Answer.newBuilder().setApplied(Applied.newBuilder().setConversationId("r:lobby")));
    }

    private void answerAccess(long fromSeq, long toSeq) {
        AccessRequest question = log.userCommands().getLast().getAccessRequest();
        feed(Delivery.newBuilder()
                .setAccessAnswer(AccessAnswer.newBuilder()
                        .setOrigin(question.getOrigin())
                        .setConversationId(question.getConversationId())
                        .setFromSeq(fromSeq)
                        .setToSeq(toSeq)));
    }

    private void answer(Command command, Answer.Builder answer) {
        feed(Delivery.newBuilder()
                .setAnswer(answer.setOrigin(command.getOrigin()).setCommandId(command.getCommandId())));
    }

    private void byName(ConversationEvent event, boolean follow) {
        feed(Delivery.newBuilder()
                .setEvent(EventDelivery.newBuilder()
                        .setEvent(event)
                        .addSessionIds(sessionId)
                        .setFollow(follow)));
    }

    private void followed(ConversationEvent event, String originSessionId) {
        feed(Delivery.newBuilder()
                .setFollowedEvent(FollowedEvent.newBuilder().setEvent(event).setOriginSessionId(originSessionId)));
    }

    private void broadcast(ConversationEvent event, int inboxPartition) {
        feed(Delivery.newBuilder()
                .setBroadcast(BroadcastDelivery.newBuilder()
                        .setEvent(event)
                        .setInboxPartition(inboxPartition)
                        .setInboxPartitions(INBOX_PARTITIONS)));
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

    private static HeadNotice head(String conversationId, long lastSeq) {
        return HeadNotice.newBuilder()
                .setConversationId(conversationId)
                .setLastSeq(lastSeq)
                .build();
    }

    private static ConversationEvent removed(String conversationId, String userId, long seq) {
        return ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSeq(seq)
                .setSentAt(Timestamps.fromMillis(1))
                .setMembersRemoved(MembersRemoved.newBuilder().addUserIds(userId))
                .build();
    }

    private static ConversationEvent said(String conversationId, long seq) {
        return ConversationEvent.newBuilder()
                .setConversationId(conversationId)
                .setSeq(seq)
                .setSentAt(Timestamps.fromMillis(1))
                .setMessageSent(MessageSent.newBuilder()
                        .setSender("bob")
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder().setBody("message " + seq))))
                .build();
    }
}
