package dev.tidings.ops.bench.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Sequenced;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Verdicts on conversations whose users have two devices each, and on users who are no members. */
class LedgerDevicesTest {

    private static final int ANN = 0;
    private static final int BOB = 1;
    private static final int SECOND_OF_ANN = 2;
    private static final int SECOND_OF_BOB = 3;
    private static final Content CONTENT = Content.getDefaultInstance();

    private final Ledger ledger = new Ledger(List.of("ann", "bob"), 2, CONTENT);
    private long now = 1_000;

    @Test
    void a_message_on_all_devices_is_no_violation() {
        SentMessage message = sequenced(1);
        arrives(message, 1, BOB, SECOND_OF_ANN, SECOND_OF_BOB);
        views(0, BOB, SECOND_OF_BOB);

        assertEquals(List.of(), audit().flaws());
        assertTrue(ledger.isSettled());
    }

    @Test
    void a_message_that_one_of_two_devices_of_a_receiver_lacks_makes_them_diverge() {
        SentMessage message = sequenced(1);
        arrives(message, 1, SECOND_OF_ANN, SECOND_OF_BOB);

        CheckResult result = audit();

        assertEquals(List.of("1 device divergence"), result.flaws());
        assertTrue(result.evidence().getFirst().contains("1 of 2 devices of bob"), result.evidence()::toString);
        assertFalse(ledger.isSettled());
    }

    @Test
    void a_message_that_the_other_device_of_its_sender_lacks_makes_them_diverge() {
        SentMessage message = sequenced(1);
        arrives(message, 1, BOB, SECOND_OF_BOB);

        CheckResult result = audit();

        assertEquals(List.of("1 device divergence"), result.flaws());
        assertTrue(result.evidence().getFirst().contains("1 of 2 devices of ann"), result.evidence()::toString);
    }

    @Test
    void a_message_on_no_device_of_its_receiver_is_lost_once() {
        SentMessage message = sequenced(1);
        arrives(message, 1, SECOND_OF_ANN);

        assertEquals(List.of("1 lost"), audit().flaws());
    }

    @Test
    void devices_with_different_read_positions_diverge() {
        SentMessage message = sequenced(1);
        arrives(message, 1, BOB, SECOND_OF_ANN, SECOND_OF_BOB);
        ledger.view(BOB, 1, 1, 0);
        ledger.view(SECOND_OF_BOB, 1, 0, 1);

        assertEquals(List.of("1 device divergence"), audit().flaws());
    }

    @Test
    void the_second_device_has_its_own_unread_count() {
        SentMessage message = sequenced(1);
        arrives(message, 1, BOB, SECOND_OF_ANN, SECOND_OF_BOB);
        views(0, BOB);
        ledger.view(SECOND_OF_BOB, 1, 0, 0);

        assertEquals(List.of("1 unread counts wrong"), audit().flaws());
    }

    @Test
    void a_gap_of_a_second_device_is_found_although_the_first_one_has_the_event() {
        SentMessage message = sequenced(1);
        arrives(message, 1, BOB);

        assertEquals(new SeqRange(1, 1), ledger.missing(SECOND_OF_BOB));
        assertEquals(1, ledger.contiguousSeq(BOB));
    }

    @Test
    void anything_that_a_non_member_reads_is_a_violation() {
        ledger.rejectedNonMember();
        ledger.readByNonMember("3 × events");

        CheckResult result = audit();

        assertEquals(List.of("1 read by a non-member"), result.flaws());
        assertEquals(List.of("read by a non-member: 3 × events"), result.evidence());
        assertEquals(1, result.rejectedNonMembers);
    }

    private SentMessage sequenced(long seq) {
        SentMessage message = ledger.intend(ANN, ++now);
        ledger.transmitted(message, 1);
        ledger.sequenced(
                message,
                Sequenced.newBuilder().setSeq(seq).setMessageId("id" + seq).build(),
                1,
                ++now);
        return message;
    }

    private void arrives(SentMessage message, long seq, int... devices) {
        ConversationEvent event = ConversationEvent.newBuilder()
                .setSeq(seq)
                .setMessageSent(MessageSent.newBuilder()
                        .setMessageId("id" + seq)
                        .setClientMsgId(Ledger.clientMsgId(message.number()))
                        .setSender("ann")
                        .setContent(CONTENT))
                .build();
        for (int device : devices) {
            ledger.arrived(device, event, true, ++now);
        }
    }

    private void views(long readSeq, int... devices) {
        for (int device : devices) {
            ledger.view(device, 1, readSeq, 1 - readSeq);
        }
    }

    private CheckResult audit() {
        CheckResult result = new CheckResult(0, Long.MAX_VALUE);
        ledger.audit(result, 0);
        return result;
    }
}
