package dev.tidings.ops.erasure;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.Topics;
import dev.tidings.v1.Command;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ErasedMessage;
import dev.tidings.v1.ErasedUser;
import dev.tidings.v1.Erasure;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.SendMessage;
import dev.tidings.v1.TextContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The erasure of segments that a broker has written, without the broker. */
class LogErasureTest {

    private static final String PAIR = "p:alice:bob";
    private static final String SECRET = "SECRET-word";
    private static final long NOW = 1_700_000_000_000L;
    private static final long PRODUCER = 77;
    private static final short EPOCH = 3;

    private static final ErasedMessage MESSAGE = ErasedMessage.newBuilder()
            .setConversationId(PAIR)
            .setSeq(1)
            .setMessageId("c1")
            .setSender("alice")
            .setClientMsgId("m1")
            .build();

    @TempDir
    private Path directory = Path.of("");

    @Test
    void the_words_of_an_erased_message_are_in_no_byte_and_all_else_stays() throws Exception {
        Path commands = commands(batch(0, send("c1", "alice", "m1", SECRET), send("c2", "bob", "m2", "other")));
        Path events = events(batch(0, sent("c1", 1, "alice", SECRET), quoting("c2", 2, "bob", "other", SECRET)));
        assertTrue(has(commands, SECRET) && has(events, SECRET), "it is there before");
        RecordBatch before = batches(commands).getFirst();

        Map<String, Integer> changed = new LogErasure(directory).run(List.of(erasure(MESSAGE)));

        assertEquals(Map.of("tidings.commands", 1, "tidings.conversation-events", 2), changed);
        assertFalse(has(commands, SECRET) || has(events, SECRET));
        RecordBatch after = batches(commands).getFirst();
        assertEquals(before.baseOffset(), after.baseOffset());
        assertEquals(before.lastOffset(), after.lastOffset());
        assertEquals(PRODUCER, after.producerId());
        assertEquals(EPOCH, after.producerEpoch());
        assertEquals(before.baseSequence(), after.baseSequence());
        assertTrue(after.isTransactional());
        assertEquals(before.maxTimestamp(), after.maxTimestamp());
        after.ensureValid();
        Command erased = commandsIn(commands).getFirst();
        assertTrue(erased.getContentErased());
        assertEquals("m1", erased.getSendMessage().getClientMsgId());
        assertEquals(
                "other",
                commandsIn(commands)
                        .get(1)
                        .getSendMessage()
                        .getContent()
                        .getText()
                        .getBody());
        ConversationEvent reply = ConversationEvent.parseFrom(values(events).get(1));
        assertEquals("", reply.getMessageSent().getReplyTo().getQuote());
        assertEquals("other", reply.getMessageSent().getContent().getText().getBody());
    }

    @Test
    void a_second_erasure_changes_nothing() throws Exception {
        Path commands = commands(batch(0, send("c1", "alice", "m1", SECRET)));
        events(batch(0, sent("c1", 1, "alice", SECRET)));
        new LogErasure(directory).run(List.of(erasure(MESSAGE)));
        byte[] once = Files.readAllBytes(commands);

        assertEquals(Map.of(), new LogErasure(directory).run(List.of(erasure(MESSAGE))));

        assertArrayEquals(once, Files.readAllBytes(commands));
    }

    @Test
    void a_refused_command_is_removed_and_its_offset_stays_unused() throws Exception {
        Path commands = commands(
                batch(0, send("c1", "alice", "m1", SECRET)),
                batch(1, send("c0", "alice", "refused", SECRET)),
                batch(2, send("c2", "bob", "m2", "other")));
        events(batch(0, sent("c1", 1, "alice", SECRET)));

        new LogErasure(directory).run(List.of(erasureOf("alice")));

        assertEquals(
                List.of("c1", "c2"),
                commandsIn(commands).stream().map(Command::getCommandId).toList());
        assertEquals(
                List.of(0L, 1L, 2L),
                batches(commands).stream().map(RecordBatch::lastOffset).toList());
        assertFalse(has(commands, SECRET));
    }

    @Test
    void another_message_with_the_same_client_message_id_stays() throws Exception {
        Path commands = commands(batch(0, send("c1", "alice", "m1", SECRET), send("c9", "alice", "m1", "other")));
        events(batch(
                0,
                sent("c1", 1, "alice", SECRET),
                event("c9", 2_000, message("c9", "alice", "other").setClientMsgId("m1"))));

        new LogErasure(directory).run(List.of(erasure(MESSAGE)));

        assertEquals(
                List.of("", "other"),
                commandsIn(commands).stream()
                        .map(command ->
                                command.getSendMessage().getContent().getText().getBody())
                        .toList());
        assertEquals(
                List.of(true, false),
                commandsIn(commands).stream().map(Command::getContentErased).toList());
    }

