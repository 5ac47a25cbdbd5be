package dev.tidings.ops.bench;

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
    void aConversationThatKeptThePromiseIsClean() {
        for (int i = 1; i <= 10; i++) {
            Sent message = sent(i % 2);
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
        Sent message = ledger.intend(ANN, 1_000);
        ledger.transmitted(message, 1);
        ledger.sequenced(message, answer(1, "id0"), 1, 6_000);
        ledger.arrived(BOB, event(message, 1, "id0"), true, 8_000);

        assertEquals(5_000, audit().sendToSequenced.getMaxValue(), 10);
        assertEquals(7_000, audit().sendToDelivered.getMaxValue(), 10);
    }

    @Test
    void whatWasToBeSentBeforeTheWindowIsCheckedButNotMeasured() {
        sequenced(sent(ANN), 1);
        long windowStart = now + 1;
        now = windowStart;
        Sent measured = sent(BOB);
        sequenced(measured, 2);
        live(measured, 2);

        Verdict verdict = new Verdict(Long.MAX_VALUE);
        ledger.audit(verdict, windowStart);

        assertEquals(1, verdict.sent);
        assertEquals(1, verdict.sequenced);
        assertEquals(1, verdict.lost);
    }

    @Test
    void anAcceptedMessageThatNeverArrivedIsLost() {
        Sent message = sent(ANN);
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
        Sent message = sent(ANN);
        ledger.accepted(message, 1);
        ledger.refused(message);

        assertTrue(audit().isClean());
        assertEquals(1, audit().refused);
        assertTrue(ledger.isSettled());
    }

    @Test
    void aMessageWithTwoSeqsIsDuplicated() {
        Sent message = sent(ANN);
        sequenced(message, 1);
        live(message, 1);
        live(message, 2);
        live(message, 2);

        assertEquals(1, audit().duplicated);
        assertEquals(0, audit().gaps);
    }

    @Test
    void aSeqWithTwoMessagesIsDuplicated() {
        Sent first = sent(ANN);
        Sent second = sent(ANN);
        sequenced(first, 1);
        sequenced(second, 1);
        live(first, 1);
        live(second, 1);

        assertEquals(1, audit().duplicated);
    }

    @Test
    void aMessageThatChangedItsIdIsDuplicated() {
        Sent message = sent(ANN);
        sequenced(message, 1);
        ledger.arrived(BOB, event(message, 1, "another"), true, ++now);

        assertEquals(1, audit().duplicated);
    }

    @Test
    void theSameEventAgainIsOnlyRedelivered() {
        Sent message = sent(ANN);
        sequenced(message, 1);
        live(message, 1);
        live(message, 1);

        assertTrue(audit().isClean());
        assertEquals(1, audit().redelivered);
    }

    @Test
    void aFirstAppearanceBelowOneThatWasSeenIsOutOfOrder() {
        Sent first = sent(ANN);
        Sent second = sent(ANN);
        sequenced(first, 1);
        sequenced(second, 2);
        live(second, 2);
        live(first, 1);

        assertEquals(1, audit().outOfOrder);
    }

    @Test
    void aNewConnectionMayDeliverWhatTheLastOneHadLeftOut() {
        Sent first = sent(ANN);
        Sent second = sent(ANN);
        sequenced(first, 1);
        sequenced(second, 2);
        live(second, 2);
        ledger.connected(BOB);
        live(first, 1);

        assertTrue(audit().isClean());
    }

    @Test
    void aSenderWhoseMessagesChangedPlacesIsOutOfOrder() {
        Sent first = sent(ANN);
        Sent second = sent(ANN);
        sequenced(first, 2);
        sequenced(second, 1);
        live(second, 1);
        live(first, 2);

        assertEquals(1, audit().outOfOrder);
    }

    @Test
    void whoSendsAgainGivesUpTheOrder() {
        Sent first = sent(ANN);
        Sent second = sent(ANN);
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
        Sent ann = sent(ANN);
        Sent bob = sent(BOB);
        sequenced(ann, 2);
        sequenced(bob, 1);
        live(bob, 1);
        live(ann, 2);

        assertTrue(audit().isClean());
    }

    @Test
    void aSeqThatNobodySawIsAGap() {
        Sent message = sent(ANN);
        sequenced(message, 3);
        live(message, 3);

        assertEquals(2, audit().gaps);
    }

    @Test
    void whatOnlyHistoryHadIsRecovered() {
        Sent message = sent(ANN);
        sequenced(message, 1);
        ledger.arrived(BOB, event(message, 1, "id0"), false, ++now);

        assertTrue(audit().isClean());
        assertEquals(1, audit().recovered);
        assertEquals(1, audit().delivered);
    }

    @Test
    void whatComesLiveAfterHistoryIsNotRecovered() {
        Sent message = sent(ANN);
        sequenced(message, 1);
        ledger.arrived(BOB, event(message, 1, "id0"), false, ++now);
        live(message, 1);

        assertEquals(0, audit().recovered);
        assertEquals(0, audit().redelivered);
    }

    @Test
    void anEventThatNobodySentIsForeign() {
        Sent message = sent(ANN);
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
    void missingNamesTheOldestStretchThatAUserDoesNotKnow() {
        Sent[] messages = new Sent[6];
        for (int seq = 1; seq <= 5; seq++) {
            messages[seq] = sent(ANN);
            sequenced(messages[seq], seq);
        }
        live(messages[1], 1);
        live(messages[4], 4);

        assertNull(ledger.missing(ANN));
        assertEquals(new SeqRange(2, 3), ledger.missing(BOB));
        assertEquals(1, ledger.contiguous(BOB));

        ledger.arrived(BOB, event(messages[2], 2, "id1"), false, ++now);
        ledger.arrived(BOB, event(messages[3], 3, "id2"), false, ++now);

        assertEquals(new SeqRange(5, 5), ledger.missing(BOB));
    }

    @Test
    void missingAsksForNoMoreThanAPullMayAnswer() {
        sequenced(sent(ANN), 1_000);

        assertEquals(new SeqRange(1, Ledger.MAX_PULL_EVENTS), ledger.missing(BOB));
    }

    @Test
    void aMessageIsOnlyItsSendersToAskAbout() {
        Sent message = sent(ANN);

        assertEquals(message, ledger.sentBy(ANN, message.number));
        assertNull(ledger.sentBy(BOB, message.number));
        assertNull(ledger.sentBy(ANN, 99));
        assertNull(ledger.sentBy(ANN, -1));
    }

    @Test
    void whatWasAcceptedOverALostConnectionMustBeADuplicateOverTheNext() {
        Sent kept = sent(ANN);
        ledger.accepted(kept, 1);
        ledger.sequenced(kept, answer(1, "id0").toBuilder().setDuplicate(true).build(), 2, ++now);
        live(kept, 1);
        assertTrue(audit().isClean());

        Sent forgotten = sent(ANN);
        ledger.accepted(forgotten, 1);
        ledger.sequenced(forgotten, answer(2, "id1"), 2, ++now);
        live(forgotten, 2);

        assertEquals(1, audit().rescued);
        assertFalse(audit().isClean());
    }

    @Test
    void inAGroupEveryReceiverCounts() {
        Sent message = sequencedInGroup(ANN, 1, 1_000);
        group.arrived(BOB, event(message, 1, "id0"), true, 3_000);
        group.arrived(CAT, event(message, 1, "id0"), true, 5_000);

        Verdict verdict = auditGroup();

        assertTrue(verdict.isClean());
        assertTrue(group.isSettled());
        assertEquals(2, verdict.delivered);
        assertEquals(1, verdict.deliveredToAll);
        assertEquals(2_000, verdict.sendToDelivered.getMinValue(), 10);
        assertEquals(4_000, verdict.sendToDelivered.getMaxValue(), 10);
        assertEquals(4_000, verdict.sendToAll.getMinValue(), 10);
    }

    @Test
    void whatOneOfAGroupNeverSawIsLostToHim() {
        Sent message = sequencedInGroup(BOB, 1, 1_000);
        group.arrived(ANN, event(message, 1, "id0"), true, 3_000);

        assertEquals(1, auditGroup().lost);
        assertEquals(0, auditGroup().deliveredToAll);
        assertFalse(group.isSettled());
        assertEquals(new SeqRange(1, 1), group.missing(CAT));
        assertNull(group.missing(ANN));
        assertNull(group.missing(BOB));
    }

    @Test
    void theReceiversOfAGroupAreHeldApart() {
        Sent first = sequencedInGroup(ANN, 1, 1_000);
        Sent second = sequencedInGroup(BOB, 2, 2_000);
        group.arrived(CAT, event(second, 2, "id1"), true, 3_000);
        group.arrived(CAT, event(first, 1, "id0"), true, 4_000);
        group.arrived(CAT, event(first, 1, "id0"), true, 5_000);
        group.arrived(BOB, event(first, 1, "id0"), true, 6_000);
        group.arrived(ANN, event(second, 2, "id1"), false, 7_000);

        Verdict verdict = auditGroup();

        assertEquals(1, verdict.outOfOrder);
        assertEquals(1, verdict.redelivered);
        assertEquals(1, verdict.recovered);
        assertEquals(0, verdict.lost);
    }

    @Test
    void whoSeesHisOwnMessageIsNoReceiver() {
        Sent message = sequencedInGroup(ANN, 1, 1_000);
        group.arrived(ANN, event(message, 1, "id0"), true, 2_000);

        assertEquals(2, auditGroup().lost);
        assertEquals(0, auditGroup().delivered);
    }

    @Test
    void aFactHasItsPlaceAndNobodyNeedsToSeeIt() {
        group.fact(1);
        Sent message = sequencedInGroup(ANN, 2, 1_000);
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
    void aFactThatNobodyBroughtAboutIsForeign() {
        ConversationEvent created = ConversationEvent.newBuilder()
                .setSeq(1)
                .setGroupCreated(GroupCreated.getDefaultInstance())
                .build();

        group.arrived(BOB, created, true, 2_000);

        assertEquals(1, auditGroup().foreign);
    }

    @Test
    void aMessageInThePlaceOfAFactIsDuplicated() {
        group.fact(1);
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

    private Sent sent(int user) {
        Sent message = ledger.intend(user, now);
        ledger.transmitted(message, 1);
        return message;
    }

    private Sent sequencedInGroup(int user, long seq, long intendedNanos) {
        Sent message = group.intend(user, intendedNanos);
        group.transmitted(message, 1);
        group.sequenced(message, answer(seq, "id" + message.number), 1, intendedNanos + 1);
        return message;
    }

    private void sequenced(Sent message, long seq) {
        ledger.accepted(message, 1);
        ledger.sequenced(message, answer(seq, "id" + message.number), 1, ++now);
    }

    private void live(Sent message, long seq) {
        ledger.arrived(1 - message.sender, event(message, seq, "id" + message.number), true, ++now);
    }

    private static ConversationEvent event(Sent message, long seq, String messageId) {
        return ConversationEvent.newBuilder()
                .setSeq(seq)
                .setMessageSent(MessageSent.newBuilder()
                        .setMessageId(messageId)
                        .setSender(USERS.get(message.sender))
                        .setClientMsgId(Ledger.clientMsgId(message.number))
                        .setContent(CONTENT))
                .build();
    }

    private Verdict audit() {
        return audit(ledger);
    }

    private Verdict auditGroup() {
        return audit(group);
    }

    private static Verdict audit(Ledger ledger) {
        Verdict verdict = new Verdict(Long.MAX_VALUE);
        ledger.audit(verdict, 0);
        return verdict;
    }
}
