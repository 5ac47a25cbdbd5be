package dev.tidings.schemas.serde;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import dev.tidings.v1.ClientFrame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {

    private static final String SEND = "{'id':'1','send':{'conversationId':'p:alice:bob','clientMsgId':'m',"
            + "'content':{'text':{'body':'hi'}},'expiresAt':'2030-02-28T23:59:59.5+02:00'}}";

    @Test
    void the_output_of_protobuf_parses_to_an_equal_message() throws InvalidProtocolBufferException {
        ClientFrame frame =
                parse(SEND.replace("hi", "\\ud83d\\ude00 \\u0000 \\n \\\\u")).build();

        assertEquals(frame, parse(ProtoJson.print(frame).replace('"', '\'')).build());
        assertEquals(
                "\ud83d\ude00 \0 \n \\u", frame.getSend().getContent().getText().getBody());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "hi          | a\\ud83db",
                "hi          | a\\ude00",
                "hi          | \\ude00\\ud83d",
                "hi          | a\\ud83d",
                "p:alice:bob | p:alice:\\udead",
                "'m'         | 'id\\ud83d'",
                "'id':'1'    | '\\ud83d':'1'"
            })
    void an_unpaired_surrogate_is_rejected_at_every_place(String part, String broken) {
        assertRefused(SEND.replace(part, broken), "unpaired surrogate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'heartbeat':{}}{'heartbeat':{}}",
                "{'heartbeat':{}} {}",
                "{'heartbeat':{}}]",
                "{'heartbeat':{}} x",
                "{'heartbeat':{}},"
            })
    void text_after_the_first_value_is_rejected(String json) {
        assertRefused(json, "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'id':'1','id':'2','heartbeat':{}}",
                "{'id':'1','\\u0069d':'2','heartbeat':{}}",
                "{'send':{'clientMsgId':'a','conversationId':'c','clientMsgId':'b'}}"
            })
    void a_repeated_key_is_rejected(String json) {
        assertRefused(json, "is repeated");
    }

    @Test
    void equal_keys_in_different_objects_are_allowed() throws InvalidProtocolBufferException {
        ClientFrame frame = parse("{'pullMany':{'pulls':[{'conversationId':'g:a'},{'conversationId':'g:b'}]}}")
                .build();

        assertEquals("g:b", frame.getPullMany().getPulls(1).getConversationId());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2030-02-30T00:00:00Z",
                "2030-02-29T00:00:00Z",
                "2030-13-01T00:00:00Z",
                "2030-01-01T24:00:00Z",
                "2030-01-01T23:60:00Z",
                "2030-01-01T23:59:60Z",
                "2030-01-01T00:00:00",
                "2030-01-01",
                "tomorrow",
                ""
            })
    void a_time_that_does_not_exist_is_rejected(String time) {
        assertRefused(SEND.replace("2030-02-28T23:59:59.5+02:00", time), "");
        assertRefused("{'send':{'expires_at':['" + time + "']}}", "");
    }

    @Test
    void a_text_may_look_like_an_invalid_time() throws InvalidProtocolBufferException {
        ClientFrame frame = parse(SEND.replace("hi", "2030-02-30T00:00:00Z")).build();

        assertEquals(
                "2030-02-30T00:00:00Z", frame.getSend().getContent().getText().getBody());
        assertEquals(1_898_546_399L, frame.getSend().getExpiresAt().getSeconds());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'sned':{}}",
                "{id:'1'}",
                "{'id':'1',}",
                "{'id':'a\nb'}",
                "{'id':'\\u12x4'}",
                "{'id':NaN}",
                "// no\n{}",
                "[]",
                "",
                "null"
            })
    void invalid_json_and_json_of_another_type_are_rejected(String json) {
        assertRefused(json, "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'m'                                    | 5     | clientMsgId is a number; a string is allowed",
                "'m'                                    | true  | clientMsgId is a boolean; a string is allowed",
                "'m'                                    | ['m'] | clientMsgId is an array; a string is allowed",
                "'m'                                    | {}    | clientMsgId is an object; a string is allowed",
                "{'text':{'body':'hi'}}                 | 'hi'  | content is a string; an object is allowed",
                "'2030-02-28T23:59:59.5+02:00'          | 5     | expiresAt is a number; a time such as",
                "{'text':{'body':'hi'}}                 | {'text':{'body':7}} | body is a number; a string is allowed"
            })
    void a_value_of_another_type_is_rejected_with_the_name_of_its_field(String part, String wrong, String why) {
        assertRefused(SEND.replace(part, wrong), why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'presence':{'userIds':'bob'}}             | userIds is a string; an array is allowed",
                "{'presence':{'userIds':['bob',7]}}         | userIds has a number; a string is allowed",
                "{'presence':{'userIds':[['bob']]}}         | userIds has an array; a string is allowed",
                "{'group':{'muteAll':{'muted':'true'}}}     | muted is a string; true or false is allowed",
                "{'group':{'muteAll':{'muted':1}}}          | muted is a number; true or false is allowed",
                "{'pull':{'fromSeq':true}}                  | fromSeq is a boolean; a number is allowed"
            })
    void a_list_a_flag_and_a_number_have_their_types(String json, String why) {
        assertRefused(json, why);
    }

    @Test
    void a_number_may_be_a_string_and_null_is_absent() throws InvalidProtocolBufferException {
        ClientFrame frame =
                parse("{'id':null,'pull':{'fromSeq':'7','toSeq':9}}").build();

        assertEquals(7, frame.getPull().getFromSeq());
        assertEquals(9, frame.getPull().getToSeq());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "{'id':", "{'id':'1',}", "{id:1}", "{'send':{'a':}}"})
    void a_fault_is_named_by_its_place_and_without_advice_for_programmers(String json) {
        InvalidProtocolBufferException refused =
                assertThrows(InvalidProtocolBufferException.class, () -> parse(json), json);

        assertTrue(
                String.valueOf(refused.getMessage()).matches("not JSON at line 1 column \\d+ path \\S+"),
                refused::getMessage);
    }

    @Test
    void nesting_is_limited() throws InvalidProtocolBufferException {
        assertEquals(
                1,
                StrictJson.parse(nested(StrictJson.MAX_DEPTH), Struct.newBuilder())
                        .getFieldsCount());
        InvalidProtocolBufferException refused = assertThrows(
                InvalidProtocolBufferException.class,
                () -> StrictJson.parse(nested(StrictJson.MAX_DEPTH + 1), Struct.newBuilder()));
        assertTrue(String.valueOf(refused.getMessage()).contains("nested deeper than 64"));
    }

    private static String nested(int depth) {
        return "{\"a\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'id':'1','sned':{}}            | 1",
                "{'sned':{'id':'2'},'id':'1'}    | 1",
                "{'id':'1','id':'2'}             | 1",
                "{'id':'1'}{'id':'2'}            | 1",
                "{'id':'1','broken               | 1",
                "{'broken':,'id':'1'}            | ~~",
                "{'id':1}                        | ~~",
                "{'id':'a\\ud83d','heartbeat':0} | ~~",
                "[]                              | ~~",
                "nonsense                        | ~~"
            })
    void the_id_of_an_invalid_frame_is_read_if_it_precedes_the_fault(String json, String id) {
        assertEquals(id, StrictJson.topLevelString(json.replace('\'', '"'), "id"));
    }

    private static ClientFrame.Builder parse(String json) throws InvalidProtocolBufferException {
        return StrictJson.parse(json.replace('\'', '"'), ClientFrame.newBuilder());
    }

    private static void assertRefused(String json, String why) {
        InvalidProtocolBufferException refused =
                assertThrows(InvalidProtocolBufferException.class, () -> parse(json), json);
        assertTrue(String.valueOf(refused.getMessage()).contains(why), refused::getMessage);
    }
}
