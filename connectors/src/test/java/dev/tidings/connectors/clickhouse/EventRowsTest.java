package dev.tidings.connectors.clickhouse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.Timestamps;
import dev.tidings.connectors.clickhouse.row.EventRow;
import dev.tidings.connectors.clickhouse.row.GroupChangeRow;
import dev.tidings.connectors.clickhouse.row.MemberChangeRow;
import dev.tidings.connectors.clickhouse.row.MessageBody;
import dev.tidings.connectors.clickhouse.row.MessageChangeRow;
import dev.tidings.connectors.clickhouse.row.MessageRow;
import dev.tidings.connectors.clickhouse.row.PinChangeRow;
import dev.tidings.connectors.clickhouse.row.ProfileValues;
import dev.tidings.connectors.clickhouse.row.ReactionRow;
import dev.tidings.connectors.clickhouse.row.ReadRow;
import dev.tidings.connectors.clickhouse.row.ReceiptRow;
import dev.tidings.connectors.clickhouse.row.RelationChangeRow;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.v1.BlockChanged;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.DeliveredAdvanced;
import dev.tidings.v1.ForwardedFrom;
import dev.tidings.v1.FriendAccepted;
import dev.tidings.v1.GroupCreated;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.ImageContent;
import dev.tidings.v1.LocationContent;
import dev.tidings.v1.MemberLeft;
import dev.tidings.v1.MemberMuted;
import dev.tidings.v1.MembersAdded;
import dev.tidings.v1.Mentions;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessageRecalled;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.MessagesDeleted;
import dev.tidings.v1.OwnershipTransferred;
import dev.tidings.v1.PinChanged;
import dev.tidings.v1.ReactionChanged;
import dev.tidings.v1.ReadAdvanced;
import dev.tidings.v1.RemarkChanged;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.Role;
import dev.tidings.v1.RoleChanged;
import dev.tidings.v1.TextContent;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventRowsTest {

    private static final long SENT_AT_MILLIS = 1_774_000_000_123L;

    @Test
    void aMessageMakesAnEventAndAMessage() {
        ConversationEvent event = sent(text("hello")).build();

        List<Row> rows = EventRows.of(event.toByteArray());

        EventRow row = assertInstanceOf(EventRow.class, rows.getFirst());
        assertEquals("p:alice:bob", row.conversationId());
        assertEquals(5, row.seq());
        assertEquals(4, row.messageIndex());
        assertEquals(SENT_AT_MILLIS, row.sentAtMillis());
        assertEquals("c-1", row.commandId());
        assertEquals("message_sent", row.kind());
        assertEquals("alice", row.actor());
        assertTrue(row.body().contains("\"body\":\"hello\""), row::body);
        assertArrayEquals(event.toByteArray(), row.raw());
        assertEquals(
                new MessageRow(
                        "p:alice:bob",
                        5,
                        "c-1",
                        "alice",
                        "m1",
                        new MessageBody(
                                "text",
                                "hello",
                                "{\"text\":{\"body\":\"hello\"}}",
                                List.of("hello", "hel*"),
                                List.of(),
                                false,
                                false),
                        4,
                        SENT_AT_MILLIS,
                        0,
                        null,
                        false,
                        "",
                        0),
                rows.get(1));
        assertEquals(2, rows.size());
    }

    @Test
    void theCaptionOfAnImageIsItsText() {
        Content image = Content.newBuilder()
                .setImage(ImageContent.newBuilder().setCaption("a cat"))
                .build();
        MessageRow message = message(sent(image).build());
        assertEquals("image", message.body().contentType());
        assertEquals("a cat", message.body().text());
    }

    @Test
    void aLocationHasNoText() {
        Content location = Content.newBuilder()
                .setLocation(LocationContent.newBuilder().setName("Here"))
                .build();
        MessageRow message = message(sent(location).build());
        assertEquals("location", message.body().contentType());
        assertEquals("", message.body().text());
    }

    @Test
    void whatGoesWithAMessageIsInItsRow() {
        MessageSent sent = sent(text("look")).getMessageSent().toBuilder()
                .setReplyTo(ReplyTo.newBuilder().setSeq(3))
                .setMentions(Mentions.newBuilder()
                        .addUserIds("bob")
                        .addUserIds("carol")
                        .setAll(true))
                .setExpiresAt(Timestamps.fromMillis(SENT_AT_MILLIS + 1_000))
                .setForwardedFrom(
                        ForwardedFrom.newBuilder().setConversationId("g:x").setSeq(9))
                .setAsSystem(true)
                .setMasked(true)
                .build();

        MessageRow message = message(sent(text("look")).setMessageSent(sent).build());

        assertEquals(3, message.replyToSeq());
        assertEquals(List.of("bob", "carol"), message.body().mentions());
        assertTrue(message.body().mentionAll());
        assertTrue(message.body().masked());
        assertEquals(SENT_AT_MILLIS + 1_000, message.expiresAtMillis());
        assertEquals("g:x", message.forwardedFromConversationId());
        assertEquals(9, message.forwardedFromSeq());
        assertTrue(message.asSystem());
    }

    @Test
    void aMessageThatExpiresInTenThousandYearsIsStored() {
        MessageSent.Builder sent = sent(text("x")).getMessageSent().toBuilder();
        sent.setExpiresAt(Timestamps.MAX_VALUE);

        MessageRow message = message(sent(text("x")).setMessageSent(sent).build());

        assertEquals(Instant.parse("2299-12-31T23:59:59.999Z").toEpochMilli(), message.expiresAtMillis());
    }

    @Test
    void anEditAndARecallMakeAnEventAndAChange() {
        ConversationEvent edit = event(7).setMessageEdited(MessageEdited.newBuilder()
                        .setSeq(5)
                        .setContent(text("better"))
                        .setBy("alice"))
                .build();
        ConversationEvent recall = event(8).setMessageRecalled(
                        MessageRecalled.newBuilder().setSeq(5).setBy("admin"))
                .build();

        EventRow edited = assertInstanceOf(
                EventRow.class, EventRows.of(edit.toByteArray()).getFirst());
        assertEquals("message_edited", edited.kind());
        assertEquals("alice", edited.actor());
        MessageChangeRow change = assertInstanceOf(MessageChangeRow.class, only(edit));
        assertEquals(5, change.messageSeq());
        assertEquals(7, change.eventSeq());
        assertEquals("better", Objects.requireNonNull(change.body()).text());
        assertArrayEquals(edit.toByteArray(), change.raw());
        MessageChangeRow taken = assertInstanceOf(MessageChangeRow.class, only(recall));
        assertEquals("admin", taken.changedBy());
        assertNull(taken.body());
    }

    @Test
    void aPinIsAChangeOfItsMessage() {
        PinChanged pinned = PinChanged.newBuilder().setSeq(5).setBy("olga").build();
        assertEquals(
                new PinChangeRow("g:x", 5, 8, SENT_AT_MILLIS, "olga", true),
                only(event(8).setPinChanged(pinned).build()));
        assertEquals(
                new PinChangeRow("g:x", 5, 9, SENT_AT_MILLIS, "olga", false),
                only(event(9).setPinChanged(pinned.toBuilder().setUnpinned(true))
                        .build()));
    }

    @Test
    void aReactionIsOfItsEventsVersion() {
        ConversationEvent event = event(9).setReactionChanged(ReactionChanged.newBuilder()
                        .setSeq(5)
                        .setUserId("bob")
                        .setReaction("+1")
                        .setRemoved(true))
                .build();
        assertEquals(new ReactionRow("g:x", 5, "bob", "+1", true, SENT_AT_MILLIS, 9), only(event));
    }

    @Test
    void whoFoundsAGroupOwnsIt() {
        ConversationEvent event = event(1).setGroupCreated(GroupCreated.newBuilder()
                        .setProfile(GroupProfile.newBuilder().setName("Chess"))
                        .setOwner("alice")
                        .addMembers("alice")
                        .addMembers("bob"))
                .build();
        ProfileValues profile = new ProfileValues("Chess", "", "", "", "by_invitation", false, 0);
        assertEquals(
                List.of(
                        new GroupChangeRow("g:x", 1, SENT_AT_MILLIS, "alice", profile, "alice", 2L, null, false),
                        new MemberChangeRow("g:x", "alice", 1, SENT_AT_MILLIS, "alice", true, "owner", null),
                        new MemberChangeRow("g:x", "bob", 1, SENT_AT_MILLIS, "alice", true, "member", null)),
                consequences(event));
    }

    @Test
    void whoHandsAGroupOverBecomesAnAdmin() {
        ConversationEvent event = event(4).setOwnershipTransferred(
                        OwnershipTransferred.newBuilder().setFrom("alice").setTo("bob"))
                .build();
        assertEquals(
                List.of(
                        new GroupChangeRow("g:x", 4, SENT_AT_MILLIS, "alice", null, "bob", null, null, false),
                        new MemberChangeRow("g:x", "alice", 4, SENT_AT_MILLIS, "alice", null, "admin", null),
                        new MemberChangeRow("g:x", "bob", 4, SENT_AT_MILLIS, "alice", null, "owner", null)),
                consequences(event));
    }

    @Test
    void anEventOfAMemberSaysOnlyWhatItChanges() {
        assertEquals(
                List.of(new MemberChangeRow("g:x", "bob", 4, SENT_AT_MILLIS, "alice", null, "admin", null)),
                consequences(event(4).setRoleChanged(RoleChanged.newBuilder()
                                .setBy("alice")
                                .setUserId("bob")
                                .setRole(Role.ADMIN))
                        .build()));
        assertEquals(
                List.of(new MemberChangeRow("g:x", "bob", 5, SENT_AT_MILLIS, "alice", null, null, 0L)),
                consequences(event(5).setMemberMuted(
                                MemberMuted.newBuilder().setBy("alice").setUserId("bob"))
                        .build()));
        assertEquals(
                List.of(
                        new GroupChangeRow("g:x", 6, SENT_AT_MILLIS, "bob", null, null, 7L, null, false),
                        new MemberChangeRow("g:x", "bob", 6, SENT_AT_MILLIS, "bob", false, null, null)),
                consequences(event(6).setMemberLeft(
                                MemberLeft.newBuilder().setUserId("bob").setMemberCount(7))
                        .build()));
    }

    @Test
    void friendshipConcernsBothAndABlockOne() {
        ConversationEvent accepted = privately(3)
                .setFriendAccepted(FriendAccepted.newBuilder().setBy("bob"))
                .build();
        ConversationEvent blocked = privately(0)
                .setBlockChanged(BlockChanged.newBuilder().setBy("bob").setBlocked(true))
                .build();
        assertEquals(
                List.of(
                        new RelationChangeRow("p:alice:bob", "alice", SENT_AT_MILLIS, "c-1", true, false, null),
                        new RelationChangeRow("p:alice:bob", "bob", SENT_AT_MILLIS, "c-1", true, false, null)),
                consequences(accepted));
        assertEquals(
                List.of(new RelationChangeRow("p:alice:bob", "bob", SENT_AT_MILLIS, "c-1", null, null, true)),
                EventRows.of(blocked.toByteArray()));
    }

    @Test
    void whatIsPrivateToOneUserIsNotStored() {
        ConversationEvent remark = privately(0)
                .setRemarkChanged(RemarkChanged.newBuilder().setBy("bob").setRemark("grumpy"))
                .build();
        ConversationEvent deleted = privately(0)
                .setMessagesDeleted(MessagesDeleted.newBuilder().setUserId("bob"))
                .build();
        assertEquals(List.of(), EventRows.of(remark.toByteArray()));
        assertEquals(List.of(), EventRows.of(deleted.toByteArray()));
    }

    /** Every kind that the contract has, with nothing in it but the users and seqs without which it says nothing. */
    @Test
    void everyKindOfEventHasItsNameAndActor() {
        for (FieldDescriptor body :
                ConversationEvent.getDescriptor().getOneofs().getFirst().getFields()) {
            Message.Builder filled = DynamicMessage.newBuilder(body.getMessageType());
            for (FieldDescriptor field : body.getMessageType().getFields()) {
                if (field.getType() == FieldDescriptor.Type.STRING && !field.isRepeated()) {
                    filled.setField(field, "alice");
                } else if (field.getName().equals("seq")) {
                    filled.setField(field, 3L);
                }
            }
            ConversationEvent event;
            try {
                DynamicMessage whole = DynamicMessage.newBuilder(ConversationEvent.getDescriptor())
                        .mergeFrom(privately(5).build())
                        .setField(body, filled.build())
                        .build();
                event = ConversationEvent.parseFrom(whole.toByteString());
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }

            EventRow row = assertInstanceOf(
                    EventRow.class, EventRows.of(event.toByteArray()).getFirst());

            assertEquals(body.getName(), row.kind());
            assertEquals("alice", row.actor(), body.getName());
        }
    }

    @Test
    void aChangeOfNoEarlierMessageIsRefused() {
        for (long messageSeq : new long[] {-1, 0, 7, 8}) {
            assertRefused(
                    "concerns a message at " + messageSeq,
                    event(7).setMessageEdited(MessageEdited.newBuilder().setSeq(messageSeq))
                            .build()
                            .toByteArray());
            assertRefused(
                    "concerns a message at " + messageSeq,
                    event(7).setMessageRecalled(MessageRecalled.newBuilder().setSeq(messageSeq))
                            .build()
                            .toByteArray());
            assertRefused(
                    "concerns a message at " + messageSeq,
                    event(7).setReactionChanged(ReactionChanged.newBuilder().setSeq(messageSeq))
                            .build()
                            .toByteArray());
            assertRefused(
                    "concerns a message at " + messageSeq,
                    event(7).setPinChanged(PinChanged.newBuilder().setSeq(messageSeq))
                            .build()
                            .toByteArray());
        }
    }

    @Test
    void peopleWithoutNamesAndFriendsInGroupsAreRefused() {
        assertRefused(
                "names no user",
                event(7).setMembersAdded(MembersAdded.newBuilder().addUserIds(""))
                        .build()
                        .toByteArray());
        assertRefused(
                "names no user",
                privately(0)
                        .setBlockChanged(BlockChanged.getDefaultInstance())
                        .build()
                        .toByteArray());
        assertRefused(
                "not private",
                event(7).setFriendAccepted(FriendAccepted.newBuilder().setBy("bob"))
                        .build()
                        .toByteArray());
        assertRefused(
                "too long",
                event(7).setConversationId("g:" + "x".repeat(1_000)).build().toByteArray());
    }

    @Test
    void aReadPositionOutsideTheSequenceIsNoEvent() {
        ConversationEvent event = ConversationEvent.newBuilder()
                .setConversationId("p:alice:bob")
                .setSentAt(Timestamps.fromMillis(SENT_AT_MILLIS))
                .setReadAdvanced(
                        ReadAdvanced.newBuilder().setUserId("bob").setReadSeq(5).setReadIndex(4))
                .build();
        assertEquals(
                List.of(
                        new ReadRow("p:alice:bob", "bob", 5, 4, SENT_AT_MILLIS),
                        new ReceiptRow("p:alice:bob", "bob", ReceiptRow.Kind.READ, 5, SENT_AT_MILLIS)),
                EventRows.of(event.toByteArray()));
    }

    @Test
    void aDeliveryReceiptIsARowWhetherItComesAloneOrWithAMessage() {
        ConversationEvent alone = ConversationEvent.newBuilder()
                .setConversationId("p:alice:bob")
                .setSentAt(Timestamps.fromMillis(SENT_AT_MILLIS))
                .setDeliveredAdvanced(
                        DeliveredAdvanced.newBuilder().setUserId("bob").setDeliveredSeq(5))
                .build();
        assertEquals(
                List.of(new ReceiptRow("p:alice:bob", "bob", ReceiptRow.Kind.DELIVERED, 5, SENT_AT_MILLIS)),
                EventRows.of(alone.toByteArray()));

        ConversationEvent carried = sent(text("hello")).setDeliveredSeq(4).build();
        assertEquals(
                new ReceiptRow("p:alice:bob", "alice", ReceiptRow.Kind.DELIVERED, 4, SENT_AT_MILLIS),
                EventRows.of(carried.toByteArray()).getLast());
    }

    @Test
    void anEventThatIsNewerThanTheSinkIsKeptByItsBytes() {
        byte[] raw = sent(text("x"))
                .clearBody()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                99,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build()
                .toByteArray();
        List<Row> rows = EventRows.of(raw);
        EventRow row = assertInstanceOf(EventRow.class, rows.getFirst());
        assertEquals("unknown", row.kind());
        assertEquals("", row.actor());
        assertArrayEquals(raw, row.raw());
        assertEquals(1, rows.size());
    }

    @Test
    void sameBytesMakeSameRows() {
        byte[] raw = sent(text("again")).build().toByteArray();
        EventRow first = (EventRow) EventRows.of(raw).getFirst();
        EventRow second = (EventRow) EventRows.of(raw.clone()).getFirst();
        assertEquals(first.body(), second.body());
        assertEquals(EventRows.of(raw).get(1), EventRows.of(raw.clone()).get(1));
    }

    @Test
    void whatIsNoEventIsRefusedWithTheReason() {
        assertRefused("no value", null);
        assertRefused("not a ConversationEvent", new byte[] {(byte) 0xff, 1});
        assertRefused("names no conversation", new byte[0]);
        assertRefused("seq is -1", sent(text("x")).setSeq(-1).build().toByteArray());
        assertRefused(
                "sent_at",
                sent(text("x"))
                        .setSentAt(Timestamp.newBuilder().setSeconds(20_000_000_000L))
                        .build()
                        .toByteArray());
        assertRefused(
                "imestamp",
                sent(text("x"))
                        .setSentAt(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))
                        .build()
                        .toByteArray());
    }

    private static void assertRefused(String reason, byte @Nullable [] raw) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> EventRows.of(raw));
        assertTrue(String.valueOf(refusal.getMessage()).contains(reason), refusal::toString);
    }

    private static Row only(ConversationEvent event) {
        List<Row> rows = consequences(event);
        assertEquals(1, rows.size());
        return rows.getFirst();
    }

    /** The event's rows but for the one in events. */
    private static List<Row> consequences(ConversationEvent event) {
        List<Row> rows = EventRows.of(event.toByteArray());
        assertInstanceOf(EventRow.class, rows.getFirst());
        return rows.subList(1, rows.size());
    }

    private static ConversationEvent.Builder privately(long seq) {
        return event(seq).setConversationId("p:alice:bob");
    }

    private static ConversationEvent.Builder event(long seq) {
        return ConversationEvent.newBuilder()
                .setConversationId("g:x")
                .setSeq(seq)
                .setSentAt(Timestamps.fromMillis(SENT_AT_MILLIS))
                .setCommandId("c-1");
    }

    private static MessageRow message(ConversationEvent event) {
        return assertInstanceOf(
                MessageRow.class, EventRows.of(event.toByteArray()).get(1));
    }

    private static Content text(String body) {
        return Content.newBuilder()
                .setText(TextContent.newBuilder().setBody(body))
                .build();
    }

    private static ConversationEvent.Builder sent(Content content) {
        return ConversationEvent.newBuilder()
                .setConversationId("p:alice:bob")
                .setSeq(5)
                .setMessageIndex(4)
                .setSentAt(Timestamps.fromMillis(SENT_AT_MILLIS))
                .setCommandId("c-1")
                .setMessageSent(MessageSent.newBuilder()
                        .setMessageId("c-1")
                        .setSender("alice")
                        .setClientMsgId("m1")
                        .setContent(content));
    }
}
