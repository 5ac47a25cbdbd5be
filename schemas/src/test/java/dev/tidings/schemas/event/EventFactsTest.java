package dev.tidings.schemas.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MembersRemoved;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.OwnershipTransferred;
import dev.tidings.v1.RemarkChanged;
import dev.tidings.v1.SendFlags;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventFactsTest {

    private static final List<String> AUTHOR_FIELDS = List.of("by", "user_id", "sender", "owner", "from");

    static Stream<FieldDescriptor> bodies() {
        return ConversationEvent.getDescriptor().getOneofs().getFirst().getFields().stream();
    }

    /** Each body of an event names its author in a field with one of these names, and the table has to find it. */
    @ParameterizedTest
    @MethodSource("bodies")
    void every_body_has_the_author_that_it_names(FieldDescriptor body) {
        Message.Builder message = ConversationEvent.newBuilder().newBuilderForField(body);
        FieldDescriptor author = AUTHOR_FIELDS.stream()
                .map(body.getMessageType()::findFieldByName)
                .filter(field -> field != null)
                .findFirst()
                .orElseThrow();
        message.setField(author, "alice");

        ConversationEvent event =
                ConversationEvent.newBuilder().setField(body, message.build()).build();

        assertEquals("alice", EventFacts.of(event).author());
    }

    @Test
    void an_event_without_a_body_has_no_facts() {
        assertEquals(
                new EventFacts("", List.of(), false, OptionalLong.empty(), List.of()),
                EventFacts.of(ConversationEvent.getDefaultInstance()));
    }

    @Test
    void an_edit_concerns_users_who_are_mentioned_and_users_who_were() {
        EventFacts facts = EventFacts.of(ConversationEvent.newBuilder()
                .setMessageEdited(MessageEdited.newBuilder()
                        .setSeq(7)
                        .setMentions(mentions("bob"))
                        .setPreviousMentions(mentions("carol")))
                .build());

        assertEquals(List.of("bob", "carol"), facts.users());
        assertEquals(OptionalLong.of(7), facts.changedSeq());
    }

    @Test
    void a_recall_changes_its_message() {
        EventFacts facts = EventFacts.of(ConversationEvent.newBuilder()
                .setMessageRecalled(MessageRecalled.newBuilder().setSeq(7).setMentions(mentions("bob")))
                .build());

        assertEquals(OptionalLong.of(7), facts.changedSeq());
        assertEquals(List.of("bob"), facts.users());
    }

    @Test
    void removed_members_no_longer_belong() {
        EventFacts facts = EventFacts.of(ConversationEvent.newBuilder()
                .setMembersRemoved(MembersRemoved.newBuilder().addUserIds("bob").addUserIds("carol"))
                .build());

        assertEquals(List.of("bob", "carol"), facts.departedUsers());
        assertEquals(List.of("bob", "carol"), facts.users());
    }

    @Test
    void a_transfer_without_a_previous_owner_concerns_the_new_one_only() {
        EventFacts facts = EventFacts.of(ConversationEvent.newBuilder()
                .setOwnershipTransferred(OwnershipTransferred.newBuilder().setTo("bob"))
                .build());

        assertEquals(List.of("bob"), facts.users());
    }

    @Test
    void a_remark_is_personal_and_a_message_is_not() {
        EventFacts remark = EventFacts.of(ConversationEvent.newBuilder()
                .setRemarkChanged(RemarkChanged.newBuilder().setBy("alice"))
                .build());

        assertTrue(remark.personal());
        assertEquals(List.of("alice"), remark.users());
        assertFalse(EventFacts.of(message(MessageSent.newBuilder())).personal());
    }

    @Test
    void a_message_counts_as_unread_unless_its_flags_say_otherwise() {
        assertTrue(EventFacts.countsAsUnread(MessageSent.getDefaultInstance()));
        assertFalse(EventFacts.countsAsUnread(MessageSent.newBuilder()
                .setFlags(SendFlags.newBuilder().setNoUnread(true))
                .build()));
    }

    private static ConversationEvent message(MessageSent.Builder sent) {
        return ConversationEvent.newBuilder().setMessageSent(sent).build();
    }

    private static Mentions mentions(String userId) {
        return Mentions.newBuilder().addUserIds(userId).build();
    }
}
