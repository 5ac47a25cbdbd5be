package dev.tidings.ops.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Message;
import dev.tidings.state.v1.GroupHeadRecord;
import dev.tidings.state.v1.SharedEventsRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.GroupView;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.Role;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ExportedStateTest {

    @Test
    void views_of_groups_have_the_last_message_that_only_the_head_of_the_group_has() {
        SortedMap<String, Message> views = new TreeMap<>(Map.of(
                "alice\0g:team",
                view(3, "old").toBuilder()
                        .setGroup(GroupView.newBuilder().setRole(Role.MEMBER).setJoinedSeq(1))
                        .build(),
                "alice\0p:alice:bob",
                view(7, "private")));

        ExportedState.join(
                views,
                Map.of(
                        "g:team",
                        GroupHeadRecord.newBuilder()
                                .setShared(SharedEventsRecord.newBuilder()
                                        .setLastSeq(5)
                                        .setLastIndex(5)
                                        .setLastMessage(preview(5, "new")))
                                .build()));

        assertEquals("new", lastText(views, "alice\0g:team"));
        assertEquals("private", lastText(views, "alice\0p:alice:bob"));
    }

    @Test
    void views_of_groups_have_the_profile_that_has_a_record_of_its_own() {
        SortedMap<String, Message> views = new TreeMap<>(Map.of(
                "alice\0g:team",
                view(3, "hello").toBuilder()
                        .setGroup(GroupView.newBuilder()
                                .setRole(Role.MEMBER)
                                .setJoinedSeq(1)
                                .setProfile(GroupProfile.newBuilder().setName("before")))
                        .build()));

        ExportedState.join(
                views,
                Map.of(
                        "g:team",
                        GroupHeadRecord.newBuilder()
                                .setShared(SharedEventsRecord.newBuilder()
                                        .setLastSeq(5)
                                        .setProfileSeq(5))
                                .build(),
                        "g:team\0profile",
                        GroupHeadRecord.newBuilder()
                                .setShared(SharedEventsRecord.newBuilder()
                                        .setProfile(GroupProfile.newBuilder().setName("after")))
                                .build()));

        ViewRecord view = (ViewRecord) Objects.requireNonNull(views.get("alice\0g:team"));
        assertEquals("after", view.getGroup().getProfile().getName());
    }

    private static String lastText(Map<String, Message> views, String key) {
        ViewRecord view = (ViewRecord) Objects.requireNonNull(views.get(key));
        return view.getLastMessage().getText();
    }

    private static ViewRecord view(long lastSeq, String text) {
        return ViewRecord.newBuilder()
                .setLastSeq(lastSeq)
                .setLastMessage(preview(lastSeq, text))
                .build();
    }

    private static MessagePreview preview(long seq, String text) {
        return MessagePreview.newBuilder().setSeq(seq).setText(text).build();
    }
}
