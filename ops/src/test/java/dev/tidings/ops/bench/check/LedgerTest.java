package dev.tidings.ops.bench.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.GroupCreated;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.ReadAdvanced;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.TextContent;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private static final int ANN = 0;
    private static final int BOB = 1;
    private static final int CAT = 2;
    private static final List<String> USERS = List.of("ann", "bob", "cat");
    private static final Content CONTENT = Content.newBuilder()
            .setText(TextContent.newBuilder().setBody("hello"))
            .build();

    private final Ledger group = new Ledger(USERS, CONTENT);
    private final Ledger ledger = new Ledger(USERS.subList(0, 2), CONTENT);
    private long now = 1_000;

    @Test
    void aConversationWithoutViolationsIsClean() {
        for (int i = 1; i <= 10; i++) {
            SentMessage message = sent(i % 2);
            sequenced(message, i);
            live(message, i);
        }

        assertTrue(audit().isClean());
        assertEquals(10, audit().sent);
        assertEquals(10, audit().sequenced);
        assertEquals(10, audit().delivered);
        assertTrue(ledger.isSettled());
    }

    @Test
    void latencyCountsFromTheIntendedTime() {
        SentMessage message = ledger.intend(ANN, 1_000);
        ledger.transmitted(message, 1);
        ledger.sequenced(message, answer(1, "id0"), 1, 6_000);
        ledger.arrived(BOB, event(message, 1, "id0"), true, 8_000);

        assertEquals(5_000, audit().sendToSequenced.getMaxValue(), 10);
        assertEquals(7_000, audit().sendToDelivered.getMaxValue(), 10);
    }

    @Test
    void messagesDueBeforeTheWindowAreCheckedButNotMeasured() {
        sequenced(sent(ANN), 1);
        long windowStart = now + 1;
        now = windowStart;
        SentMessage measured = sent(BOB);
        sequenced(measured, 2);
        live(measured, 2);

        CheckResult result = new CheckResult(0, Long.MAX_VALUE);
        ledger.audit(result, windowStart);

        assertEquals(1, result.sent);
        assertEquals(1, result.sequenced);
        assertEquals(1, result.lost);
    }

    @Test
    void anAcceptedMessageThatNeverArrivedIsLost() {
        SentMessage message = sent(ANN);
        ledger.accepted(message, 1);

        assertEquals(1, audit().lost);
        assertEquals(1, audit().unanswered);
        assertFalse(ledger.isSettled());
    }

    @Test
    void aMessageThatWasNeverAcceptedIsUnansweredButNotLost() {
        sent(ANN);

        assertEquals(0, audit().lost);
        assertEquals(1, audit().unanswered);
        assertFalse(audit().isClean());
    }

    @Test
    void aRefusedMessageIsNotLost() {
        SentMessage message = sent(ANN);
        ledger.accepted(message, 1);
        ledger.refused(message);

        assertTrue(audit().isClean());
        assertEquals(1, audit().refused);
        assertTrue(ledger.isSettled());
    }

    @Test
    void aMessageWithTwoSeqsIsDuplicated() {
        SentMessage message = sent(ANN);
        sequenced(message, 1);
        live(message, 1);
        live(message, 2);
        live(message, 2);

        assertEquals(1, audit().duplicated);
        assertEquals(0, audit().gaps);
    }

    @Test
    void aSeqWithTwoMessagesIsDuplicated() {
        SentMessage first = sent(ANN);
        SentMessage second = sent(ANN);
        sequenced(first, 1);
        sequenced(second, 1);
        live(first, 1);
        live(second, 1);

        assertEquals(1, audit().duplicated);
    }

    @Test
    void aMessageThatChangedItsIdIsDuplicated() {
        SentMessage message = sent(ANN);
        sequenced(message, 1);
        ledger.arrived(BOB, event(message, 1, "another"), true, ++now);

        assertEquals(1, audit().duplicated);
    }

    @Test
    void theSameEventAgainIsOnlyRedelivered() {
        SentMessage message = sent(ANN);
        sequenced(message, 1);
        live(message, 1);
        live(message, 1);

        assertTrue(audit().isClean());
        assertEquals(1, audit().redelivered);
    }

    @Test
    void aMessageFirstSeenAfterALaterOneIsOutOfOrder() {
        SentMessage first = sent(ANN);
        SentMessage second = sent(ANN);
        sequenced(first, 1);
        sequenced(second, 2);
        live(second, 2);
        live(first, 1);

        assertEquals(1, audit().outOfOrder);
    }

    @Test
    void aNewConnectionMayDeliverMessagesThatTheLastOneHadLeftOut() {
        SentMessage first = sent(ANN);
        SentMessage second = sent(ANN);
        sequenced(first, 1);
        sequenced(second, 2);
        live(second, 2);
        ledger.connected(BOB);
        live(first, 1);

        assertTrue(audit().isClean());
    }

    @Test
    void aSenderWhoseMessagesChangedPlacesIsOutOfOrder() {
        SentMessage first = sent(ANN);
        SentMessage second = sent(ANN);
        sequenced(first, 2);
        sequenced(second, 1);
        live(second, 1);
        live(first, 2);

        assertEquals(1, audit().outOfOrder);
    }

    @Test
    void aMessageSentAgainHasNoPlaceInTheOrder() {
        SentMessage first = sent(ANN);
        SentMessage second = sent(ANN);
        ledger.transmitted(first, 2);
        sequenced(first, 2);
        sequenced(second, 1);
        live(second, 1);
        live(first, 2);

        assertTrue(audit().isClean());
        assertEquals(1, audit().resent);
    }

    @Test
    void ordersOfDifferentSendersAreIndependent() {
        SentMessage ann = sent(ANN);
        SentMessage bob = sent(BOB);
        sequenced(ann, 2);
        sequenced(bob, 1);
        live(bob, 1);
        live(ann, 2);

        assertTrue(audit().isClean());
    }

    @Test
    void aSeqWithoutAnEventIsAGap() {
        SentMessage message = sent(ANN);
        sequenced(message, 3);
        live(message, 3);

        assertEquals(2, audit().gaps);
    }

    @Test
    void aMessageSeenOnlyInHistoryIsRecovered() {
        SentMessage message = sent(ANN);
        sequenced(message, 1);
        ledger.arrived(BOB, event(message, 1, "id0"), false, ++now);

        assertTrue(audit().isClean());
        assertEquals(1, audit().recovered);
        assertEquals(1, audit().delivered);
    }

    @Test
    void aMessageDeliveredLiveAfterHistoryIsNotRecovered() {
        SentMessage message = sent(ANN);
        sequenced(message, 1);
        ledger.arrived(BOB, event(message, 1, "id0"), false, ++now);
        live(message, 1);

        assertEquals(0, audit().recovered);
        assertEquals(0, audit().redelivered);
    }

    @Test
    void anEventThatMatchesNoMessageIsForeign() {
        SentMessage message = sent(ANN);
        ConversationEvent event = event(message, 1, "id0");
        ConversationEvent unknown = event.toBuilder()
                .setMessageSent(event.getMessageSent().toBuilder().setClientMsgId("m77"))
                .build();
        ConversationEvent altered = event.toBuilder()
                .setMessageSent(event.getMessageSent().toBuilder().setContent(Content.getDefaultInstance()))
                .build();
        ConversationEvent byAnother = event.toBuilder()
                .setMessageSent(event.getMessageSent().toBuilder().setSender("bob"))
                .build();

        ledger.arrived(BOB, unknown, true, ++now);
        ledger.arrived(BOB, altered, true, ++now);
        ledger.arrived(BOB, byAnother, true, ++now);

        assertEquals(3, audit().foreign);
    }

    @Test
    void readPositionsAreOutsideTheSequence() {
        ConversationEvent read = ConversationEvent.newBuilder()
                .setReadAdvanced(ReadAdvanced.newBuilder().setUserId("bob").setReadSeq(1))
                .build();

        ledger.arrived(ANN, read, true, ++now);

        assertTrue(audit().isClean());
    }

    @Test
    void missingReturnsTheFirstRangeThatAUserDoesNotKnow() {
        SentMessage[] messages = new SentMessage[6];
        for (int seq = 1; seq <= 5; seq++) {
            messages[seq] = sent(ANN);
            sequenced(messages[seq], seq);
        }
        live(messages[1], 1);
        live(messages[4], 4);

        assertNull(ledger.missing(ANN));
        assertEquals(new SeqRange(2, 3), ledger.missing(BOB));
        assertEquals(1, ledger.contiguousSeq(BOB));

        ledger.arrived(BOB, event(messages[2], 2, "id1"), false, ++now);
        ledger.arrived(BOB, event(messages[3], 3, "id2"), false, ++now);

        assertEquals(new SeqRange(5, 5), ledger.missing(BOB));
    }

    @Test
    void missingReturnsAtMostTheEventsOfOnePull() {
        sequenced(sent(ANN), 1_000);

        assertEquals(new SeqRange(1, Ledger.MAX_PULL_EVENTS), ledger.missing(BOB));
    }

    @Test
    void onlyTheSenderFindsAMessageByNumber() {
        SentMessage message = sent(ANN);

        assertEquals(message, ledger.sentBy(ANN, message.number));
        assertNull(ledger.sentBy(BOB, message.number));
        assertNull(ledger.sentBy(ANN, 99));
        assertNull(ledger.sentBy(ANN, -1));
    }

    @Test
    void aMessageAcceptedOverALostConnectionMustBeADuplicateOverTheNext() {
        SentMessage kept = sent(ANN);
        ledger.accepted(kept, 1);
        ledger.sequenced(kept, answer(1, "id0").toBuilder().setDuplicate(true).build(), 2, ++now);
        live(kept, 1);
        assertTrue(audit().isClean());

        SentMessage lost = sent(ANN);
        ledger.accepted(lost, 1);
        ledger.sequenced(lost, answer(2, "id1"), 2, ++now);
        live(lost, 2);

        assertEquals(1, audit().rescued);
        assertFalse(audit().isClean());
    }

    @Test
    void inAGroupEveryReceiverCounts() {
        SentMessage message = sequencedInGroup(ANN, 1, 1_000);
        group.arrived(BOB, event(message, 1, "id0"), true, 3_000);
        group.arrived(CAT, event(message, 1, "id0"), true, 5_000);

        CheckResult result = auditGroup();

        assertTrue(result.isClean());
        assertTrue(group.isSettled());
        assertEquals(2, result.delivered);
        assertEquals(1, result.deliveredToAll);
        assertEquals(2_000, result.sendToDelivered.getMinValue(), 10);
        assertEquals(4_000, result.sendToDelivered.getMaxValue(), 10);
        assertEquals(4_000, result.sendToAll.getMinValue(), 10);
    }

    @Test
    void aMessageThatOneGroupMemberHasNotSeenIsLost() {
        SentMessage message = sequencedInGroup(BOB, 1, 1_000);
        group.arrived(ANN, event(message, 1, "id0"), true, 3_000);

        assertEquals(1, auditGroup().lost);
        assertEquals(0, auditGroup().deliveredToAll);
        assertFalse(group.isSettled());
        assertEquals(new SeqRange(1, 1), group.missing(CAT));
        assertNull(group.missing(ANN));
        assertNull(group.missing(BOB));
    }

    @Test
    void everyReceiverOfAGroupIsCheckedSeparately() {
        SentMessage first = sequencedInGroup(ANN, 1, 1_000);
        SentMessage second = sequencedInGroup(BOB, 2, 2_000);
        group.arrived(CAT, event(second, 2, "id1"), true, 3_000);
        group.arrived(CAT, event(first, 1, "id0"), true, 4_000);
        group.arrived(CAT, event(first, 1, "id0"), true, 5_000);
        group.arrived(BOB, event(first, 1, "id0"), true, 6_000);
        group.arrived(ANN, event(second, 2, "id1"), false, 7_000);

        CheckResult result = auditGroup();

        assertEquals(1, result.outOfOrder);
        assertEquals(1, result.redelivered);
        assertEquals(1, result.recovered);
        assertEquals(0, result.lost);
    }

    @Test
    void theSenderIsNoReceiver() {
        SentMessage message = sequencedInGroup(ANN, 1, 1_000);
        group.arrived(ANN, event(message, 1, "id0"), true, 2_000);

        assertEquals(2, auditGroup().lost);
        assertEquals(0, auditGroup().delivered);
    }

    @Test
    void anotherEventHasItsSeqAndNoUserNeedsToSeeIt() {
        group.otherEvent(1);
        SentMessage message = sequencedInGroup(ANN, 2, 1_000);
        ConversationEvent created = ConversationEvent.newBuilder()
                .setSeq(1)
                .setGroupCreated(GroupCreated.getDefaultInstance())
                .build();

        group.arrived(BOB, created, true, 2_000);
        group.arrived(BOB, event(message, 2, "id0"), true, 3_000);
        group.arrived(CAT, event(message, 2, "id0"), true, 3_000);

        assertTrue(auditGroup().isClean());
        assertNull(group.missing(CAT));
    }

    @Test
    void anUnknownEventThatIsNoMessageIsForeign() {
        ConversationEvent created = ConversationEvent.newBuilder()
                .setSeq(1)
                .setGroupCreated(GroupCreated.getDefaultInstance())
                .build();

        group.arrived(BOB, created, true, 2_000);

        assertEquals(1, auditGroup().foreign);
    }

    @Test
    void aMessageWithTheSeqOfAnotherEventIsDuplicated() {
        group.otherEvent(1);
        sequencedInGroup(ANN, 1, 1_000);

        assertEquals(1, auditGroup().duplicated);
    }

    @Test
    void upToTheHeadEverythingIsMissing() {
        group.head(3);

        assertEquals(new SeqRange(1, 3), group.missing(CAT));
        assertEquals(3, auditGroup().gaps);
    }

    private static Sequenced answer(long seq, String messageId) {
        return Sequenced.newBuilder().setSeq(seq).setMessageId(messageId).build();
    }

    private SentMessage sent(int user) {
        SentMessage message = ledger.intend(user, now);
        ledger.transmitted(message, 1);
        return message;
    }

    private SentMessage sequencedInGroup(int user, long seq, long intendedNanos) {
        SentMessage message = group.intend(user, intendedNanos);
        group.transmitted(message, 1);
        group.sequenced(message, answer(seq, "id" + message.number), 1, intendedNanos + 1);
        return message;
    }

    private void sequenced(SentMessage message, long seq) {
        ledger.accepted(message, 1);
        ledger.sequenced(message, answer(seq, "id" + message.number), 1, ++now);
    }

    private void live(SentMessage message, long seq) {
        ledger.arrived(1 - message.sender, event(message, seq, "id" + message.number), true, ++now);
    }

    private static ConversationEvent event(SentMessage message, long seq, String messageId) {
        return ConversationEvent.newBuilder()
                .setSeq(seq)
                .setMessageSent(MessageSent.newBuilder()
                        .setMessageId(messageId)
                        .setSender(USERS.get(message.sender))
                        .setClientMsgId(Ledger.clientMsgId(message.number))
                        .setContent(CONTENT))
                .build();
    }

    @Test
    void anUnreadCountIsThatOfTheMessagesOfOthersSinceTheUserReadOrSentLast() {
        int seq = 0;
        for (int sender : new int[] {BOB, ANN, BOB, BOB, BOB}) {
            SentMessage message = sent(sender);
            sequenced(message, ++seq);
            live(message, seq);
        }

        ledger.view(ANN, 5, 0, 3);
        ledger.view(BOB, 5, 0, 0);
        assertEquals(0, audit().wrongUnread);
        ledger.view(ANN, 5, 4, 1);
        assertEquals(0, audit().wrongUnread);

        ledger.view(ANN, 5, 4, 2);
        assertEquals(List.of("1 unread counts wrong"), audit().flaws());
        assertEquals(List.of("unread: ann has 2 at seq 5, expected 1 at seq 5"), audit().evidence());
    }

    @Test
    void aViewThatDoesNotArriveOrIsOldIsAWrongUnreadCount() {
        sequenced(sent(ANN), 1);
        ledger.expectView(ANN);
        ledger.view(BOB, 0, 0, 0);

        assertFalse(ledger.hasCurrentView(ANN));
        assertFalse(ledger.hasCurrentView(BOB));
        assertEquals(2, audit().wrongUnread);
    }

    @Test
    void lostMessagesAreShownAsEvidenceUpToALimit() {
        for (int i = 1; i <= CheckResult.MAX_EVIDENCE + 5; i++) {
            sequenced(sent(ANN), i);
        }

        assertEquals(CheckResult.MAX_EVIDENCE, audit().evidence().size());
        assertEquals(
                "lost: message 0 of ann to bob, seq 1, 1 attempts, accepted, not seen by 1 of 1 receivers",
                audit().evidence().getFirst());
    }

    @Test
    void silenceIsTheLongestTimeWithoutADelivery() {
        for (long tenths : new long[] {1, 2, 30, 31}) {
            now = tenths * 100_000_000;
            SentMessage message = sent(ANN);
            sequenced(message, tenths);
            live(message, tenths);
        }

        assertEquals(2.7, audit().longestSilenceSeconds(), 0.001);
    }

    private CheckResult audit() {
        return audit(ledger);
    }

    private CheckResult auditGroup() {
        return audit(group);
    }

    private static CheckResult audit(Ledger ledger) {
        CheckResult result = new CheckResult(0, Long.MAX_VALUE);
        ledger.audit(result, 0);
        return result;
    }
}
