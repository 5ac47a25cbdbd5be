package dev.tidings.processors.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.tidings.processors.TestRecords;
import dev.tidings.processors.intake.ParsedRequest.Invalid;
import dev.tidings.processors.intake.ParsedRequest.Valid;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessMarkRead;
import dev.tidings.v1.BusinessOrigin;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.BusinessSendToMany;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.SendFlags;
import dev.tidings.v1.SetRole;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BusinessCommandReaderTest {

    private static final BusinessCommand SEND = BusinessCommand.newBuilder()
            .setRequestId("r1")
            .setActor("shop")
            .setSendMessage(BusinessSend.newBuilder()
                    .setConversationId("p:alice:shop")
                    .setClientMsgId("order-1")
                    .setContent(TestRecords.text("your order 好")))
            .build();
    private static final BusinessCommand MARK = BusinessCommand.newBuilder()
            .setRequestId("r2")
            .setActor("shop")
            .setMarkRead(BusinessMarkRead.newBuilder()
                    .setConversationId("p:alice:shop")
                    .setSeq(7))
            .build();

    private static final String SEND_JSON = """
            {"requestId":"r1","actor":"shop","sendMessage":{"conversationId":"p:alice:shop",\
            "clientMsgId":"order-1","content":{"text":{"body":"your order 好"}}}}""";
    private static final String MARK_JSON = """
            {"requestId":"r2","actor":"shop","markRead":{"conversationId":"p:alice:shop","seq":"7"}}""";

    private static final BusinessCommand MANY = BusinessCommand.newBuilder()
            .setRequestId("r3")
            .setActor("shop")
            .setSendToMany(BusinessSendToMany.newBuilder()
                    .addUserIds("u1")
                    .addUserIds("u2")
                    .setClientMsgId("news-1")
                    .setContent(TestRecords.text("news")))
            .build();
    private static final String MANY_JSON = """
            {"requestId":"r3","actor":"shop","sendToMany":{"userIds":["u1","u2"],"clientMsgId":"news-1",\
            "content":{"text":{"body":"news"}}}}""";
    private static final String ROLE_JSON = """
            {"requestId":"r4","actor":"shop","group":{"conversationId":"g:team",\
            "setRole":{"userId":"u1","role":"ADMIN"}}}""";

    static Stream<Arguments> validRecords() {
        return Stream.of(
                arguments("JSON", utf8(SEND_JSON), "application/json", SEND),
                arguments("JSON without content type", utf8(SEND_JSON), null, SEND),
                arguments("JSON with the names of the schema", utf8(snake(SEND_JSON)), null, SEND),
                arguments("JSON with a number as number", utf8(MARK_JSON.replace("\"7\"", "7")), null, MARK),
                arguments("JSON between white space", utf8("\n " + MARK_JSON + "\r\n"), "application/json", MARK),
                arguments("type with a parameter", utf8(SEND_JSON), "Application/JSON; charset=utf-8", SEND),
                arguments("protobuf", SEND.toByteArray(), "application/x-protobuf", SEND),
                arguments("protobuf, a read position", MARK.toByteArray(), "application/x-protobuf", MARK),
                arguments("to many", utf8(MANY_JSON), null, MANY),
                arguments(
                        "to many as system",
                        utf8(MANY_JSON.replace("\"actor\":\"shop\"", "\"asSystem\":true")),
                        null,
                        MANY.toBuilder().clearActor().setAsSystem(true).build()),
                arguments(
                        "an unknown role in protobuf, which only CONVERSATION can refuse",
                        role(99).toByteArray(),
                        "application/x-protobuf",
                        role(99)),
                arguments(
                        "a value that only CONVERSATION can refuse",
                        utf8(SEND_JSON.replace("p:alice:shop", "nowhere").replace("\"shop\"", "\"\"")),
                        null,
                        SEND.toBuilder()
                                .setActor("")
                                .setSendMessage(
                                        SEND.getSendMessage().toBuilder().setConversationId("nowhere"))
                                .build()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("validRecords")
    void a_valid_record_gives_its_command(
            String what, byte[] value, @Nullable String contentType, BusinessCommand expected) {
        ParsedRequest parsed = BusinessCommandReader.read(value, headers(utf8("billing"), contentType));

        boolean json = !"application/x-protobuf".equals(contentType);
        assertEquals(new Valid(origin(expected.getRequestId(), json), expected), parsed);
    }

    static Stream<Arguments> invalidRecords() {
        return Stream.of(
                arguments("no value", null, null, "no value"),
                arguments("an empty value", new byte[0], "application/x-protobuf", "no value"),
                arguments("an unknown type", utf8(SEND_JSON), "text/plain", "\"text/plain\""),
                arguments("neither a type nor JSON", SEND.toByteArray(), null, "content-type is missing"),
                arguments("JSON said to be protobuf", utf8(SEND_JSON), "application/x-protobuf", "in protobuf"),
                arguments("protobuf said to be JSON", SEND.toByteArray(), "application/json", "in JSON"),
                arguments("JSON cut off", utf8(SEND_JSON.substring(0, 60)), null, "in JSON"),
                arguments("two objects", utf8(SEND_JSON + SEND_JSON), null, "in JSON"),
                arguments("text after the end", utf8(SEND_JSON + "]"), null, "in JSON"),
                arguments("invalid JSON", utf8("{requestId:'r1'}"), null, "in JSON"),
                arguments(
                        "an invalid escape",
                        utf8(SEND_JSON.replace("p:alice", "\\ualice")),
                        null,
                        "not JSON at line 1"),
                arguments("a list", utf8("[" + SEND_JSON + "]"), "application/json", "in JSON"),
                arguments("a string", utf8("\"hello\""), "application/json", "in JSON"),
                arguments("blanks", utf8("  \n"), "application/json", "in JSON"),
                arguments("an unknown field", utf8(SEND_JSON.replace("actor", "author")), null, "author"),
                arguments("an unknown kind of content", utf8(SEND_JSON.replace("text", "poem")), null, "poem"),
                arguments("a wrong type", utf8(MARK_JSON.replace("\"7\"", "\"seven\"")), null, "seven"),
                arguments("an object for a text", utf8(SEND_JSON.replace("\"r1\"", "{}")), null, "in JSON"),
                arguments("two bodies", utf8(twoBodies()), null, "in JSON"),
                arguments("deeply nested", utf8("{\"unknown\":" + "[".repeat(150_000)), null, "nested deeper"),
                arguments("Latin-1", SEND_JSON.replace('好', 'ü').getBytes(StandardCharsets.ISO_8859_1), null, "UTF-8"),
                arguments(
                        "UTF-16",
                        SEND_JSON.getBytes(Charset.forName("UTF-16BE")),
                        "application/json; charset=utf-16",
                        "in JSON"),
                arguments("an unpaired surrogate", utf8(SEND_JSON.replace("好", "\\ud83d")), null, "surrogate"),
                arguments(
                        "a repeated key",
                        utf8(SEND_JSON.replace("\"actor\"", "\"actor\":\"shop\",\"actor\"")),
                        null,
                        "is repeated"),
                arguments("no request id", utf8(SEND_JSON.replace("\"r1\"", "\"\"")), null, "requestId"),
                arguments("a null request id", utf8(SEND_JSON.replace("\"r1\"", "null")), null, "requestId"),
                arguments("a long request id", utf8(SEND_JSON.replace("r1", "r".repeat(129))), null, "requestId"),
                arguments("a request id of two lines", utf8(SEND_JSON.replace("r1", "r\\n1")), null, "requestId"),
                arguments("an empty object", utf8("{}"), null, "requestId"),
                arguments("no body", utf8("{\"requestId\":\"r1\",\"actor\":\"shop\"}"), null, "no known body"),
                arguments(
                        "an unknown body",
                        new byte[] {0x0A, 0x02, 'r', '1', (byte) 0x9A, 0x06, 0x00},
                        "application/x-protobuf",
                        "no known body"),
                arguments(
                        "protobuf cut off",
                        java.util.Arrays.copyOf(SEND.toByteArray(), 20),
                        "application/x-protobuf",
                        "in protobuf"),
                arguments(
                        "text in protobuf that is not UTF-8",
                        new byte[] {0x0A, 0x01, (byte) 0xFF},
                        "application/x-protobuf",
                        "in protobuf"),
                arguments("an unknown role", utf8(ROLE_JSON.replace("ADMIN", "EMPEROR")), null, "EMPEROR"),
                arguments("a list for an object", utf8(MANY_JSON.replace("{\"text\"", "[{\"text\"")), null, "in JSON"),
                arguments("a text for a list", utf8(MANY_JSON.replace("[\"u1\",\"u2\"]", "\"u1\"")), null, "in JSON"),
                arguments("to no users", utf8(MANY_JSON.replace("\"u1\",\"u2\"", "")), null, "userIds"),
                arguments(
                        "to too many",
                        utf8(MANY_JSON.replace("\"u2\"", "\"u\",".repeat(10_000) + "\"u2\"")),
                        null,
                        "10002"),
                arguments("to many without actor", utf8(MANY_JSON.replace("shop", "")), null, "actor"),
                arguments("to many with an invalid actor", utf8(MANY_JSON.replace("shop", "the shop")), null, "actor"),
                arguments(
                        "to many with an invalid actor as system",
                        utf8(MANY_JSON.replace("\"shop\"", "\"the shop\",\"asSystem\":true")),
                        null,
                        "actor"),
                arguments("too many bytes to many", utf8(tooMuchToMany("news")), null, "bytes in total are allowed"),
                arguments("a long name to many", utf8(tooMuchToMany("news-1")), null, "bytes in total are allowed"),
                arguments(
                        "a too large value",
                        utf8(SEND_JSON.replace("your", "x".repeat(BusinessCommandReader.MAX_VALUE_BYTES))),
                        null,
                        "at most 409600 are allowed"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalidRecords")
    void an_invalid_record_is_rejected(
            String what, byte @Nullable [] value, @Nullable String contentType, String expectedInReason) {
        assertRejected(expectedInReason, BusinessCommandReader.read(value, headers(utf8("billing"), contentType)));
    }

    @Test
    void unknown_fields_in_protobuf_are_discarded_also_in_nested_messages() {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(
                        99,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFrom(new byte[1_000]))
                                .build())
                .build();
        BusinessSend flagged = SEND.getSendMessage().toBuilder()
                .setFlags(SendFlags.newBuilder().setNoPush(true))
                .build();
        BusinessCommand known = SEND.toBuilder().setSendMessage(flagged).build();
        BusinessCommand written = known.toBuilder()
                .setUnknownFields(unknown)
                .setSendMessage(flagged.toBuilder()
                        .setUnknownFields(unknown)
                        .setFlags(flagged.getFlags().toBuilder().setUnknownFields(unknown)))
                .build();

        ParsedRequest parsed =
                BusinessCommandReader.read(written.toByteArray(), headers(utf8("billing"), "application/x-protobuf"));

        assertEquals(new Valid(origin("r1", false), known), parsed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two\nlines"})
    void an_invalid_source_is_rejected(String source) {
        assertRejected("source", BusinessCommandReader.read(utf8(SEND_JSON), headers(utf8(source), null)));
    }

    @Test
    void a_missing_or_too_long_source_is_rejected() {
        assertRejected("source is missing", BusinessCommandReader.read(utf8(SEND_JSON), new RecordHeaders()));
        assertRejected("source is missing", BusinessCommandReader.read(utf8(SEND_JSON), headers(null, null)));
        assertRejected("source", BusinessCommandReader.read(utf8(SEND_JSON), headers(utf8("x".repeat(129)), null)));
        assertRejected("UTF-8", BusinessCommandReader.read(utf8(SEND_JSON), headers(new byte[] {(byte) 0xC3}, null)));
    }

    @Test
    void the_largest_content_fits_with_every_character_escaped() {
        String body = "\\u0001".repeat(65_530);

        ParsedRequest parsed = BusinessCommandReader.read(
                utf8(SEND_JSON.replace("your order 好", body)), headers(utf8("billing"), null));

        assertInstanceOf(Valid.class, parsed);
    }

    @Test
    void a_reason_is_truncated() {
        String json = MARK_JSON.replace("\"7\"", '"' + "x".repeat(300_000) + '"');

        ParsedRequest parsed = BusinessCommandReader.read(utf8(json), headers(utf8("billing"), null));

        assertTrue(assertInstanceOf(Invalid.class, parsed).reason().length() <= 301);
    }

    @Test
    void a_wrong_request_with_a_readable_id_can_be_replied_to() {
        assertEquals(
                origin("r1", true),
                invalid(utf8(SEND_JSON.replace("actor", "author")), null).origin());
        assertEquals(
                origin("r1", true), invalid(utf8(snake(SEND_JSON) + "]"), null).origin());
        assertEquals(
                origin("r1", true),
                invalid(utf8("{\"requestId\":\"r1\"}"), null).origin());
        byte[] withoutBody = SEND.toBuilder().clearBody().build().toByteArray();
        assertEquals(
                origin("r1", false),
                invalid(withoutBody, "application/x-protobuf").origin());
    }

    @Test
    void a_wrong_request_without_a_readable_id_cannot_be_replied_to() {
        assertNull(invalid(utf8("{broken"), null).origin());
        assertNull(invalid(utf8(SEND_JSON.replace("r1", "r".repeat(129))), null).origin());
        assertNull(invalid(new byte[] {0x0A, 0x01, (byte) 0xFF}, "application/x-protobuf")
                .origin());
    }

    private static Invalid invalid(byte[] value, @Nullable String contentType) {
        return assertInstanceOf(
                Invalid.class, BusinessCommandReader.read(value, headers(utf8("billing"), contentType)));
    }

    private static BusinessOrigin origin(String requestId, boolean json) {
        return BusinessOrigin.newBuilder()
                .setSource("billing")
                .setRequestId(requestId)
                .setJson(json)
                .build();
    }

    private static void assertRejected(String expectedInReason, ParsedRequest parsed) {
        String reason = assertInstanceOf(Invalid.class, parsed).reason();
        assertTrue(reason.contains(expectedInReason), reason);
    }

    private static String twoBodies() {
        return SEND_JSON.substring(0, SEND_JSON.length() - 1) + ",\"markRead\":{\"seq\":1}}";
    }

    /** 1,702 messages of 10,000 bytes and more. */
    private static String tooMuchToMany(String grown) {
        return MANY_JSON
                .replace("\"u2\"", "\"u\",".repeat(1_700) + "\"u2\"")
                .replace('"' + grown + '"', '"' + "x".repeat(10_000) + '"');
    }

    private static BusinessCommand role(int number) {
        return BusinessCommand.newBuilder()
                .setRequestId("r4")
                .setActor("shop")
                .setGroup(GroupCommand.newBuilder()
                        .setConversationId("g:team")
                        .setSetRole(SetRole.newBuilder().setUserId("u1").setRoleValue(number)))
                .build();
    }

    private static String snake(String json) {
        return json.replace("requestId", "request_id")
                .replace("sendMessage", "send_message")
                .replace("clientMsgId", "client_msg_id")
                .replace("conversationId", "conversation_id");
    }

    private static Headers headers(byte @Nullable [] source, @Nullable String contentType) {
        Headers headers = new RecordHeaders();
        headers.add("source", source);
        if (contentType != null) {
            headers.add("content-type", utf8(contentType));
        }
        return headers;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
