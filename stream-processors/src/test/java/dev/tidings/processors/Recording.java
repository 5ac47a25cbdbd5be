package dev.tidings.processors;

import com.google.protobuf.Message;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Command;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.Origin;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.WatchPresence;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** A recording of commands to both topologies, with times. Built once from a seed, and replayed any number of times. */
final class Recording {

    static final TopicLayout LAYOUT = new TopicLayout(1, 1, 3, (short) 1);

    private static final int USERS = 8;

    private final Random random;
    private final List<Input> commands = new ArrayList<>();
    private final List<Input> userCommands = new ArrayList<>();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Input(long timestampMillis, String key, byte[] value) {}

    Recording(long seed, int length) {
        random = new Random(seed);
        for (int i = 0; i < length; i++) {
            long time = TestRecords.EPOCH_MILLIS + i * 7L;
            if (random.nextInt(3) > 0) {
                Command command = command(i);
                commands.add(new Input(time, command.getConversationId(), bytesOf(command)));
            } else {
                UserCommand command = userCommand(i);
                userCommands.add(new Input(time, command.getUserId(), bytesOf(command)));
            }
        }
    }

    int commands() {
        return commands.size();
    }

    /** Replays a range of the commands to the CONVERSATION topology. */
    void playCommands(DrivenTopology conversation, int from, int to) {
        for (Input input : commands.subList(from, to)) {
            conversation.pipeBytes(
                    Topics.COMMANDS,
                    Topics.COMMANDS.key().serializer().serialize("", input.key()),
                    input.value(),
                    new RecordHeaders(),
                    input.timestampMillis());
        }
    }

    int inputsOfInbox(List<Timed> inbox) {
        return inbox.size() + userCommands.size();
    }

    record Timed(long timestampMillis, InboxRecord record) {}

    /** Replays a range of CONVERSATION's outputs and of the users' own commands, ordered by time. */
    void playInbox(DrivenTopology topology, List<Timed> inbox, int from, int to) {
        int nextEvent = 0;
        int nextCommand = 0;
        for (int i = 0; i < to; i++) {
            boolean event = nextEvent < inbox.size()
                    && (nextCommand == userCommands.size()
                            || inbox.get(nextEvent).timestampMillis()
                                    <= userCommands.get(nextCommand).timestampMillis());
            if (event) {
                Timed timed = inbox.get(nextEvent);
                nextEvent++;
                if (i >= from) {
                    topology.pipe(Topics.INBOX, 0, timed.record(), timed.timestampMillis());
                }
            } else {
                Input input = userCommands.get(nextCommand);
                nextCommand++;
                if (i >= from) {
                    topology.pipeBytes(
                            Topics.USER_COMMANDS,
                            Topics.USER_COMMANDS.key().serializer().serialize("", input.key()),
                            input.value(),
                            new RecordHeaders(),
                            input.timestampMillis());
                }
            }
        }
    }

    private Command command(int i) {
        int a = random.nextInt(USERS);
        int b = random.nextInt(USERS);
        String conversation = "p:user" + Math.min(a, b) + ":user" + Math.max(a, b);
        String actor = random.nextInt(20) == 0 ? "stranger" : "user" + (random.nextBoolean() ? a : b);
        Command command = random.nextInt(4) > 0
                ? TestRecords.send(
                        conversation, actor, "m" + random.nextInt(60), TestRecords.text("😀 " + random.nextLong()))
                : TestRecords.markRead(conversation, actor, 1 + random.nextInt(30));
        return command.toBuilder()
                .setCommandId("command" + i)
                .setOrigin(random.nextInt(5) == 0 ? TestRecords.business("billing", "request" + i) : origin(i))
                .build();
    }

    private UserCommand userCommand(int i) {
        String user = "user" + random.nextInt(USERS);
        return switch (random.nextInt(9)) {
            case 0, 1, 2 ->
                TestRecords.open(
                        user,
                        TestRecords.session(
                                "session" + random.nextInt(60),
                                "device" + random.nextInt(20),
                                random.nextInt(3),
                                1 + i / 50));
            case 3 -> TestRecords.close(user, "session" + random.nextInt(60));
            case 4 ->
                TestRecords.watch(user, origin(i), 1 + i / 50, WatchPresence.Mode.forNumber(1 + random.nextInt(3)));
            case 7 -> TestRecords.registerPush(user, origin(i), "device" + random.nextInt(20), "token" + i);
            case 5 -> TestRecords.gone(random.nextInt(3), i / 50, i / 150);
            case 6 ->
                TestRecords.undelivered(
                        user, "session" + random.nextInt(60), "p:" + user + ":user9", 1 + random.nextInt(30));
            default -> TestRecords.sync(user, origin(i), SyncMode.forNumber(1 + random.nextInt(3)), random.nextInt(50));
        };
    }

    private Origin origin(int i) {
        return TestRecords.origin(random.nextInt(3), "session" + random.nextInt(60), "frame" + i);
    }

    /** Returns unreadable bytes now and then. */
    private byte[] bytesOf(Message message) {
        return random.nextInt(50) == 0 ? new byte[] {(byte) 0xFF} : message.toByteArray();
    }
}
