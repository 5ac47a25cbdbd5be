package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.tidings.gateway.directory.UserDirectory.Profiles;
import dev.tidings.v1.Applied;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.DirectoryCommand;
import dev.tidings.v1.Error;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.UserAnswer;
import dev.tidings.v1.UserProfile;
import dev.tidings.v1.Users;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries of the user directory, and changes of the own profile. */
class DirectoryFramesTest {

    private final Map<String, UserProfile> profiles = new HashMap<>();
    private final List<String> index = new ArrayList<>();
    private int candidates;
    private boolean complete = true;
    private final TestGateway gateway = new TestGateway.Builder()
            .directory(this::read)
            .names(this::candidates)
            .build();
    private final FakeTransport transport = new FakeTransport();
    private final ClientSession alice = gateway.session(transport);
    private final String sessionId = gateway.open(alice, transport, "alice");

    @Test
    void a_query_is_answered_in_its_order_without_unknown_users_and_without_custom_data() {
        profiles.put("yu", profile("yu", "小雨"));
        profiles.put("bob", profile("bob", "Bob"));

        ServerFrame reply = send("{'id':'7','users':{'userIds':['yu','ghost','bob']}}");

        assertEquals("7", reply.getId());
        Users users = reply.getUsers();

        assertEquals(
                List.of("小雨", "Bob"),
                users.getUsersList().stream().map(UserProfile::getDisplayName).toList());
        assertTrue(
                users.getUsersList().stream().allMatch(user -> user.getCustom().isEmpty()));
        assertTrue(users.getComplete());
    }

    @Test
    void a_query_of_one_user_has_their_custom_data() {
        profiles.put("yu", profile("yu", "小雨"));
        assertEquals(
                profile("yu", "小雨"),
                send("{'id':'7','users':{'userIds':['yu','yu']}}").getUsers().getUsers(0));
    }

    @Test
    void a_reply_says_that_users_may_be_missing() {
        complete = false;
        Users users = send("{'id':'7','users':{'userIds':['yu']}}").getUsers();
        assertTrue(users.hasComplete());
        assertFalse(users.getComplete());
    }

    @Test
    void a_query_has_1_to_100_valid_ids() {
        String hundred = IntStream.range(0, 100).mapToObj(i -> "'u" + i + '\'').collect(Collectors.joining(","));
        assertTrue(send("{'users':{'userIds':[" + hundred + "]}}").hasUsers());
        for (String ids : List.of("", hundred + ",'u100'", "'no one'")) {
            Error error = send("{'users':{'userIds':[" + ids + "]}}").getError();
            assertEquals(Error.Code.INVALID_ARGUMENT, error.getCode(), ids);
        }
    }

    @Test
    void a_search_returns_enabled_users_whose_present_name_matches() {
        profiles.put("yu", profile("yu", "李小雨"));
        profiles.put("renamed", profile("renamed", "Max"));
        profiles.put("gone", profile("gone", "小雨").toBuilder().setDisabled(true).build());
        profiles.put("yu2", profile("yu2", "小雨"));
        index.addAll(List.of("gone", "yu", "renamed", "ghost", "yu2"));

        Users users = send("{'id':'7','userSearch':{'prefix':'小','limit':20}}").getUsers();

        assertEquals(
                List.of("yu", "yu2"),
                users.getUsersList().stream().map(UserProfile::getUserId).toList());
        assertTrue(
                users.getUsersList().stream().allMatch(user -> user.getCustom().isEmpty()));
        assertEquals(60, candidates);
        assertEquals(
                1, send("{'userSearch':{'prefix':'小','limit':1}}").getUsers().getUsersCount());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'userSearch':{}}",
                "{'userSearch':{'prefix':' -'}}",
                "{'userSearch':{'prefix':'LONG'}}",
                "{'userSearch':{'prefix':'a','limit':21}}",
                "{'userSearch':{'prefix':'a','limit':-1}}"
            })
    void a_search_with_a_value_that_is_not_allowed_is_rejected(String json) {
        assertEquals(
                Error.Code.INVALID_ARGUMENT,
                send(json.replace("LONG", "x".repeat(257))).getError().getCode());
    }

    @Test
    void a_change_of_the_own_profile_is_appended_and_waits_for_its_answer() {
        alice.onText(TestGateway.json("{'id':'7','patchUser':{'displayName':'Alice Müller','avatarUrl':''}}"));

        DirectoryCommand command = gateway.log.directoryCommands().getLast();
        assertEquals("alice", command.getActor());
        assertEquals("alice", command.getUser().getUserId());
        assertEquals("Alice Müller", command.getUser().getPatch().getDisplayName());
        assertTrue(command.getUser().getPatch().hasAvatarUrl());
        assertFalse(command.getAsSystem());
        assertEquals(sessionId, command.getOrigin().getSessionId());
        assertEquals(List.of(), transport.received());

        gateway.deliver(Delivery.newBuilder()
                .setUserAnswer(UserAnswer.newBuilder()
                        .setOrigin(command.getOrigin())
                        .setApplied(Applied.newBuilder().setUnchanged(true))));
        ServerFrame answer = transport.received().getLast();
        assertTrue(answer.getApplied().getUnchanged());
        assertEquals("7", answer.getId());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "NOT_ALLOWED      | {'patchUser':{'displayName':'Alice','locale':'de'}}",
                "NOT_ALLOWED      | {'patchUser':{'custom':'AAAA'}}",
                "INVALID_ARGUMENT | {'patchUser':{}}",
                "INVALID_ARGUMENT | {'patchUser':{'displayName':'LONG'}}",
                "INVALID_ARGUMENT | {'patchUser':{'avatarUrl':'picture.png'}}"
            })
    void a_change_that_is_not_allowed_is_refused_and_not_appended(Refusal.Reason reason, String json) {
        Refusal refusal = send(json.replace("LONG", "x".repeat(257))).getRefused();

        assertEquals(reason, refusal.getReason(), refusal::toString);
        assertFalse(refusal.getMessage().isBlank());
        assertEquals(List.of(), gateway.log.directoryCommands());
    }

    private Profiles read(Set<String> userIds) {
        Map<String, UserProfile> found = new HashMap<>(profiles);
        found.keySet().retainAll(userIds);
        return new Profiles(found, complete);
    }

    private List<String> candidates(String prefix, int limit) {
        candidates = limit;
        return index;
    }

    private static UserProfile profile(String userId, String name) {
        return UserProfile.newBuilder()
                .setUserId(userId)
                .setDisplayName(name)
                .setCustom(ByteString.copyFromUtf8("custom"))
                .build();
    }

    private ServerFrame send(String json) {
        alice.onText(TestGateway.json(json));
        return transport.received().getLast();
    }
}
