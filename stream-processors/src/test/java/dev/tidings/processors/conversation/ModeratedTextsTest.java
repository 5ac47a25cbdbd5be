package dev.tidings.processors.conversation;

import static dev.tidings.processors.conversation.Scene.asSystem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.tidings.processors.conversation.Decision.Accepted;
import dev.tidings.processors.moderation.Action;
import dev.tidings.processors.rules.FixedRules;
import dev.tidings.v1.Command;
import dev.tidings.v1.CreateGroup;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.JoinGroup;
import dev.tidings.v1.JoinPolicy;
import dev.tidings.v1.ModerationCase;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RequestFriend;
import dev.tidings.v1.SetRemark;
import dev.tidings.v1.UpdateGroup;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Moderation of all texts that users write, apart from messages. */
class ModeratedTextsTest {

    private static final FixedRules RULES = FixedRules.about(
            new TreeMap<>(Map.of("verboten", Action.REFUSE, "damn", Action.MASK, "fishy", Action.FLAG)));

    private final Scene pair = new Scene("p:alice:bob").under(RULES);
    private final Scene team = new Scene("g:team").under(RULES);

    @Test
    void name_description_and_announcement_of_a_group_are_moderated() {
        team.refuses(Refusal.Reason.CONTENT_REFUSED, create(profile("verboten")));
        team.refuses(Refusal.Reason.CONTENT_REFUSED, create(profile("x").setDescription("verboten")));
        team.refuses(Refusal.Reason.CONTENT_REFUSED, create(profile("x").setAnnouncement("verboten")));

        GroupProfile profile =
                team.accepts(create(profile("damn it"))).getGroupCreated().getProfile();

        assertEquals("**** it", profile.getName());
        assertEquals(JoinPolicy.BY_APPROVAL, profile.getJoinPolicy());
    }

    @Test
    void changes_of_a_group_are_moderated() {
        team.accepts(create(profile("x")));
        team.refuses(
                Refusal.Reason.CONTENT_REFUSED, update(UpdateGroup.newBuilder().setName("verboten")));
        team.refuses(
                Refusal.Reason.CONTENT_REFUSED, update(UpdateGroup.newBuilder().setDescription("verboten")));
        team.refuses(
                Refusal.Reason.CONTENT_REFUSED, update(UpdateGroup.newBuilder().setAnnouncement("verboten")));

        assertEquals(
                "****",
                team.accepts(update(UpdateGroup.newBuilder().setAnnouncement("damn")))
                        .getGroupUpdated()
                        .getProfile()
                        .getAnnouncement());
    }

    @Test
    void a_flagged_name_makes_a_case() {
        ModerationCase found =
                Objects.requireNonNull(assertInstanceOf(Accepted.class, team.when(create(profile("fishy business"))))
                        .moderationCase());

        assertEquals(1, found.getSeq());
        assertEquals(0, found.getMessageSeq());
        assertEquals("olga", found.getSender());
        assertEquals("fishy business", found.getContent().getText().getBody());
        assertNotNull(found.getFindings(0));
    }

    @Test
    void notes_of_join_and_friend_requests_are_moderated() {
        team.accepts(create(profile("x")));
        team.refuses(Refusal.Reason.CONTENT_REFUSED, join("verboten"));
        assertEquals("****", team.accepts(join("damn")).getJoinRequested().getNote());
        pair.refuses(Refusal.Reason.CONTENT_REFUSED, request("verboten"));
        assertEquals("****", pair.accepts(request("damn")).getFriendRequested().getNote());
    }

    @Test
    void remarks_are_moderated() {
        pair.refuses(Refusal.Reason.CONTENT_REFUSED, remark("verboten"));
        assertEquals("****", pair.accepts(remark("damn")).getRemarkChanged().getRemark());
        assertInstanceOf(Decision.Unchanged.class, pair.when(remark("damn")));
    }

    @Test
    void reactions_with_what_would_be_masked_are_refused() {
        pair.accepts(pair.send("alice", "m1"));
        pair.refuses(Refusal.Reason.CONTENT_REFUSED, pair.react("bob", 1, "verboten"));
        pair.refuses(Refusal.Reason.CONTENT_REFUSED, pair.react("bob", 1, "damn"));
        pair.accepts(pair.react("bob", 1, "👍"));
    }

    @Test
    void a_reaction_can_be_removed_although_the_rules_now_refuse_it() {
        pair.under(FixedRules.NONE);
        pair.accepts(pair.send("alice", "m1"));
        pair.accepts(pair.react("bob", 1, "verboten"));
        pair.under(RULES);

        pair.accepts(pair.unreact("bob", 1, "verboten"));
    }

    @Test
    void texts_of_the_operator_are_not_moderated() {
        assertEquals(
                "verboten",
                team.accepts(asSystem(create(profile("verboten"))))
                        .getGroupCreated()
                        .getProfile()
                        .getName());
    }

    private static GroupProfile.Builder profile(String name) {
        return GroupProfile.newBuilder().setName(name).setJoinPolicy(JoinPolicy.BY_APPROVAL);
    }

    private Command create(GroupProfile.Builder profile) {
        return team.group(
                "olga", group -> group.setCreate(CreateGroup.newBuilder().setProfile(profile)));
    }

    private Command update(UpdateGroup.Builder update) {
        return team.group("olga", group -> group.setUpdate(update));
    }

    private Command join(String note) {
        return team.group("sam", group -> group.setJoin(JoinGroup.newBuilder().setNote(note)));
    }

    private Command request(String note) {
        return pair.friend(
                "alice", friend -> friend.setRequest(RequestFriend.newBuilder().setNote(note)));
    }

    private Command remark(String remark) {
        return pair.friend(
                "alice", friend -> friend.setSetRemark(SetRemark.newBuilder().setRemark(remark)));
    }
}
