package dev.tidings.gateway.session;

import static dev.tidings.gateway.session.TestGateway.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.limit.LimitedWork;
import dev.tidings.gateway.limit.RateLimit;
import dev.tidings.gateway.limit.RateLimits;
import dev.tidings.v1.Disconnect;
import dev.tidings.v1.Error;
import dev.tidings.v1.ServerFrame;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RateLimitedFramesTest {

    private static final RateLimit TWO = new RateLimit(1, 2);

    private final AtomicLong nanos = new AtomicLong();
    private final FakeTransport transport = new FakeTransport();

    static Stream<Arguments> requests() {
        return Stream.of(
                Arguments.of(
                        LimitedWork.MESSAGES,
                        "'send':{'conversationId':'p:anna:bert','clientMsgId':'m','content':{'text':{'body':'hello'}}}"),
                Arguments.of(LimitedWork.MESSAGES, "'react':{'conversationId':'p:anna:bert','seq':'1','reaction':'+'}"),
                Arguments.of(
                        LimitedWork.GROUP_CREATIONS,
                        "'group':{'conversationId':'g:club','create':{'profile':{'name':'club'}}}"),
                Arguments.of(
                        LimitedWork.MEMBERS_ADDED,
                        "'group':{'conversationId':'g:club','addMembers':{'userIds':['carl']}}"),
                Arguments.of(LimitedWork.FRIEND_REQUESTS, "'friend':{'conversationId':'p:anna:bert','request':{}}"),
                Arguments.of(LimitedWork.PRESENCE_WATCHES, "'presence':{'userIds':['bert'],'mode':'START'}"),
                Arguments.of(LimitedWork.READS, "'pull':{'conversationId':'p:anna:bert','fromSeq':'1'}"),
                Arguments.of(LimitedWork.READS, "'sync':{'mode':'FULL'}"),
                Arguments.of(LimitedWork.FRAMES, "'heartbeat':{}"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void a_request_above_the_limit_of_the_user_is_an_error_and_is_not_carried_out(LimitedWork work, String body) {
        TestGateway gateway = gateway(new RateLimits(Map.of(), Map.of(work, TWO), Map.of()));
        ClientSession session = gateway.session(transport);
        gateway.open(session, transport, "anna");
        transport.received();
        int before = gateway.log.commands().size() + gateway.log.userCommands().size();

        for (int frame = 1; frame <= 3; frame++) {
            session.onText(json("{'id':'" + frame + "'," + body + "}"));
        }

        List<ServerFrame> limited = transport.received().stream()
                .filter(RateLimitedFramesTest::isRateLimited)
                .toList();
        assertEquals(List.of("3"), limited.stream().map(ServerFrame::getId).toList());
        assertTrue(limited.getFirst().getError().getMessage().startsWith("too many "), limited::toString);
        assertTrue(gateway.log.commands().size() + gateway.log.userCommands().size() - before <= 2);
    }

    @Test
    void bytes_of_a_connection_are_limited() {
        RateLimit bytes = new RateLimit(100, 500);
        TestGateway gateway = gateway(new RateLimits(Map.of(LimitedWork.BYTES, bytes), Map.of(), Map.of()));
        ClientSession session = gateway.session(transport);
        gateway.open(session, transport, "anna");
        transport.received();

        nanos.addAndGet(10_000_000_000L); // the bucket is full again after the connect
        session.onText(json("{'id':'1','heartbeat':{}}") + " ".repeat(1_000));
        session.onText(json("{'id':'2','heartbeat':{}}"));

        assertEquals(
                List.of(false, true),
                transport.received().stream()
                        .map(RateLimitedFramesTest::isRateLimited)
                        .toList());
    }

    /** Otherwise a later message would overtake one that the client sends again. */
    @Test
    void commands_behind_a_rejected_one_are_rejected_too() {
        RateLimit messages = new RateLimit(1_000_000, 1);
        TestGateway gateway = gateway(new RateLimits(Map.of(), Map.of(LimitedWork.MESSAGES, messages), Map.of()));
        ClientSession session = gateway.session(transport);
        gateway.open(session, transport, "anna");
        transport.received();

        session.onText(send("m1"));
        session.onText(send("m2"));
        nanos.addAndGet(1_000_000); // the bucket is full again
        session.onText(send("m3"));

        assertEquals(1, gateway.log.commands().size());
        List<Error> errors = transport.received().stream()
                .filter(ServerFrame::hasError)
                .map(ServerFrame::getError)
                .toList();
        assertEquals(
                List.of(Error.Code.RATE_LIMITED, Error.Code.UNAVAILABLE),
                errors.stream().map(Error::getCode).toList());
        assertEquals(CommandOrder.PAUSE.toMillis(), errors.getFirst().getRetryAfterMs());
    }

    @Test
    void frames_count_before_the_client_is_authenticated() {
        TestGateway gateway = gateway(new RateLimits(Map.of(LimitedWork.FRAMES, TWO), Map.of(), Map.of()));
        ClientSession session = gateway.session(transport);

        session.onText("no frame");
        session.onText("no frame");
        session.onText("no frame");

        assertEquals(
                List.of(Error.Code.INVALID_FRAME, Error.Code.INVALID_FRAME, Error.Code.RATE_LIMITED),
                transport.received().stream()
                        .map(frame -> frame.getError().getCode())
                        .toList());
    }

    @Test
    void an_address_that_connects_too_often_is_rejected_before_its_token_is_verified() {
        TestGateway gateway = gateway(new RateLimits(Map.of(), Map.of(), Map.of(LimitedWork.CONNECTS, TWO)));
        gateway.open(gateway.session(transport), transport, "anna");
        gateway.open(gateway.session(transport), transport, "bert");
        FakeTransport third = new FakeTransport();

        gateway.sendConnect(gateway.session(third), "carl");

        Disconnect disconnect = third.received().getLast().getDisconnect();
        assertEquals(Disconnect.Code.TOO_MANY_CONNECTIONS, disconnect.getCode());
        assertTrue(disconnect.getReconnect());
        assertEquals(1_001, disconnect.getAfterMs());
        assertEquals(Transport.CloseReason.TOO_MANY_CONNECTIONS, third.closed());
        assertEquals(2, gateway.log.userCommands().size());
    }

    private TestGateway gateway(RateLimits limits) {
        return new TestGateway.Builder().rateLimits(limits, nanos::get).build();
    }

    private static String send(String id) {
        return json("{'id':'" + id + "','send':{'conversationId':'p:anna:bert','clientMsgId':'" + id
                + "','content':{'text':{'body':'hello'}}}}");
    }

    private static boolean isRateLimited(ServerFrame frame) {
        return frame.getError().getCode() == Error.Code.RATE_LIMITED;
    }
}