    @Test
    void records_after_the_erasure_of_a_user_stay() throws Exception {
        Path commands = commands(batch(0, send("c1", "alice", "m1", "before")));
        Path events = events(batch(0, sent("c1", 1, "alice", "before")));
        Erasure earlier = erasureOf("alice").toBuilder()
                .setAt(Timestamps.fromMillis(NOW - 1))
                .build();

        assertEquals(Map.of(), new LogErasure(directory).run(List.of(earlier)));

        assertTrue(has(commands, "before") && has(events, "before"));
    }

    @Test
    void the_index_files_of_a_changed_segment_are_removed_so_that_the_broker_builds_them_again() throws Exception {
        Path commands = commands(batch(0, send("c2", "bob", "m2", "other")));
        Path events = events(batch(0, sent("c1", 1, "alice", SECRET)));

        new LogErasure(directory).run(List.of(erasure(MESSAGE)));

        assertTrue(Files.exists(index(commands)));
        assertFalse(Files.exists(index(events)));
    }

    @Test
    void markers_of_transactions_and_an_incomplete_batch_at_the_end_stay() throws Exception {
        Path commands = commands(
                batch(0, send("c1", "alice", "m1", SECRET)),
                MemoryRecords.withEndTransactionMarker(
                        1, NOW, 0, PRODUCER, EPOCH, new EndTransactionMarker(ControlRecordType.COMMIT, 0)));
        events(batch(0, sent("c1", 1, "alice", SECRET)));
        byte[] torn = {0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 1};
        Files.write(commands, torn, StandardOpenOption.APPEND);

        new LogErasure(directory).run(List.of(erasure(MESSAGE)));

        assertTrue(batches(commands).get(1).isControlBatch());
        byte[] bytes = Files.readAllBytes(commands);
        byte[] end = new byte[torn.length];
        System.arraycopy(bytes, bytes.length - torn.length, end, 0, torn.length);
        assertArrayEquals(torn, end);
    }

    @Test
    void a_damaged_batch_of_a_broker_that_has_stopped_in_good_order_is_an_error() throws Exception {
        Path commands = commands(
                batch(0, send("c1", "alice", "m1", SECRET)), batch(1, send("c2", "bob", "m2", "in-the-middle")));
        events(batch(0, sent("c1", 1, "alice", SECRET)));
        Files.createFile(directory.resolve(".kafka_cleanshutdown"));
        damage(commands, "in-the-middle");

        CannotEraseException damaged = assertThrows(
                CannotEraseException.class, () -> new LogErasure(directory).run(List.of(erasure(MESSAGE))));

        assertTrue(String.valueOf(damaged.getMessage()).contains("segment " + commands + " is damaged"));
    }

    @Test
    void a_batch_whose_damaged_length_exceeds_the_file_is_an_error_unless_the_broker_cuts_it_off() throws Exception {
        Path commands = commands(
                batch(0, send("c2", "bob", "m2", "other")), batch(1, send("c1", "alice", "m1", "behind " + SECRET)));
        events(batch(0, sent("c1", 1, "alice", SECRET)));
        int second = batches(commands).getFirst().sizeInBytes();
        try (FileChannel file = FileChannel.open(commands, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(Integer.BYTES).putInt(0, 1_000_000), second + Long.BYTES);
        }

        assertEquals(
                Map.of("tidings.conversation-events", 1), new LogErasure(directory).run(List.of(erasure(MESSAGE))));

        Files.createFile(directory.resolve(".kafka_cleanshutdown"));
        CannotEraseException damaged = assertThrows(
                CannotEraseException.class, () -> new LogErasure(directory).run(List.of(erasure(MESSAGE))));
        assertTrue(String.valueOf(damaged.getMessage())
                .contains("segment " + commands + " is damaged: the batch at position " + second + " is longer"));
    }

    @Test
    void a_damaged_batch_before_the_last_segment_is_an_error_although_the_broker_was_killed() throws Exception {
        Path commands = commands(batch(0, send("c2", "bob", "m2", "in-the-middle")));
        events(batch(0, sent("c1", 1, "alice", SECRET)));
        Files.copy(commands, commands.resolveSibling("00000000000000000001.log"));
        damage(commands, "in-the-middle");

        CannotEraseException damaged = assertThrows(
                CannotEraseException.class, () -> new LogErasure(directory).run(List.of(erasure(MESSAGE))));

        assertTrue(String.valueOf(damaged.getMessage()).contains("segment " + commands + " is damaged"));
    }

