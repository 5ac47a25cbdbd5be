package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
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
import dev.tidings.v1.MembersRemoved;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.SessionReady;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands, history, rooms, large groups and the end of one session. */
class ClientSessionTest {

    private static final int INBOX_PARTITIONS = 4;

    private final List<ConversationEvent> history = new ArrayList<>();
    private final TestGateway gateway =
            new TestGateway.Builder().history(this::read).build();
    private final RecordedLog log = gateway.log;
    private final Sessions sessions = gateway.sessions;
    private final FakeTransport transport = new FakeTransport();
    private final ClientSession alice = gateway.session(transport);
    private final String sessionId = gateway.open(alice, transport, "alice");

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
    void each_request_becomes_a_command_of_the_user_and_is_accepted(Command.BodyCase body, String json) {
        send(json);

        Command command = log.commands().getLast();
        assertEquals(body, command.getBodyCase());
        assertEquals(body == Command.BodyCase.FRIEND ? "p:alice:bob" : "g:club", command.getConversationId());
        assertEquals("alice", command.getActor());
        assertFalse(command.getAsSystem());
        assertEquals("7", command.getOrigin().getFrameId());
        assertEquals(3, command.getOrigin().getGatewaySlot());
        ServerFrame answer = transport.received().getLast();
        assertEquals("7", answer.getId());
        assertEquals(command.getCommandId(), answer.getAccepted().getCommandId());
    }

