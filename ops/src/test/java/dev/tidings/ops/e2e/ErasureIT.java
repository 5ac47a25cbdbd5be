package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Content;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.TextContent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The words of an erased user are in no byte of the log, of Redis and of ClickHouse; the log can be replayed with the same result. */
class ErasureIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final String PAIR = "p:alice:bob";

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne();

    private final String sent = word(1);
    private final String edited = word(2);
    private final String name = word(3);

    @Test
    void the_words_of_an_erased_user_are_in_no_byte_of_any_store() throws Exception {
        assertEquals(0, run("users", "put", "alice", "--name", name).exitCode());
        talk();
        await().atMost(TIMEOUT).untilAsserted(() -> {
            assertEquals("4", tidings.sql("SELECT max(seq) FROM events").strip());
            assertEquals("1", tidings.sql("SELECT count() FROM users").strip());
            assertEquals(List.of("clickhouse", "kafka", "redis"), stores(sent));
            assertEquals(List.of("clickhouse", "kafka", "redis"), stores(edited));
            assertEquals(List.of("clickhouse", "kafka", "redis"), stores(name));
            assertEquals(List.of("events", "messages"), tables(sent));
            assertEquals(List.of("events", "message_changes", "messages"), tables(edited));
            assertEquals(List.of("audit", "user_name_keys", "users"), tables(name));
        });

        export();
        assertEquals(0, run("hold", "set", PAIR, "--reason", "case 7").exitCode());
        CommandLineRun held = run("erase", "user", "alice", "--reason", "request 12");
        assertEquals(1, held.exitCode());
        assertTrue(held.err().contains("a legal hold on conversation:" + PAIR + " forbids this erasure"), held::err);
        assertEquals(
                0, run("hold", "remove", PAIR, "--reason", "case 7 is closed").exitCode());

        CommandLineRun erased = run("erase", "user", "alice", "--reason", "request 12");
        assertEquals(0, erased.exitCode(), () -> erased.out() + erased.err());
        assertTrue(erased.out().startsWith("erased messages: 2, "), erased::out);
        assertTrue(erased.out().contains("append-only file written again"), erased::out);
        assertTrue(erased.out().contains("replaced parts deleted"), erased::out);
        for (String word : List.of(sent, edited, name)) {
            assertEquals(List.of("kafka"), stores(word));
            assertEquals(List.of(), tables(word));
        }

        tidings.restart();

        for (String word : List.of(sent, edited, name)) {
            assertEquals(List.of(), stores(word), () -> word + " is in " + new WordScan(word).findIn(data()));
            assertEquals(List.of(), tables(word));
        }
        assertEquals(
                "0",
                tidings.sql("SELECT count() FROM messages FINAL WHERE sender = 'alice' AND NOT recalled")
                        .strip());
        try (ChatClient bob = signedIn("bob")) {
            assertEquals(
                    7,
                    bob.request(ChatClient.text(PAIR, "m5", "are you there?"), ServerFrame::hasSequenced)
                            .getSequenced()
                            .getSeq());
        }
        await().atMost(TIMEOUT).untilAsserted(() -> {
            CommandLineRun replay = run("replay");
            assertEquals(0, replay.exitCode(), () -> replay.out() + replay.err());
        });
        await().atMost(TIMEOUT).untilAsserted(() -> {
            CommandLineRun verify = run("verify");
            assertEquals(0, verify.exitCode(), () -> verify.out() + verify.err());
        });
    }

    private void export() throws IOException {
        Path file = tidings.directory().resolve("alice.zip");
        CommandLineRun run = run("export", "user", "alice", "--reason", "request 7", "--output", file.toString());
        assertEquals(0, run.exitCode(), () -> run.out() + run.err());
        await().atMost(TIMEOUT)
                .until(
                        () -> tidings.sql(
                                        "SELECT target, reason, result FROM tidings.audit WHERE action = 'user.export'")
                                .strip(),
                        "user:alice\trequest 7\trequested"::equals);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertEquals(2, lines(zip, "messages").size());
            assertTrue(lines(zip, "messages").getFirst().contains(edited));
            assertTrue(lines(zip, "profile").getFirst().contains(name));
            assertEquals(List.of("{\"conversation_id\":\"" + PAIR + "\"}"), lines(zip, "conversations"));
            assertTrue(lines(zip, "views").getFirst().startsWith("{\"conversationId\":\"" + PAIR + "\""));
            assertTrue(lines(zip, "devices").getFirst().contains("phone"));
        }
    }

    private static List<String> lines(ZipFile zip, String name) throws IOException {
        return new String(zip.getInputStream(zip.getEntry(name + ".jsonl")).readAllBytes(), UTF_8)
                .lines()
                .toList();
    }

    /** Alice writes and edits, Bob quotes a message of hers, and Alice writes again. */
    private void talk() {
        try (ChatClient alice = signedIn("alice");
                ChatClient bob = signedIn("bob")) {
            alice.request(ChatClient.text(PAIR, "m1", sent), ServerFrame::hasSequenced);
            alice.request(
                    ClientFrame.newBuilder()
                            .setEdit(EditMessage.newBuilder()
                                    .setConversationId(PAIR)
                                    .setSeq(1)
                                    .setContent(Content.newBuilder()
                                            .setText(TextContent.newBuilder().setBody(edited)))),
                    ServerFrame::hasSequenced);
            ClientFrame.Builder reply = ChatClient.text(PAIR, "m2", "indeed");
            reply.getSendBuilder().setReplyTo(ReplyTo.newBuilder().setSeq(1));
            bob.request(reply, ServerFrame::hasSequenced);
            alice.request(ChatClient.text(PAIR, "m3", sent + ' ' + edited), ServerFrame::hasSequenced);
        }
    }

    private static ChatClient signedIn(String user) {
        return ChatClient.signedIn(tidings.url(), user, "phone", Subprotocol.PROTO);
    }

    private static Path data() {
        return tidings.directory().resolve("data");
    }

    /** Returns the stores of which a file has the word. */
    private static List<String> stores(String word) {
        return Stream.of("clickhouse", "kafka", "redis")
                .filter(store ->
                        !new WordScan(word).findIn(data().resolve(store)).isEmpty())
                .toList();
    }

    /** Returns the tables of which a row has the word, in any version: files may be compressed. */
    private static List<String> tables(String word) throws Exception {
        List<String> found = new ArrayList<>();
        String names = tidings.sql(
                "SELECT name FROM system.tables WHERE database = 'tidings' AND endsWith(engine, 'MergeTree') ORDER BY name");
        for (String table : names.lines().toList()) {
            String rows = tidings.sql(
                    "SELECT count() FROM " + table + " WHERE position(toString(tuple(*)), '" + word + "') > 0");
            if (Long.parseLong(rows.strip()) > 0) {
                found.add(table);
            }
        }
        return found;
    }

    /** Reads all files of a directory but the index files of Kafka, which have offsets only and are large. */
    private static final class WordScan extends SimpleFileVisitor<Path> {

        private final String word;
        private final List<Path> found = new ArrayList<>();

        WordScan(String word) {
            this.word = word;
        }

        List<Path> findIn(Path directory) {
            try {
                Files.walkFileTree(directory, this);
                return found;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            String name = file.getFileName().toString();
            if (attributes.isRegularFile() && !name.endsWith(".index") && !name.endsWith(".timeindex")) {
                try {
                    if (Files.readString(file, ISO_8859_1).contains(word)) {
                        found.add(file);
                    }
                } catch (NoSuchFileException e) {
                    // deleted while it was scanned
                }
            }
            return FileVisitResult.CONTINUE;
        }

        /** A store may delete a file while it is scanned. */
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
            return FileVisitResult.CONTINUE;
        }
    }

    /** A word that no codec makes shorter, so that the bytes of a file show it. */
    private static String word(long seed) {
        byte[] bytes = new byte[16];
        new Random(seed).nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static CommandLineRun run(String... words) throws IOException {
        Map<String, String> settings = new HashMap<>();
        for (String key : List.of(
                "kafka.bootstrap-servers",
                "redis.url",
                "clickhouse.url",
                "clickhouse.user",
                "clickhouse.password",
                "topics.conversation-partitions",
                "topics.user-partitions")) {
            settings.put(key, tidings.settings().required(key));
        }
        return CommandLineRun.of(tidings.directory(), settings, List.of(words));
    }
}