    @Test
    void a_damaged_batch_at_the_end_of_a_killed_broker_is_left_to_the_broker() throws Exception {
        Path commands =
                commands(batch(0, send("c1", "alice", "m1", SECRET)), batch(1, send("c2", "bob", "m2", "at-the-end")));
        events(batch(0, sent("c1", 1, "alice", SECRET)));
        damage(commands, "at-the-end");

        new LogErasure(directory).run(List.of(erasure(MESSAGE)));

        assertFalse(has(commands, SECRET));
        assertTrue(has(commands, "t-the-end"));
    }

    @Test
    void an_embedded_broker_has_pending_erasures_until_its_log_and_the_state_are_erased() throws Exception {
        Path kafka = directory.resolve("kafka");
        Path state = state("state");
        embedded(kafka);
        assertTrue(LogErasure.isPending(kafka));

        assertEquals(
                Map.of("tidings.commands", 1, "tidings.conversation-events", 1), LogErasure.ofEmbedded(kafka, state));

        assertEquals(List.of(), entries(state));
        assertFalse(LogErasure.isPending(kafka));
        Files.createFile(state.resolve("fresh"));
        assertEquals(Map.of(), LogErasure.ofEmbedded(kafka, state));
        assertEquals(List.of("fresh"), entries(state));
    }

    @Test
    void a_kill_between_the_log_and_the_state_is_completed_by_the_next_start() throws Exception {
        Path kafka = directory.resolve("kafka");
        Path state = state("state");
        embedded(kafka);
        new LogErasure(kafka.resolve("log")).run(List.of(erasure(MESSAGE)));

        LogErasure.ofEmbedded(kafka, state);

        assertEquals(List.of(), entries(state));
    }

    @Test
    void the_state_behind_a_symbolic_link_is_deleted_and_the_link_and_its_directory_stay() throws Exception {
        Path kafka = directory.resolve("kafka");
        Path disk = state("disk");
        Files.createDirectories(disk.resolve("lost+found"));
        Path state = Files.createSymbolicLink(directory.resolve("state"), disk);
        embedded(kafka);

        LogErasure.ofEmbedded(kafka, state);

        assertTrue(Files.isSymbolicLink(state));
        assertEquals(List.of("lost+found"), entries(disk));
    }

    @Test
    void a_log_without_a_directory_of_state_is_erased() throws Exception {
        Path kafka = directory.resolve("kafka");
        embedded(kafka);

        LogErasure.ofEmbedded(kafka, directory.resolve("state"));

        assertFalse(LogErasure.isPending(kafka));
    }

    @Test
    void commands_without_the_events_of_their_partition_are_refused() throws Exception {
        commands(batch(0, send("c1", "alice", "m1", SECRET)));

        CannotEraseException refused = assertThrows(
                CannotEraseException.class, () -> new LogErasure(directory).run(List.of(erasure(MESSAGE))));

        assertTrue(String.valueOf(refused.getMessage()).contains("partition 0 of tidings.commands"));
    }

    @Test
    void the_log_of_a_running_broker_is_refused_and_stays() throws Exception {
        Path commands = commands(batch(0, send("c1", "alice", "m1", SECRET)));
        events(batch(0, sent("c1", 1, "alice", SECRET)));
        try (FileChannel file = FileChannel.open(
                        directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = file.lock()) {
            CannotEraseException refused = assertThrows(
                    CannotEraseException.class, () -> new LogErasure(directory).run(List.of(erasure(MESSAGE))));

            assertTrue(String.valueOf(refused.getMessage()).contains("runs"), refused::getMessage);
            assertTrue(has(commands, SECRET));
        }
    }

    /** Writes a log with an erasure, as an embedded broker has it. */
    private void embedded(Path kafka) throws IOException {
        Path own = directory;
        directory = Files.createDirectories(kafka.resolve("log"));
        commands(batch(0, send("c1", "alice", "m1", SECRET)));
        events(batch(0, sent("c1", 1, "alice", SECRET)));
        segment(
                Topics.ERASURES.name(),
                batch(
                        0,
                        new SimpleRecord(
                                NOW, PAIR.getBytes(UTF_8), erasure(MESSAGE).toByteArray())));
        directory = own;
    }

    /** Makes a directory with the state of a processor. */
    private Path state(String name) throws IOException {
        Path state = Files.createDirectories(directory.resolve(name));
        Files.writeString(
                Files.createDirectories(state.resolve("conversations")).resolve("000001.sst"), SECRET);
        return state;
    }

    private static List<String> entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    /** Changes the first byte of a word, so that the checksum of its batch is wrong. */
    private static void damage(Path segment, String word) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        bytes[new String(bytes, ISO_8859_1).indexOf(word)] ^= 1;
        Files.write(segment, bytes);
    }

