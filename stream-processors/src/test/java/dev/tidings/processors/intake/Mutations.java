package dev.tidings.processors.intake;

import dev.tidings.processors.Said;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessMarkRead;
import dev.tidings.v1.BusinessSend;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Records of business systems, some of them good and the others spoilt in one way or another, from a seed. */
final class Mutations {

    private final Random random;
    private int made;

    /** @param expected the command this is for certain, or null where it was spoilt */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Made(
            byte @Nullable [] key,
            byte @Nullable [] value,
            Headers headers,
            @Nullable BusinessCommand expected) {}

    Mutations(long seed) {
        random = new Random(seed);
    }

    Made next() {
        made++;
        BusinessCommand command = command();
        boolean json = random.nextBoolean();
        byte[] value = bytes(command, json);
        byte @Nullable [] key = random.nextBoolean() ? null : randomBytes(20);
        return switch (random.nextInt(16)) {
            case 0 -> spoilt(key, Arrays.copyOf(value, random.nextInt(value.length)), headers(json));
            case 1, 2 -> spoilt(key, flipped(value), headers(json));
            case 3 -> spoilt(key, value, headers(!json));
            case 4 -> spoilt(key, value, headers(json).add("content-type", randomBytes(12)));
            case 5 -> spoilt(key, text(command).getBytes(StandardCharsets.UTF_16), headers(json));
            case 6 -> spoilt(key, randomBytes(200), headers(json));
            case 7 -> spoilt(key, random.nextInt(4) == 0 ? large(command, json) : null, headers(json));
            case 8 -> spoilt(key, bytes(command.toBuilder().clearRequestId().build(), json), headers(json));
            case 9 -> spoilt(key, bytes(bodiless(command), json), headers(json));
            case 10 -> spoilt(key, spoiltText(command), headers(true));
            case 11 -> spoilt(key, value, headers(json).remove("source").add("source", randomBytes(4)));
            case 12 -> spoilt(key, value, headers(json).remove(random.nextBoolean() ? "source" : "content-type"));
            default -> new Made(key, value, headers(json), command);
        };
    }

    private static Made spoilt(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        return new Made(key, value, headers, null);
    }

    private BusinessCommand command() {
        BusinessCommand.Builder command = BusinessCommand.newBuilder()
                .setRequestId("request-" + made)
                .setActor(random.nextInt(8) == 0 ? "not a user" : "shop");
        String conversation = random.nextInt(8) == 0 ? "nowhere" : "p:customer" + random.nextInt(20) + ":shop";
        return random.nextInt(4) > 0
                ? command.setSendMessage(BusinessSend.newBuilder()
                                .setConversationId(conversation)
                                .setClientMsgId("m" + random.nextInt(5_000))
                                .setContent(Said.text("number " + made + " 好 😀 \"\\")))
                        .build()
                : command.setMarkRead(BusinessMarkRead.newBuilder()
                                .setConversationId(conversation)
                                .setSeq(random.nextInt(100)))
                        .build();
    }

    private static BusinessCommand bodiless(BusinessCommand command) {
        return command.toBuilder().clearBody().build();
    }

    private byte[] large(BusinessCommand command, boolean json) {
        String body = "x".repeat(random.nextInt(2_000_000));
        return bytes(
                command.toBuilder()
                        .setSendMessage(BusinessSend.newBuilder()
                                .setConversationId(random.nextBoolean() ? body : "p:customer:shop")
                                .setClientMsgId("large")
                                .setContent(Said.text(body)))
                        .build(),
                json);
    }

    /** JSON with one thing in it that does not belong there. */
    private byte[] spoiltText(BusinessCommand command) {
        String text = text(command);
        String[] spoilers = {
            "\"extra\":1,", "\"requestId\":{},", "\"actor\":[\"a\"],", "\"markRead\":7,", "[", "\\ud800"
        };
        int at = random.nextInt(3) == 0 ? random.nextInt(text.length()) : 1;
        String spoiler = spoilers[random.nextInt(spoilers.length)];
        return (text.substring(0, at) + spoiler + text.substring(at)).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] flipped(byte[] value) {
        byte[] flipped = value.clone();
        for (int i = 0; i <= random.nextInt(4); i++) {
            flipped[random.nextInt(flipped.length)] = (byte) random.nextInt();
        }
        return flipped;
    }

    private byte[] randomBytes(int atMost) {
        byte[] bytes = new byte[random.nextInt(atMost + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static Headers headers(boolean json) {
        return new RecordHeaders()
                .add("source", "shop".getBytes(StandardCharsets.UTF_8))
                .add(
                        "content-type",
                        (json ? "application/json" : "application/x-protobuf").getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(BusinessCommand command, boolean json) {
        return json ? text(command).getBytes(StandardCharsets.UTF_8) : command.toByteArray();
    }

    private static String text(BusinessCommand command) {
        return ProtoJson.print(command);
    }
}
