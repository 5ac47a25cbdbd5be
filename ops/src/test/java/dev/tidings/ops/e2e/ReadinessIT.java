package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.Content;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.TextContent;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.apache.kafka.common.config.TopicConfig;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code /readyz} reports a partition in which a topology makes no progress, and stops reporting it once it does. */
class ReadinessIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(120);
    private static final String STUCK = Topics.BUSINESS.name() + "-0";

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne();

    private static final BusinessSystem business = tidings.business();

    /** INTAKE skips a record that cannot be decoded only after its dead letter is written. */
    @Test
    void a_partition_is_reported_while_its_dead_letter_cannot_be_written() throws Exception {
        tidings.setTopicConfig(Topics.DEAD_LETTERS, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "100");
        business.send(0, "{broken".getBytes(UTF_8), null);
        business.send(0, order().toByteArray(), "application/x-protobuf");

        HttpResponse<String> answer = patiently()
                .pollInterval(Duration.ofMillis(500))
                .until(() -> tidings.get("/readyz"), response -> response.body().contains(STUCK));
        assertEquals(503, answer.statusCode());
        assertEquals(0, business.committed(Topics.DEAD_LETTERS).size());
        try (ChatClient alice = ChatClient.signedIn(tidings.url(), "alice", "phone", Subprotocol.PROTO)) {
            alice.request(ChatClient.text("p:alice:bob", "m1", "clients do not wait"), ServerFrame::hasSequenced);
        }

        tidings.setTopicConfig(Topics.DEAD_LETTERS, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "1048588");

        patiently().until(() -> business.committed(Topics.DEAD_LETTERS).size() == 1);
        // CONVERSATION may have decided the command of an aborted transaction before
        patiently().until(() -> !business.committed(Topics.BUSINESS_REPLIES).isEmpty());
        BusinessReply reply = business.awaitReplies("order-1", 1).getFirst();
        assertEquals(1, reply.getSequenced().getSeq());
        patiently().until(() -> !tidings.get("/readyz").body().contains(STUCK));
    }

    private static ConditionFactory patiently() {
        return await().atMost(TIMEOUT);
    }

    private static BusinessCommand order() {
        return BusinessCommand.newBuilder()
                .setRequestId("order-1")
                .setActor("shop")
                .setSendMessage(BusinessSend.newBuilder()
                        .setConversationId("p:customer:shop")
                        .setClientMsgId("order-1")
                        .setContent(Content.newBuilder()
                                .setText(TextContent.newBuilder().setBody("on its way"))))
                .build();
    }
}