    private static Erasure erasure(ErasedMessage message) {
        return Erasure.newBuilder()
                .setAt(Timestamps.fromMillis(NOW))
                .setMessage(message)
                .build();
    }

    private static Erasure erasureOf(String userId) {
        return Erasure.newBuilder()
                .setAt(Timestamps.fromMillis(NOW))
                .setUser(ErasedUser.newBuilder().setUserId(userId))
                .build();
    }

    private Path commands(MemoryRecords... batches) throws IOException {
        return segment(Topics.COMMANDS.name(), batches);
    }

    private Path events(MemoryRecords... batches) throws IOException {
        return segment(Topics.CONVERSATION_EVENTS.name(), batches);
    }

    private Path segment(String topic, MemoryRecords... batches) throws IOException {
        Path segment = Files.createDirectories(directory.resolve(topic + "-0")).resolve("00000000000000000000.log");
        Files.createFile(index(segment));
        try (FileRecords records = FileRecords.open(segment.toFile())) {
            for (MemoryRecords batch : batches) {
                records.append(batch);
            }
        }
        return segment;
    }

    private static Path index(Path segment) {
        return segment.resolveSibling("00000000000000000000.index");
    }

    private static MemoryRecords batch(long offset, SimpleRecord... records) {
        return MemoryRecords.withTransactionalRecords(
                offset, Compression.NONE, PRODUCER, EPOCH, (int) offset, 0, records);
    }

    private static SimpleRecord send(String commandId, String actor, String clientMsgId, String text) {
        Command command = Command.newBuilder()
                .setCommandId(commandId)
                .setConversationId(PAIR)
                .setActor(actor)
                .setSendMessage(
                        SendMessage.newBuilder().setClientMsgId(clientMsgId).setContent(content(text)))
                .build();
        return new SimpleRecord(NOW, PAIR.getBytes(UTF_8), command.toByteArray());
    }

    private static SimpleRecord sent(String commandId, long seq, String sender, String text) {
        return event(commandId, seq, message(commandId, sender, text));
    }

    private static SimpleRecord quoting(String commandId, long seq, String sender, String text, String quote) {
        return event(
                commandId,
                seq,
                message(commandId, sender, text)
                        .setReplyTo(ReplyTo.newBuilder()
                                .setSeq(1)
                                .setSender("alice")
                                .setQuote(quote)));
    }

    private static MessageSent.Builder message(String messageId, String sender, String text) {
        return MessageSent.newBuilder()
                .setMessageId(messageId)
                .setSender(sender)
                .setContent(content(text));
    }

    private static SimpleRecord event(String commandId, long seq, MessageSent.Builder sent) {
        ConversationEvent event = ConversationEvent.newBuilder()
                .setConversationId(PAIR)
                .setSeq(seq)
                .setCommandId(commandId)
                .setMessageSent(sent)
                .build();
        return new SimpleRecord(NOW, PAIR.getBytes(UTF_8), event.toByteArray());
    }

    private static Content content(String text) {
        return Content.newBuilder()
                .setText(TextContent.newBuilder().setBody(text))
                .build();
    }

    private static boolean has(Path file, String word) throws IOException {
        return Files.readString(file, ISO_8859_1).contains(word);
    }

    private static List<RecordBatch> batches(Path segment) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        List<RecordBatch> batches = new ArrayList<>();
        MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches().forEach(batches::add);
        return batches;
    }

    private static List<byte[]> values(Path segment) throws IOException {
        List<byte[]> values = new ArrayList<>();
        for (RecordBatch batch : batches(segment)) {
            for (Record record : batch) {
                values.add(Utils.toArray(record.value()));
            }
        }
        return values;
    }

    private static List<Command> commandsIn(Path segment) throws IOException {
        List<Command> commands = new ArrayList<>();
        for (byte[] value : values(segment)) {
            commands.add(Command.parseFrom(value));
        }
        return commands;
    }
}
