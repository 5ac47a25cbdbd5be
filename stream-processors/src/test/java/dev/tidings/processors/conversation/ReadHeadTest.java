package dev.tidings.processors.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.tidings.processors.conversation.Decision.HeadRead;
import dev.tidings.state.v1.GatewaySubscription;
import dev.tidings.state.v1.GatewaySubscriptionsRecord;
import dev.tidings.v1.Command;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.HeadNotice;
import dev.tidings.v1.ReadHead;
import dev.tidings.v1.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadHeadTest {

    @Test
    void the_head_is_the_newest_position_and_reading_it_changes_nothing() {
        Scene pair = new Scene("p:alice:bob");
        assertEquals(head("p:alice:bob", 0, 0, 0), read(pair, "alice"));
        pair.accepts(pair.send("alice", "m1"));
        pair.accepts(pair.send("bob", "m2"));
        pair.accepts(pair.react("bob", 1, "+1"));

        assertEquals(head("p:alice:bob", 3, 2, 0), read(pair, "alice"));
        assertEquals(head("p:alice:bob", 3, 2, 0), read(pair, "alice"));
    }

    @Test
    void the_head_of_a_room_has_the_sessions_of_all_gateways() {
        Scene room = new Scene("r:lobby");
        room.state()
                .putSubscriptions(GatewaySubscriptionsRecord.newBuilder()
                        .addSubscriptions(GatewaySubscription.newBuilder()
                                .setGatewaySlot(0)
                                .setSessions(3))
                        .addSubscriptions(GatewaySubscription.newBuilder()
                                .setGatewaySlot(1)
                                .setSessions(4))
                        .build());

        assertEquals(head("r:lobby", 0, 0, 7), read(room, "alice"));
    }

    @Test
    void only_members_read_the_head_of_a_group() {
        Scene team = new Scene("g:team");
        team.accepts(team.group(
                "olga",
                body -> body.setCreate(CreateGroup.newBuilder()
                        .setProfile(GroupProfile.newBuilder().setName("Team")))));

        assertEquals(1, read(team, "olga").getLastSeq());
        team.refuses(Refusal.Reason.NOT_A_MEMBER, reading(team, "mallory"));
        assertEquals(
                1,
                assertInstanceOf(HeadRead.class, team.when(Scene.asSystem(reading(team, ""))))
                        .head()
                        .getLastSeq());
    }

    @ParameterizedTest
    @CsvSource({"s:alice, alice, true", "s:alice, bob, false", "b:news, bob, true", "p:alice:bob, carol, false"})
    void users_read_the_heads_of_what_they_can_see(String conversationId, String actor, boolean isAllowed) {
        Scene scene = new Scene(conversationId);

        if (isAllowed) {
            read(scene, actor);
        } else {
            scene.refuses(Refusal.Reason.NOT_A_MEMBER, reading(scene, actor));
        }
        assertInstanceOf(HeadRead.class, scene.when(Scene.asSystem(reading(scene, ""))));
    }

    private static HeadNotice read(Scene scene, String actor) {
        return assertInstanceOf(HeadRead.class, scene.when(reading(scene, actor)))
                .head();
    }

    private static Command reading(Scene scene, String actor) {
        return scene.command(actor).toBuilder()
                .setReadHead(ReadHead.getDefaultInstance())
                .build();
    }

    private static HeadNotice head(String conversationId, long lastSeq, long messageIndex, int online) {
        return HeadNotice.newBuilder()
                .setConversationId(conversationId)
                .setLastSeq(lastSeq)
                .setMessageIndex(messageIndex)
                .setOnline(online)
                .build();
    }
}
