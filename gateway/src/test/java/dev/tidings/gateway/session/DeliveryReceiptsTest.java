package dev.tidings.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.v1.Answer;
import dev.tidings.v1.Command;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.EventDelivery;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Sequenced;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Many users in pairs on one gateway, with a topology that sequences or refuses what they send. */
class DeliveryReceiptsTest {

    private static final int PAIRS = 50;
    private static final int MESSAGES_PER_SECOND = 100;
    private static final int SECONDS = 120;

    private final Random random = new Random(43);
    private final TestGateway gateway = new TestGateway.Builder().build();
    private final List<User> users = new ArrayList<>();
    private final Map<String, Long> lastSeqs = new HashMap<>();
    /** By user: the newest acknowledged message of the peer, and the newest position in the log. */
    private final Map<String, Long> acknowledged = new HashMap<>();

    private final Map<String, Long> recorded = new HashMap<>();
    private int commandsSeen;
    private int receipts;

    private final class User {

        private final String name;
        private final String conversationId;
        private final FakeTransport transport = new FakeTransport();
        private final ClientSession session = gateway.session(transport);
        private final String sessionId;
        private int deliveries;

        User(String name, String conversationId) {
            this.name = name;
            this.conversationId = conversationId;
            this.sessionId = gateway.open(session, transport, name);
        }

        void send(int number) {
            session.onText(TestGateway.json("{'id':'f','send':{'conversationId':'" + conversationId
                    + "','clientMsgId':'m" + number + "','content':{'text':{'body':'hi'}}}}"));
        }

        void receive(ConversationEvent event) {
            gateway.deliver(Delivery.newBuilder()
                    .setEvent(EventDelivery.newBuilder().setEvent(event).addSessionIds(sessionId)));
            deliveries++;
            if (random.nextInt(4) > 0) {
                session.onText(TestGateway.json("{'ack':{'upTo':'" + deliveries + "'}}"));
                acknowledged.put(name, event.getSeq());
            }
        }

        void answer(Answer.Builder answer) {
            gateway.deliver(Delivery.newBuilder()
                    .setAnswer(answer.setOrigin(
                            Origin.newBuilder().setSessionId(sessionId).setFrameId("f"))));
        }
    }

    @Test
    void receipts_of_users_who_write_to_each_other_are_few_and_none_is_lost_or_too_early() {
        for (int pair = 0; pair < PAIRS; pair++) {
            String conversationId = "p:a" + pair + ":b" + pair;
            users.add(new User("a" + pair, conversationId));
            users.add(new User("b" + pair, conversationId));
        }
        int messages = 0;
        for (int second = 0; second < SECONDS; second++) {
            for (int i = 0; i < MESSAGES_PER_SECOND; i++) {
                users.get(random.nextInt(users.size())).send(++messages);
                process();
            }
            gateway.sessions.tick(System.nanoTime());
            process();
        }
        int whileBusy = receipts;
        for (int second = 0; second < ReceiptQueue.MAX_WAIT_SECONDS; second++) {
            gateway.sessions.tick(System.nanoTime());
            process();
        }

        assertTrue(whileBusy * 100 < messages * 7, whileBusy + " receipts for " + messages + " messages");
        assertEquals(acknowledged, recorded);
    }

    /** Takes the new commands of the log. Refuses every tenth message. */
    private void process() {
        while (commandsSeen < gateway.log.commands().size()) {
            Command command = gateway.log.commands().get(commandsSeen++);
            if (command.hasMarkDelivered()) {
                receipts++;
                record(command.getActor(), command.getMarkDelivered().getSeq());
            } else {
                decide(command);
            }
        }
    }

    private void decide(Command command) {
        int sender = users.indexOf(users.stream()
                .filter(user -> user.name.equals(command.getActor()))
                .findFirst()
                .orElseThrow());
        if (random.nextInt(10) == 0) {
            users.get(sender).answer(Answer.newBuilder().setRefusal(Refusal.getDefaultInstance()));
            return;
        }
        String conversationId = command.getConversationId();
        long seq = lastSeqs.merge(conversationId, 1L, Long::sum);
        record(command.getActor(), command.getDeliveredSeq());
        users.get(sender ^ 1).receive(TestGateway.message(conversationId, seq, command.getActor()));
        users.get(sender)
                .answer(Answer.newBuilder()
                        .setDeliveredSeq(command.getDeliveredSeq())
                        .setSequenced(Sequenced.newBuilder()
                                .setConversationId(conversationId)
                                .setSeq(seq)));
    }

    private void record(String user, long seq) {
        assertTrue(seq <= acknowledged.getOrDefault(user, 0L), () -> user + " has not acknowledged " + seq);
        if (seq > 0) {
            recorded.merge(user, seq, Math::max);
        }
    }
}
