package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.api.UnknownUsers;
import dev.tidings.gateway.directory.UserDirectory.Profiles;
import dev.tidings.v1.Command;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.UserProfile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway that refuses commands to users that the directory does not have. */
class UnknownUsersTest {

    private final Set<String> known = Set.of("bob", "carol");
    private final List<Set<String>> reads = new ArrayList<>();
    private boolean complete = true;
    /** Reads that wait until the test runs them. */
    private final Queue<Runnable> reading = new ArrayDeque<>();

    private final TestGateway gateway = new TestGateway.Builder()
            .directory(this::read)
            .unknownUsers(UnknownUsers.REFUSED)
            .blocking(reading::add)
            .build();
    private final FakeTransport transport = new FakeTransport();
    private final ClientSession alice = gateway.session(transport);

    UnknownUsersTest() {
        gateway.open(alice, transport, "alice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'send':{'conversationId':'p:alice:ghost','clientMsgId':'1','content':{'text':{'body':'hi'}}}}",
                "{'friend':{'conversationId':'p:alice:ghost','request':{}}}",
                "{'group':{'conversationId':'g:club','create':{'profile':{'name':'Club'},'members':['bob','ghost']}}}",
                "{'group':{'conversationId':'g:club','addMembers':{'userIds':['ghost','bob']}}}"
            })
    void a_command_to_an_unknown_user_is_refused(String json) {
        send(json);
        runAll();
        Refusal refusal = transport.received().getLast().getRefused();
        assertEquals(Refusal.Reason.USER_NOT_FOUND, refusal.getReason());
        assertEquals("the directory does not have ghost", refusal.getMessage());
        assertEquals(List.of(), gateway.log.commands());
    }

    @Test
    void the_author_of_a_command_need_not_be_known() {
        send("{'group':{'conversationId':'g:club','create':{'profile':{'name':'Club'},'members':['alice','bob']}}}");
        runAll();
        assertEquals(List.of(Set.of("bob")), reads);
        assertEquals(1, gateway.log.commands().size());
    }

    @Test
    void a_known_user_is_read_once() {
        message("p:alice:bob", "1");
        runAll();
        message("p:alice:bob", "2");
        assertEquals(List.of(Set.of("bob")), reads);
        assertEquals(List.of("1", "2"), appended());
    }

    @Test
    void commands_of_one_conversation_keep_their_order_while_the_directory_is_read() {
        message("p:alice:bob", "1");
        message("p:alice:bob", "2");
        send("{'edit':{'conversationId':'p:alice:bob','seq':'1','content':{'text':{'body':'hey'}}}}");
        send("{'edit':{'conversationId':'p:alice:carol','seq':'1','content':{'text':{'body':'hey'}}}}");
        assertEquals(List.of("edit p:alice:carol"), appended());
        runAll();
        assertEquals(List.of("edit p:alice:carol", "1", "2", "edit p:alice:bob"), appended());
    }

    @Test
    void without_an_answer_of_the_directory_every_user_counts_as_known() {
        complete = false;
        message("p:alice:ghost", "1");
        runAll();
        assertEquals(List.of("1"), appended());
        complete = true;
        message("p:alice:ghost", "2");
        runAll();
        assertTrue(transport.received().getLast().hasRefused());
    }

    private void message(String conversationId, String clientMsgId) {
        send("{'send':{'conversationId':'" + conversationId + "','clientMsgId':'" + clientMsgId
                + "','content':{'text':{'body':'hi'}}}}");
    }

    private void send(String json) {
        alice.onText(TestGateway.json(json));
    }

    private void runAll() {
        for (Runnable next = reading.poll(); next != null; next = reading.poll()) {
            next.run();
        }
    }

    private List<String> appended() {
        return gateway.log.commands().stream().map(UnknownUsersTest::text).toList();
    }

    private static String text(Command command) {
        return command.hasSendMessage()
                ? command.getSendMessage().getClientMsgId()
                : "edit " + command.getConversationId();
    }

    private Profiles read(Set<String> userIds) {
        reads.add(Set.copyOf(userIds));
        Map<String, UserProfile> found = new HashMap<>();
        userIds.stream()
                .filter(known::contains)
                .forEach(userId -> found.put(
                        userId, UserProfile.newBuilder().setUserId(userId).build()));
        return new Profiles(found, complete);
    }
}
