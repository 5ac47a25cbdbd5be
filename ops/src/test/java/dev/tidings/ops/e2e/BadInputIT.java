package dev.tidings.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.v1.Ack;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Error;
import dev.tidings.v1.Forward;
import dev.tidings.v1.Heartbeat;
import dev.tidings.v1.MarkConversationRead;
import dev.tidings.v1.Pull;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Send;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.Sync;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Invalid input is answered with an error code. The connection continues, or is closed with a reason. */
class BadInputIT {

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.shared();

    @SuppressWarnings("NullAway.Init") // by connect()
    private ChatClient mallory;

    @BeforeEach
    void connect() {
        mallory = ChatClient.signedIn(tidings.url(), "mallory", "phone", Subprotocol.JSON);
    }

    @AfterEach
    void disconnect() {
        mallory.close();
    }

    @Test
    void broken_json_is_an_invalid_frame() {
        mallory.writeRaw("{broken");
        assertError(Error.Code.INVALID_FRAME, mallory.awaitFrame(ServerFrame::hasError));
        assertStillServed();
    }

    @Test
    void an_unknown_field_is_an_invalid_frame_and_the_answer_has_the_frames_id() {
        mallory.writeRaw("{\"id\":\"x\",\"send\":{\"sender\":\"bob\",\"conversationId\":\"p:alice:bob\"}}");
        ServerFrame answer = mallory.awaitFrame(ServerFrame::hasError);
        assertError(Error.Code.INVALID_FRAME, answer);
        assertEquals("x", answer.getId());
        assertStillServed();
    }

    @Test
    void a_frame_without_a_body_is_an_invalid_frame() {
        assertError(Error.Code.INVALID_FRAME, mallory.request(ClientFrame.newBuilder(), ServerFrame::hasError));
        assertStillServed();
    }

    @Test
    void bytes_on_the_text_subprotocol_are_an_invalid_frame() {
        mallory.writeRaw(new byte[] {1, 2, 3});
        assertError(Error.Code.INVALID_FRAME, mallory.awaitFrame(ServerFrame::hasError));
        assertStillServed();
    }

    @Test
    void bytes_that_are_no_protobuf_are_an_invalid_frame() {
        try (ChatClient binary = ChatClient.signedIn(tidings.url(), "mallory", "tablet", Subprotocol.PROTO)) {
            binary.writeRaw(new byte[] {-1, -1, -1, -1});
            assertError(Error.Code.INVALID_FRAME, binary.awaitFrame(ServerFrame::hasError));
        }
    }

    @Test
    void an_id_that_is_too_long_is_an_invalid_argument() {
        mallory.writeRaw("{\"id\":\"" + "x".repeat(65) + "\",\"heartbeat\":{}}");
        assertError(Error.Code.INVALID_ARGUMENT, mallory.awaitFrame(ServerFrame::hasError));
        assertStillServed();
    }

    @Test
    void a_message_to_a_conversation_that_does_not_exist_is_refused() {
        assertRefused(Refusal.Reason.CONVERSATION_NOT_FOUND, ChatClient.text("g:nowhere", "m1", "anyone?"));
    }

    @Test
    void a_message_to_a_conversation_of_others_is_refused() {
        assertRefused(Refusal.Reason.NOT_A_MEMBER, ChatClient.text("p:alice:bob", "m1", "I am alice"));
    }

    @Test
    void a_message_to_oneself_is_refused() {
        assertRefused(Refusal.Reason.CONVERSATION_WITH_ONESELF, ChatClient.text("p:mallory:mallory", "m1", "me"));
    }

    @Test
    void an_invalid_conversation_id_is_refused() {
        assertRefused(Refusal.Reason.INVALID_CONVERSATION_ID, ChatClient.text("p:zoe:mallory", "m1", "unsorted"));
        assertRefused(Refusal.Reason.INVALID_CONVERSATION_ID, ChatClient.text("", "m2", "nowhere"));
    }

    @Test
    void a_text_of_more_than_64_kilobytes_is_refused() {
        assertRefused(Refusal.Reason.CONTENT_TOO_LARGE, ChatClient.text("p:bob:mallory", "m1", "x".repeat(70_000)));
    }

    @Test
    void a_blank_text_is_refused() {
        assertRefused(Refusal.Reason.CONTENT_EMPTY, ChatClient.text("p:bob:mallory", "m1", " \n"));
    }

