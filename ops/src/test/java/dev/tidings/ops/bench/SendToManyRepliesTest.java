package dev.tidings.ops.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Sequenced;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SendToManyRepliesTest {

    private final SendToManyPlan plan = new SendToManyPlan("run", 3, 2, 10, Duration.ofSeconds(1));
    private final SendToManyReplies replies = new SendToManyReplies(plan.requests(), plan.perRequest());

    @Test
    void one_reply_for_each_recipient_is_no_violation() {
        replies.sent(0, 1_000);
        replies.sent(1, 5_000);
        for (int recipient = 0; recipient < 3; recipient++) {
            assertTrue(replies.received(sequenced(recipient), 7_000));
        }

        assertEquals(List.of(), flaws());
        assertEquals(6_000, replies.requestToReply().getMaxValue(), 10);
        assertEquals(2_000, replies.requestToReply().getMinValue(), 10);
    }

    @Test
    void a_missing_reply_a_second_one_and_a_refusal_are_violations() {
        replies.received(sequenced(0), 7_000);
        assertFalse(replies.received(sequenced(0), 8_000));
        replies.received(
                BusinessReply.newBuilder()
                        .setRefusal(Refusal.getDefaultInstance())
                        .build(),
                9_000);

        assertEquals(List.of("2 recipients without a message", "1 replies doubled", "1 refused"), flaws());
    }

    private List<String> flaws() {
        return new SendToManyReport(plan, replies, 1, 1).flaws();
    }

    private static BusinessReply sequenced(int recipient) {
        return BusinessReply.newBuilder()
                .setSequenced(Sequenced.newBuilder().setConversationId("s:bench-run-recipient-" + recipient))
                .build();
    }
}
