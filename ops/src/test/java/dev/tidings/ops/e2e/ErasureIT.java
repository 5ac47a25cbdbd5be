package dev.tidings.ops.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.connectors.archive.ArchiveClient;
import dev.tidings.connectors.archive.EventArchive;
import dev.tidings.connectors.retention.RetentionPolicy;
import dev.tidings.ops.connect.ConnectorsConfig;
import dev.tidings.ops.connect.S3Server;
import dev.tidings.ops.e2e.ChatClient.Subprotocol;
import dev.tidings.v1.ChangeProfile;
import dev.tidings.v1.ChangeSettings;
import dev.tidings.v1.ClientFrame;
import dev.tidings.v1.Content;
import dev.tidings.v1.EditMessage;
import dev.tidings.v1.Forward;
import dev.tidings.v1.ReplyTo;
import dev.tidings.v1.Send;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The words of an erased user are in no byte of the log, of Redis, of ClickHouse and of the archive; the log can be replayed with the same
 * result.
 */
class ErasureIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final String PAIR = "p:alice:bob";

    private static final String COPIED_TO = "p:bob:carol";

    private static final S3Server s3 = startS3();

    @RegisterExtension
    static final TidingsExtension tidings = TidingsExtension.allInOne()
            .with("archive.s3-url", s3.url())
            .with("archive.s3-access-key", S3Server.ACCESS_KEY)
            .with("archive.s3-secret-key", S3Server.SECRET_KEY);

    private final String sent = word(1);
    private final String edited = word(2);
    private final String name = word(3);
    private final String forwarded = word(4);
    private final String draft = word(5);
    private final String status = word(6);

    private static S3Server startS3() {
        try {
            return S3Server.start();
        } catch (Exception e) {
            throw new IllegalStateException("S3 does not start", e);
        }
    }

    @AfterAll
    static void stopS3() {
        s3.close();
    }

    @Test
    void the_words_of_an_erased_user_are_in_no_byte_of_any_store() throws Exception {
        assertEquals(0, run("users", "put", "alice", "--name", name).exitCode());
        talk();
        await().atMost(TIMEOUT).untilAsserted(() -> {
            assertEquals(
                    "5 1",
                    tidings.sql("SELECT concat(max(seq), ' ', countIf(conversation_id = '" + COPIED_TO
                                    + "')) FROM events")
                            .strip());
            assertEquals("1", tidings.sql("SELECT count() FROM users").strip());
            assertEquals(List.of("clickhouse", "kafka", "redis"), stores(sent));
            assertEquals(List.of("clickhouse", "kafka", "redis"), stores(edited));
            assertEquals(List.of("clickhouse", "kafka", "redis"), stores(name));
            assertEquals(List.of("events", "messages"), tables(sent));
            assertEquals(List.of("events", "message_changes", "messages"), tables(edited));
            assertEquals(List.of("audit", "user_name_keys", "users"), tables(name));
            assertEquals(List.of("kafka", "redis"), stores(draft));
            assertEquals("kafka", stores(status).getFirst());
        });

        export();
        archive();
        for (String word : List.of(sent, edited, forwarded)) {
            assertTrue(archivedEvents(word) > 0);
        }
        deleteByRetention(1);

        assertEquals(0, run("hold", "set", COPIED_TO, "--reason", "case 6").exitCode());
        CommandLineRun heldCopy = run("erase", "user", "alice", "--reason", "request 12");
        assertEquals(1, heldCopy.exitCode());
        assertTrue(
                heldCopy.err().contains("a legal hold on conversation:" + COPIED_TO + " forbids this erasure"),
                heldCopy::err);
        assertEquals(
                0,
                run("hold", "remove", COPIED_TO, "--reason", "case 6 is closed").exitCode());
        assertEquals(0, run("hold", "set", PAIR, "--reason", "case 7").exitCode());
        CommandLineRun held = run("erase", "user", "alice", "--reason", "request 12");
        assertEquals(1, held.exitCode());
        assertTrue(held.err().contains("a legal hold on conversation:" + PAIR + " forbids this erasure"), held::err);
        assertEquals(
                0, run("hold", "remove", PAIR, "--reason", "case 7 is closed").exitCode());

        CommandLineRun erased = run("erase", "user", "alice", "--reason", "request 12");
        assertEquals(0, erased.exitCode(), () -> erased.out() + erased.err());
        assertTrue(
                erased.out().startsWith("erased messages: 3, forwarded copies among them: 1, recalled now: 3, "),
                erased::out);
        assertTrue(erased.out().contains("append-only file written again"), erased::out);
        assertTrue(erased.out().contains("replaced parts deleted"), erased::out);
        for (String word : words()) {
            assertEquals(List.of("kafka"), stores(word));
            assertEquals(List.of(), tables(word));
            assertEquals(0, archivedEvents(word));
        }
        assertTrue(erased.out().contains("archive: objects replaced: 1, events changed: 6"), erased::out);
        CommandLineRun rebuild = run("rebuild", "redis");
        assertEquals(2, rebuild.exitCode());
        assertTrue(rebuild.err().contains("has words of erased messages or users"), rebuild::err);
        // it changes the views of both before the log is erased
        try (ChatClient bob = signedIn("bob")) {
            bob.request(ChatClient.text(PAIR, "m4", "where are you?"), ServerFrame::hasSequenced);
        }

        tidings.restart();

        for (String word : words()) {
            assertEquals(List.of(), stores(word), () -> word + " is in " + new WordScan(word).findIn(data()));
            assertEquals(List.of(), tables(word));
        }
        assertEquals(
                "0",
                tidings.sql("SELECT count() FROM messages FINAL WHERE sender = 'alice' AND NOT recalled")
                        .strip());
        try (ChatClient bob = signedIn("bob")) {
            assertEquals(
                    9,
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
            assertEquals(3, lines(zip, "messages").size());
            assertTrue(lines(zip, "messages").get(1).contains(edited));
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

    private List<String> words() {
        return List.of(sent, edited, name, forwarded, draft, status);
    }

    /** Moves all events to the archive, as if they were old. */
    private static void archive() {
        ConnectorsConfig config = ConnectorsConfig.from(tidings.settings());
        InstantSource later = InstantSource.offset(InstantSource.system(), Duration.ofDays(500));
        try (ArchiveClient client = new ArchiveClient(
                config.clickHouseUrl(),
                config.clickHouseUser(),
                config.clickHousePassword(),
                config.clickHouseCluster())) {
            new EventArchive(
                            client,
                            Objects.requireNonNull(config.archive()),
                            RetentionPolicy.FOR_EVER,
                            later,
                            Duration.ZERO)
                    .run();
        }
    }

    /** Returns the number of archived events with the word, in any object of the bucket. */
    private static long archivedEvents(String word) throws Exception {
        String has =
                "position(toString(tuple(*)), '" + word + "') > 0 OR position(base64Decode(raw), '" + word + "') > 0";
        return Long.parseLong(
                tidings.sql("SELECT count() FROM archived_events WHERE " + has).strip());
    }

    /** Deletes a message as the retention does. */
    private static void deleteByRetention(long seq) throws Exception {
        tidings.sql("INSERT INTO deleted_ranges (conversation_id, last_seq) VALUES ('" + PAIR + "', " + seq + ')');
        tidings.sql("ALTER TABLE messages DELETE WHERE conversation_id = '" + PAIR + "' AND seq = " + seq
                + " SETTINGS mutations_sync = 2");
    }

    /** Bob forwards a message of Alice; she writes and edits, Bob quotes a message of hers, and Alice writes again. */
    private void talk() {
        try (ChatClient alice = signedIn("alice");
                ChatClient bob = signedIn("bob")) {
            alice.request(ChatClient.text(PAIR, "m0", forwarded), ServerFrame::hasSequenced);
            ClientFrame.Builder copy = ClientFrame.newBuilder()
                    .setSend(Send.newBuilder()
                            .setConversationId(COPIED_TO)
                            .setClientMsgId("f1")
                            .setForward(
                                    Forward.newBuilder().setConversationId(PAIR).setSeq(1)));
            // history has the message a moment later
            await().atMost(TIMEOUT)
                    .until(() -> bob.request(copy, frame -> frame.hasSequenced() || frame.hasError())
                            .hasSequenced());
            ChangeSettings.Builder withDraft =
                    ChangeSettings.newBuilder().setConversationId(PAIR).setDraft(draft);
            alice.request(ClientFrame.newBuilder().setSettings(withDraft), ServerFrame::hasApplied);
            ChangeProfile.Builder withStatus = ChangeProfile.newBuilder().setStatus(status);
            alice.request(ClientFrame.newBuilder().setProfile(withStatus), ServerFrame::hasApplied);
            alice.request(ChatClient.text(PAIR, "m1", sent), ServerFrame::hasSequenced);
            alice.request(
                    ClientFrame.newBuilder()
                            .setEdit(EditMessage.newBuilder()
                                    .setConversationId(PAIR)
                                    .setSeq(2)
                                    .setContent(Content.newBuilder()
                                            .setText(TextContent.newBuilder().setBody(edited)))),
                    ServerFrame::hasSequenced);
            ClientFrame.Builder reply = ChatClient.text(PAIR, "m2", "indeed");
            reply.getSendBuilder().setReplyTo(ReplyTo.newBuilder().setSeq(2));
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
                "topics.user-partitions",
                "archive.s3-url",
                "archive.s3-access-key",
                "archive.s3-secret-key")) {
            settings.put(key, tidings.settings().required(key));
        }
        return CommandLineRun.of(tidings.directory(), settings, List.of(words));
    }
}