    @Test
    void fields_of_a_message_are_taken_over_except_those_that_the_server_sets() {
        send("{'id':'1','send':{'conversationId':'p:alice:bob','clientMsgId':'m','content':{'text':{'body':'x'}},"
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
        send(
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
    void an_invalid_command_is_refused_and_not_appended(Refusal.Reason reason, String json) {
        int written = log.commands().size();

        send(json);

        ServerFrame answer = transport.received().getLast();
        assertEquals(reason, answer.getRefused().getReason(), answer::toString);
        assertFalse(answer.getRefused().getMessage().isBlank());
        assertEquals(written, log.commands().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'pull':{'conversationId':'nonsense','fromSeq':'1'}}",
                "{'pull':{'conversationId':'r:lobby','fromSeq':'0'}}",
                "{'pull':{'conversationId':'g:club','fromSeq':'5','toSeq':'4'}}",
                "{'history':{'conversationId':'nonsense'}}",
                "{'history':{'conversationId':'p:alice:bob','limit':201}}",
                "{'history':{'conversationId':'p:alice:bob','limit':-1}}",
                "{'history':{'conversationId':'p:alice:bob','fromSeq':'-1'}}",
                "{'history':{'conversationId':'p:alice:bob','fromSeq':'5','toSeq':'4'}}",
                "{'history':{'conversationId':'p:alice:bob','beforeSeq':'1'}}",
                "{'history':{'conversationId':'p:alice:bob','afterSeq':'-1'}}",
                "{'history':{'conversationId':'p:alice:bob','afterSeq':'9223372036854775807'}}",
                "{'history':{'conversationId':'p:alice:bob','aroundSeq':'0'}}",
                "{'history':{'conversationId':'p:alice:bob','aroundSeq':'9','toSeq':'8'}}",
                "{'history':{'conversationId':'p:alice:bob','aroundSeq':'9','sentFrom':'2026-11-29T10:00:00Z'}}",
                "{'history':{'conversationId':'p:alice:bob','sentFrom':'2026-11-29T10:00:00Z','sentBefore':'2026-11-29T10:00:00Z'}}"
            })
    void a_read_of_an_impossible_range_is_an_invalid_argument(String json) {
        send(json);

        assertEquals(
                Error.Code.INVALID_ARGUMENT,
                transport.received().getLast().getError().getCode());
    }

    @Test
    void the_outcome_of_a_command_comes_after_accepted() {
        log.waits(true);
        send("{'id':'1','recall':{'conversationId':'g:club','seq':'3'}}");
        Command command = log.commands().getLast();

        answer(command, Answer.newBuilder().setApplied(Applied.newBuilder().setUnchanged(true)));
        log.confirm();

        List<ServerFrame> received = transport.received();
        assertEquals(2, received.size());
        assertTrue(received.getFirst().hasAccepted());
        assertTrue(received.getLast().getApplied().getUnchanged());
    }

    @Test
    void a_description_of_a_group_is_sent_to_the_client() {
        send("{'id':'1','group':{'conversationId':'g:club','describe':{}}}");

        answer(
                log.commands().getLast(),
                Answer.newBuilder().setGroup(GroupDescription.newBuilder().setMemberCount(5)));

        assertEquals(5, transport.received().getLast().getGroup().getMemberCount());
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
    void text_that_is_not_exactly_one_frame_is_an_invalid_frame_with_its_id(String json) {
        int written = log.commands().size();

        send(json);

        ServerFrame answer = transport.received().getLast();
        assertEquals(Error.Code.INVALID_FRAME, answer.getError().getCode());
        assertEquals("7", answer.getId());
        assertEquals(written, log.commands().size());
    }

    @Test
    void an_id_is_limited_in_bytes_and_the_error_carries_its_beginning() {
        send("{'id':'" + "\u4e2d".repeat(22) + "','heartbeat':{}}");

        ServerFrame answer = transport.received().getLast();
        assertEquals(Error.Code.INVALID_ARGUMENT, answer.getError().getCode());
        assertEquals(
                "id has 66 bytes; at most 64 are allowed", answer.getError().getMessage());
        assertEquals("\u4e2d".repeat(21), answer.getId());
    }

    // --- a log that fails

    @Test
    void a_command_sent_after_one_that_failed_is_not_appended_either() {
        log.fails(true);
        send("{'id':'1','recall':{'conversationId':'g:club','seq':'3'}}");
        log.fails(false);
        int appended = log.commands().size();

        send("{'id':'2','recall':{'conversationId':'g:club','seq':'4'}}");

        List<ServerFrame> received = transport.received();
        assertEquals(
                List.of(Error.Code.UNAVAILABLE, Error.Code.UNAVAILABLE),
                received.stream().map(frame -> frame.getError().getCode()).toList());
        assertTrue(received.stream().noneMatch(frame -> frame.getError().getOutcomeUnknown()));
        assertEquals("2", received.getLast().getId());
        assertEquals(appended, log.commands().size());
    }

    @Test
    void a_command_that_is_not_confirmed_in_time_has_an_unknown_outcome_and_keeps_its_place_before_later_ones() {
        log.waits(true);
        send("{'id':'1','recall':{'conversationId':'g:club','seq':'3'}}");
        log.timeOut();
        send("{'id':'2','recall':{'conversationId':'g:club','seq':'4'}}");
        log.confirm();

        List<ServerFrame> received = transport.received();
        assertEquals(Error.Code.UNAVAILABLE, received.getFirst().getError().getCode());
        assertTrue(received.getFirst().getError().getOutcomeUnknown());
        assertTrue(received.getFirst().getError().getRetryable());
        assertTrue(received.getLast().hasAccepted());
        assertEquals(
                List.of(3L, 4L),
                log.commands().stream()
                        .map(command -> command.getRecallMessage().getSeq())
                        .toList());
    }

    // --- forwarding

    @Test
    void a_forward_has_the_content_and_the_origin_of_the_message_in_history() {
        history.add(message("p:alice:bob", 1));

        send("{'id':'1','send':{'conversationId':'p:alice:carol','clientMsgId':'m',"
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
        assertTrue(transport.received().getLast().hasAccepted());
    }

    @Test
    void a_message_that_the_user_cannot_see_cannot_be_forwarded() {
        history.add(message("p:bob:carol", 1));
        int written = log.commands().size();

        send("{'id':'1','send':{'conversationId':'p:alice:carol','clientMsgId':'m',"
                + "'forward':{'conversationId':'p:bob:carol','seq':'1'}}}");

        assertEquals(
                Error.Code.FORBIDDEN, transport.received().getLast().getError().getCode());
        assertEquals(written, log.commands().size());
    }

    @Test
    void a_forward_of_a_message_that_history_does_not_hold_yet_is_retryable() {
        send("{'id':'1','send':{'conversationId':'p:alice:carol','clientMsgId':'m',"
                + "'forward':{'conversationId':'p:alice:bob','seq':'1'}}}");

        Error error = transport.received().getLast().getError();
        assertEquals(Error.Code.UNAVAILABLE, error.getCode());
        assertTrue(error.getRetryable());
    }

    // --- history

    @Test
    void a_pull_of_a_group_returns_only_the_visible_part() {
        LongStream.rangeClosed(1, 9).forEach(seq -> history.add(message("g:club", seq)));
        send("{'id':'1','pull':{'conversationId':'g:club','fromSeq':'1'}}");

        answerAccess(4, 6);

        var events = transport.received().getLast().getEvents();
        assertEquals(
                List.of(4L, 5L, 6L),
                events.getEventsList().stream().map(ConversationEvent::getSeq).toList());
        assertEquals(6, events.getHeadSeq());
        assertTrue(events.getComplete());
    }

    @Test
    void history_is_read_before_after_and_around_a_seq_and_by_time() {
        LongStream.rangeClosed(1, 9).forEach(seq -> history.add(message("p:alice:bob", seq)));

        assertEquals(List.of(8L, 9L), readHistory("'limit':2"));
        assertEquals(List.of(3L, 4L), readHistory("'beforeSeq':'5','limit':2"));
        assertEquals(List.of(1L, 2L), readHistory("'afterSeq':'0','limit':2"));
        assertEquals(List.of(6L, 7L), readHistory("'afterSeq':'5','limit':2"));
        assertEquals(List.of(4L, 5L, 6L), readHistory("'aroundSeq':'5','limit':3"));
        assertEquals(
                List.of(3L, 4L),
                readHistory("'sentFrom':'1970-01-01T00:00:00.003Z','sentBefore':'1970-01-01T00:00:00.005Z'"));
    }

    private List<Long> readHistory(String fields) {
        send("{'id':'1','history':{'conversationId':'p:alice:bob'," + fields + "}}");
        return transport.received().getLast().getEvents().getEventsList().stream()
                .map(ConversationEvent::getSeq)
                .toList();
    }

    @Test
    void a_pull_of_a_group_that_the_user_never_belonged_to_is_forbidden() {
        send("{'id':'1','pull':{'conversationId':'g:club','fromSeq':'1'}}");

        answerAccess(0, 0);

        assertEquals(
                Error.Code.FORBIDDEN, transport.received().getLast().getError().getCode());
    }

    @Test
    void a_range_before_the_user_joined_is_forbidden() {
        send("{'id':'1','pull':{'conversationId':'g:club','fromSeq':'1','toSeq':'3'}}");

        answerAccess(4, 0);

        assertEquals(
                Error.Code.FORBIDDEN, transport.received().getLast().getError().getCode());
    }

    @Test
    void a_room_can_be_pulled_only_by_a_session_in_it() {
        send("{'id':'1','pull':{'conversationId':'r:lobby','fromSeq':'1'}}");
        assertEquals(
                Error.Code.FORBIDDEN, transport.received().getLast().getError().getCode());

        joinRoom();
        send("{'id':'2','pull':{'conversationId':'r:lobby','fromSeq':'1'}}");

        assertTrue(transport.received().getLast().getEvents().getComplete());
    }

    // --- rooms

    @Test
    void a_join_is_answered_by_accepted_applied_the_head_and_the_newest_events() {
        LongStream.rangeClosed(1, 60).forEach(seq -> history.add(message("r:lobby", seq)));

        send("{'id':'5','room':{'conversationId':'r:lobby','join':{}}}");
        assertTrue(transport.received().getLast().hasAccepted());
        acceptJoin();
        assertTrue(transport.received().getLast().hasApplied());
        assertEquals(1, log.commands().getLast().getSubscribeGateway().getSessions());

        gateway.deliver(Delivery.newBuilder().setHeadNotice(head("r:lobby", 60)));
        List<ServerFrame> received = transport.received();
        assertEquals(2, received.size());
        assertEquals("5", received.getFirst().getId());
        assertEquals(60, received.getFirst().getHead().getLastSeq());
        assertEquals("5", received.getLast().getId());
        assertEquals(50, received.getLast().getEvents().getEventsCount());
        assertEquals(11, received.getLast().getEvents().getEvents(0).getSeq());
        assertEquals(11, received.getLast().getEvents().getFromSeq());
        assertEquals(60, received.getLast().getEvents().getToSeq());
        assertFalse(received.getLast().getEvents().getComplete());
    }

    @Test
    void a_join_of_a_room_with_a_known_head_is_answered_by_the_head_at_once() {
        FakeTransport bobs = new FakeTransport();
        ClientSession bob = gateway.session(bobs);
        gateway.open(bob, bobs, "bob");
        joinRoom();
        followed(message("r:lobby", 1), "");

        bob.onText(TestGateway.json("{'id':'1','room':{'conversationId':'r:lobby','join':{}}}"));
        acceptJoin();

        assertEquals(1, bobs.received().get(2).getHead().getLastSeq());
        assertEquals(
                1, log.commands().stream().filter(Command::hasSubscribeGateway).count());
    }

    @Test
    void a_session_whose_join_is_refused_is_not_in_the_room() {
        send("{'id':'5','room':{'conversationId':'r:lobby','join':{}}}");
        answer(
                log.commands().getLast(),
                Answer.newBuilder().setRefusal(Refusal.newBuilder().setReason(Refusal.Reason.BANNED)));

        assertEquals(
                Refusal.Reason.BANNED,
                transport.received().getLast().getRefused().getReason());
        assertTrue(log.commands().stream().noneMatch(Command::hasSubscribeGateway));
        followed(message("r:lobby", 1), "");
        assertEquals(List.of(), transport.receivedSeqs());
    }

    @Test
    void a_session_that_leaves_before_its_join_is_applied_is_not_in_the_room() {
        send("{'id':'5','room':{'conversationId':'r:lobby','join':{}}}");
        Command entering = log.commands().getLast();
        send("{'id':'6','room':{'conversationId':'r:lobby','leave':{}}}");

        answer(entering, Answer.newBuilder().setApplied(Applied.getDefaultInstance()));

        assertTrue(log.commands().stream().noneMatch(Command::hasSubscribeGateway));
    }

    @Test
    void a_session_in_a_room_can_send_and_receives_the_messages_of_others_but_not_its_own() {
        joinRoom();

        send("{'id':'2','send':{'conversationId':'r:lobby','clientMsgId':'m','content':{'text':{'body':'x'}}}}");
        followed(message("r:lobby", 1), sessionId);
        followed(message("r:lobby", 2), "another session");

        assertTrue(log.commands().getLast().hasSendMessage());
        assertEquals(List.of(2L), transport.receivedSeqs());
    }

    @Test
    void a_session_that_has_left_a_room_receives_nothing_from_it_and_cannot_send() {
        joinRoom();

        send("{'id':'2','room':{'conversationId':'r:lobby','leave':{}}}");
        assertTrue(transport.received().getLast().hasAccepted());

        followed(message("r:lobby", 1), "");
        send("{'id':'3','send':{'conversationId':'r:lobby','clientMsgId':'m','content':{'text':{'body':'x'}}}}");
        assertEquals(
                Refusal.Reason.NOT_A_MEMBER,
                transport.received().getLast().getRefused().getReason());
    }

    @Test
    void a_connection_is_in_at_most_a_hundred_rooms() {
        for (int room = 0; room < Rooms.MAX_ROOMS; room++) {
            send("{'room':{'conversationId':'r:" + room + "','join':{}}}");
        }
        send("{'room':{'conversationId':'r:0','join':{}}}");
        assertTrue(transport.received().getLast().hasAccepted());

        send("{'room':{'conversationId':'r:more','join':{}}}");

        assertEquals(
                Refusal.Reason.TOO_MANY,
                transport.received().getLast().getRefused().getReason());
    }

    @Test
    void the_close_of_the_socket_ends_all_subscriptions() {
        joinRoom();

        alice.onClosed();
        sessions.tick(System.nanoTime());

        assertEquals(0, log.commands().getLast().getSubscribeGateway().getSessions());
    }

    // --- large groups and broadcasts

    @Test
    void a_session_is_subscribed_to_its_large_groups_from_its_begin() {
        gateway.deliver(Delivery.newBuilder()
                .setFollow(Follow.newBuilder().setSessionId(sessionId).addConversationIds("g:club")));

        followed(message("g:club", 7), "");

        assertEquals(List.of(7L), transport.receivedSeqs());
    }

    @Test
    void an_addressed_event_of_a_large_group_subscribes_and_each_event_comes_once() {
        addressed(message("g:club", 7), true);
        followed(message("g:club", 7), "");
        followed(message("g:club", 8), "");
        addressed(message("g:club", 8), true);

        assertEquals(List.of(7L, 8L), transport.receivedSeqs());
    }

    @Test
    void a_removed_member_receives_late_events_from_before_the_removal_and_none_after_it() {
        gateway.deliver(Delivery.newBuilder()
                .setFollow(Follow.newBuilder()
                        .setSessionId(sessionId)
                        .addConversationIds("g:club")
                        .addJoinedSeqs(2)));
        followed(removed("g:club", "alice", 7), "");
        addressed(message("g:club", 6), true);

        followed(message("g:club", 8), "");

        assertEquals(List.of(7L, 6L), transport.receivedSeqs());
    }

    @Test
    void an_addressed_event_that_comes_after_newer_subscribed_events_is_delivered() {
        addressed(message("g:club", 7), true);
        followed(message("g:club", 9), "");
        addressed(message("g:club", 8), true);

        assertEquals(List.of(7L, 9L, 8L), transport.receivedSeqs());
    }

    @Test
    void a_removed_member_receives_the_removal_and_is_unsubscribed() {
        addressed(message("g:club", 7), true);

        addressed(
                ConversationEvent.newBuilder()
                        .setConversationId("g:club")
                        .setSeq(8)
                        .setMembersRemoved(MembersRemoved.newBuilder().addUserIds("alice"))
                        .build(),
                false);
        followed(message("g:club", 9), "");

        assertEquals(List.of(7L, 8L), transport.receivedSeqs());
    }

    @Test
    void a_broadcast_goes_to_the_sessions_of_the_users_of_each_inbox_partition() {
        FakeTransport bobs = new FakeTransport();
        gateway.open(gateway.session(bobs), bobs, "bob");
        int bobsPartition = UserId.inboxPartition("bob", INBOX_PARTITIONS);
        assertNotEquals(bobsPartition, UserId.inboxPartition("alice", INBOX_PARTITIONS));

        broadcast(message("b:news", 1), bobsPartition);
        assertEquals(List.of(), transport.receivedSeqs());
        assertEquals(List.of(1L), bobs.receivedSeqs());

        broadcast(message("b:news", 1), UserId.inboxPartition("alice", INBOX_PARTITIONS));
        broadcast(message("b:news", 1), bobsPartition);
        assertEquals(List.of(1L), transport.receivedSeqs());
        assertEquals(List.of(), bobs.receivedSeqs());
        assertEquals(List.of(), log.commands());
    }

    @Test
    void events_before_connected_are_sent_after_it() {
        FakeTransport bobs = new FakeTransport();
        ClientSession bob = gateway.session(bobs);
        String bobsId = gateway.connect(bob, "bob");
        broadcast(message("b:news", 1), UserId.inboxPartition("bob", INBOX_PARTITIONS));
        assertEquals(List.of(), bobs.received());

        gateway.deliver(
                Delivery.newBuilder().setSessionReady(SessionReady.newBuilder().setSessionId(bobsId)));

        List<ServerFrame> received = bobs.received();
        assertTrue(received.getFirst().hasConnected());
        assertEquals(1, received.getLast().getEvents().getDeliverySeq());
    }

    // --- expiry

    @Test
    void an_expired_message_is_not_delivered_but_counted() {
        ConversationEvent expired = message("p:alice:bob", 1).toBuilder()
                .setMessageSent(MessageSent.newBuilder().setExpiresAt(Timestamps.fromMillis(1)))
                .build();

        addressed(expired, false);
        addressed(message("p:alice:bob", 2), false);

        assertEquals(List.of(2L), transport.receivedSeqs());
        assertEquals(
                1, gateway.metrics.meter("tidings.gateway.deliveries.expired").getCount());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 10_000, 600_000, -600_000})
    void messages_expire_by_the_time_of_the_log(long machineIsBehindMillis) {
        gateway.logMillis.set(System.currentTimeMillis() + machineIsBehindMillis);

        addressed(expiringAt(1, gateway.logMillis.get() + 1), false);
        addressed(expiringAt(2, gateway.logMillis.get()), false);

        assertEquals(List.of(1L), transport.receivedSeqs());
    }

    @Test
    void a_heartbeat_is_answered_with_the_time_of_the_log() {
        gateway.logMillis.set(1_700_000_000_123L);

        send("{'id':'h','heartbeat':{}}");

        assertEquals(
                Timestamps.fromMillis(1_700_000_000_123L),
                transport.received().getLast().getHeartbeat().getServerTime());
    }

    @Test
    void a_gateway_cut_off_from_kafka_drains_its_clients_until_it_reaches_kafka_again() {
        sessions.setCutOff(true);

        Disconnect disconnect = transport.received().getLast().getDisconnect();
        assertEquals(Disconnect.Code.DRAINING, disconnect.getCode());
        assertTrue(disconnect.getReconnect());
        assertEquals(5_000, disconnect.getAfterMs());

        FakeTransport late = new FakeTransport();
        sessions.connected(gateway.session(late));
        assertEquals(
                Disconnect.Code.DRAINING,
                late.received().getLast().getDisconnect().getCode());

        sessions.setCutOff(false);
        FakeTransport again = new FakeTransport();
        sessions.connected(gateway.session(again));
        assertEquals(List.of(), again.received());
    }

    @ParameterizedTest
    @ValueSource(strings = {"user alice", "device phone", "address 127.0.0.0/8"})
    void a_session_ends_when_its_user_device_or_address_is_banned(String subject) {
        gateway.bans.accept(ban(subject));
        sessions.endExcluded();

        Disconnect disconnect = transport.received().getLast().getDisconnect();
        assertEquals(Disconnect.Code.BANNED, disconnect.getCode());
        assertFalse(disconnect.getReconnect());
        assertEquals(Transport.CloseReason.BANNED, transport.closed());
        assertEquals(sessionId, log.userCommands().getLast().getCloseSession().getSessionId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"user bob", "device web-1", "address 127.0.0.1"})
    void a_connect_of_a_banned_user_device_or_address_is_rejected(String subject) {
        gateway.bans.accept(ban(subject));
        int before = log.userCommands().size();

        FakeTransport bobs = new FakeTransport();
        gateway.session(bobs)
                .onText(TestGateway.json("{'id':'1','connect':{'token':'bob','deviceId':'web-1','platform':'WEB'}}"));

        Disconnect disconnect = bobs.received().getLast().getDisconnect();
        assertEquals(Disconnect.Code.BANNED, disconnect.getCode());
        assertFalse(disconnect.getReconnect());
        assertEquals(before, log.userCommands().size());
    }

    @Test
    void bans_of_others_and_bans_that_are_over_end_no_session() {
        gateway.bans.accept(ban("user bob"));
        gateway.bans.accept(ban("user alice").toBuilder()
                .setUntil(Timestamps.fromMillis(gateway.logMillis.get()))
                .build());
        sessions.endExcluded();

        assertEquals(List.of(), transport.received());
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
        ConversationEvent.Builder event = message("p:alice:bob", seq).toBuilder();
        event.getMessageSentBuilder().setExpiresAt(Timestamps.fromMillis(atMillis));
        return event.build();
    }

    // --- helpers

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

    private void joinRoom() {
        send("{'id':'1','room':{'conversationId':'r:lobby','join':{}}}");
        acceptJoin();
        gateway.deliver(Delivery.newBuilder().setHeadNotice(head("r:lobby", 0)));
        transport.received();
    }

    /** CONVERSATION accepts the last join. */
    private void acceptJoin() {
        Command entering = log.commands().getLast();
        assertTrue(entering.hasEnterRoom());
        answer(entering, Answer.newBuilder().setApplied(Applied.newBuilder().setConversationId("r:lobby")));
    }

    private void answerAccess(long fromSeq, long toSeq) {
        AccessRequest question = log.userCommands().getLast().getAccessRequest();
        gateway.deliver(Delivery.newBuilder()
                .setAccessAnswer(AccessAnswer.newBuilder()
                        .setOrigin(question.getOrigin())
                        .setConversationId(question.getConversationId())
                        .setFromSeq(fromSeq)
                        .setToSeq(toSeq)));
    }

    private void answer(Command command, Answer.Builder answer) {
        gateway.deliver(Delivery.newBuilder()
                .setAnswer(answer.setOrigin(command.getOrigin()).setCommandId(command.getCommandId())));
    }

    private void addressed(ConversationEvent event, boolean follow) {
        gateway.deliver(Delivery.newBuilder()
                .setEvent(EventDelivery.newBuilder()
                        .setEvent(event)
                        .addSessionIds(sessionId)
                        .setFollow(follow)));
    }

    private void followed(ConversationEvent event, String originSessionId) {
        gateway.deliver(Delivery.newBuilder()
                .setFollowedEvent(FollowedEvent.newBuilder().setEvent(event).setOriginSessionId(originSessionId)));
    }

    private void broadcast(ConversationEvent event, int inboxPartition) {
        gateway.deliver(Delivery.newBuilder()
                .setBroadcast(BroadcastDelivery.newBuilder()
                        .setEvent(event)
                        .setInboxPartition(inboxPartition)
                        .setInboxPartitions(INBOX_PARTITIONS)));
    }

    private void send(String json) {
        alice.onText(TestGateway.json(json));
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

    private static ConversationEvent message(String conversationId, long seq) {
        return TestGateway.message(conversationId, seq, "bob", "message " + seq).toBuilder()
                .setSentAt(Timestamps.fromMillis(1))
                .build();
    }
}