    @Test
    void a_message_without_a_client_message_id_is_refused() {
        assertRefused(Refusal.Reason.INVALID_CLIENT_MSG_ID, ChatClient.text("p:bob:mallory", "", "nameless"));
    }

    @Test
    void a_read_position_beyond_the_end_is_refused() {
        assertRefused(
                Refusal.Reason.SEQ_OUT_OF_RANGE,
                ClientFrame.newBuilder()
                        .setMarkRead(MarkConversationRead.newBuilder()
                                .setConversationId("p:eve:mallory")
                                .setSeq(99)));
    }

    @Test
    void the_history_of_others_is_forbidden() {
        assertError(
                Error.Code.FORBIDDEN,
                mallory.request(
                        ClientFrame.newBuilder()
                                .setPull(Pull.newBuilder()
                                        .setConversationId("p:alice:bob")
                                        .setFromSeq(1)),
                        ServerFrame::hasError));
        assertStillServed();
    }

    @Test
    void arguments_out_of_range_are_invalid() {
        assertError(
                Error.Code.INVALID_ARGUMENT,
                mallory.request(
                        ClientFrame.newBuilder()
                                .setPull(Pull.newBuilder()
                                        .setConversationId("p:bob:mallory")
                                        .setFromSeq(5)
                                        .setToSeq(2)),
                        ServerFrame::hasError));
        assertError(
                Error.Code.INVALID_ARGUMENT,
                mallory.request(ClientFrame.newBuilder().setSync(Sync.newBuilder()), ServerFrame::hasError));
        assertError(
                Error.Code.INVALID_ARGUMENT,
                mallory.request(ClientFrame.newBuilder().setAck(Ack.newBuilder().setUpTo(7)), ServerFrame::hasError));
        assertStillServed();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "CONTENT_EMPTY              | 'edit':{'conversationId':'p:bob:mallory','seq':'1'}",
                "SEQ_OUT_OF_RANGE           | 'recall':{'conversationId':'p:bob:mallory'}",
                "INVALID_ARGUMENT           | 'deleteForMe':{'conversationId':'p:bob:mallory'}",
                "INVALID_ARGUMENT           | 'react':{'conversationId':'p:bob:mallory','seq':'1'}",
                "INVALID_CONVERSATION_ID    | 'pin':{'conversationId':'bob','seq':'1'}",
                "INVALID_ARGUMENT           | 'group':{'conversationId':'g:club'}",
                "WRONG_KIND_OF_CONVERSATION | 'friend':{'conversationId':'g:club','request':{}}",
                "WRONG_KIND_OF_CONVERSATION | 'room':{'conversationId':'g:club','join':{}}",
                "INVALID_ARGUMENT           | 'room':{'conversationId':'r:lobby'}",
                "NOT_A_MEMBER               | 'send':{'conversationId':'r:lobby','clientMsgId':'m1',"
                        + "'content':{'text':{'body':'anyone?'}}}",
                "INVALID_ARGUMENT           | 'send':{'conversationId':'p:bob:mallory','clientMsgId':'m1',"
                        + "'content':{'text':{'body':'both'}},'forward':{'conversationId':'p:bob:mallory','seq':'1'}}"
            })
    void commands_that_no_conversation_accepts_are_refused(Refusal.Reason reason, String body) {
        mallory.writeRaw(("{'id':'bad'," + body + '}').replace('\'', '"'));
        assertEquals(
                reason, mallory.awaitFrame(ServerFrame::hasRefused).getRefused().getReason());
        assertStillServed();
    }

    @Test
    void messages_of_others_cannot_be_forwarded() {
        assertError(
                Error.Code.FORBIDDEN,
                mallory.request(
                        ClientFrame.newBuilder()
                                .setSend(Send.newBuilder()
                                        .setConversationId("p:bob:mallory")
                                        .setClientMsgId("m1")
                                        .setForward(Forward.newBuilder()
                                                .setConversationId("p:alice:bob")
                                                .setSeq(1))),
                        ServerFrame::hasError));
        assertStillServed();
    }

    @Test
    void the_history_of_a_room_is_forbidden_to_users_outside_it() {
        assertError(
                Error.Code.FORBIDDEN,
                mallory.request(
                        ClientFrame.newBuilder()
                                .setPull(Pull.newBuilder()
                                        .setConversationId("r:lobby")
                                        .setFromSeq(1)),
                        ServerFrame::hasError));
        assertStillServed();
    }

    @Test
    void connecting_twice_is_an_error_and_the_session_continues() {
        assertError(
                Error.Code.ALREADY_CONNECTED,
                mallory.request(ChatClient.connect("whatever", "phone"), ServerFrame::hasError));
        assertStillServed();
    }

    @Test
    void an_invalid_token_closes_the_connection() {
        try (ChatClient stranger = new ChatClient(tidings.url(), Subprotocol.JSON)) {
            assertError(
                    Error.Code.INVALID_TOKEN,
                    stranger.request(ChatClient.connect("nonsense", "phone"), ServerFrame::hasError));
            assertEquals(4401, stranger.awaitClose());
        }
    }

    @Test
    void a_token_with_a_forged_signature_closes_the_connection() throws Exception {
        try (ChatClient stranger = new ChatClient(tidings.url(), Subprotocol.JSON)) {
            String forged = token("f".repeat(64), Instant.now().plusSeconds(60));
            assertError(
                    Error.Code.INVALID_TOKEN,
                    stranger.request(ChatClient.connect(forged, "phone"), ServerFrame::hasError));
            assertEquals(4401, stranger.awaitClose());
        }
    }

    @Test
    void an_expired_token_is_reported_and_closes_the_connection() throws Exception {
        try (ChatClient late = new ChatClient(tidings.url(), Subprotocol.JSON)) {
            String expired = token(
                    tidings.settings().required("gateway.jwt.secret"),
                    Instant.now().minusSeconds(3_600));
            assertError(
                    Error.Code.TOKEN_EXPIRED,
                    late.request(ChatClient.connect(expired, "phone"), ServerFrame::hasError));
            assertEquals(4401, late.awaitClose());
        }
    }

    @Test
    void requests_before_connect_are_rejected() {
        try (ChatClient hasty = new ChatClient(tidings.url(), Subprotocol.JSON)) {
            assertError(
                    Error.Code.NOT_CONNECTED,
                    hasty.request(ChatClient.text("p:bob:mallory", "m1", "quick"), ServerFrame::hasError));
        }
    }

    @Test
    void a_socket_that_never_connects_is_closed_with_a_reason() {
        try (ChatClient silent = new ChatClient(tidings.url(), Subprotocol.JSON)) {
            assertEquals(
                    Disconnect.Code.CONNECT_TIMEOUT,
                    silent.awaitFrame(ServerFrame::hasDisconnect)
                            .getDisconnect()
                            .getCode());
            assertEquals(4408, silent.awaitClose());
        }
    }

    @Test
    void a_frame_over_the_limit_closes_the_connection_as_too_big() {
        mallory.writeRaw("x".repeat(300_000));
        Disconnect disconnect = mallory.awaitFrame(ServerFrame::hasDisconnect).getDisconnect();
        assertEquals(Disconnect.Code.FRAME_TOO_LARGE, disconnect.getCode());
        assertTrue(disconnect.getReconnect());
        assertEquals(1009, mallory.awaitClose());
    }

    @Test
    void bad_http_requests_are_answered_with_a_problem_and_its_code() throws Exception {
        HttpResponse<String> badName = post("/v1/dev/token", "{\"userId\":\"not a name\"}");
        assertEquals(400, badName.statusCode());
        assertTrue(badName.body().contains("INVALID_ARGUMENT"), badName::body);
        assertEquals(400, post("/v1/dev/token", "{").statusCode());
        assertEquals(413, post("/v1/dev/token", "x".repeat(10_000)).statusCode());
        assertEquals(404, tidings.get("/v1/nothing").statusCode());
        assertEquals(426, tidings.get("/v1/ws").statusCode());
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = tidings.url().resolve(path);
            return client.send(
                    HttpRequest.newBuilder(uri)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static String token(String secret, Instant expires) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder()
                        .subject("mallory")
                        .expirationTime(Date.from(expires))
                        .build());
        token.sign(new MACSigner(secret));
        return token.serialize();
    }

    private static void assertError(Error.Code expected, ServerFrame answer) {
        assertEquals(expected, answer.getError().getCode());
        assertFalse(answer.getError().getMessage().isBlank());
    }

    private void assertRefused(Refusal.Reason expected, ClientFrame.Builder frame) {
        assertEquals(
                expected,
                mallory.request(frame, ServerFrame::hasRefused).getRefused().getReason());
        assertStillServed();
    }

    private void assertStillServed() {
        mallory.request(
                ClientFrame.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()), ServerFrame::hasHeartbeat);
        mallory.request(
                ChatClient.text("p:mallory:zoe", java.util.UUID.randomUUID().toString(), "still here"),
                ServerFrame::hasSequenced);
    }
}
