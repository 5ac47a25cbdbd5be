package dev.tidings.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.gateway.auth.RevocationList;
import dev.tidings.ops.embedded.KafkaExtension;
import dev.tidings.ops.run.TopicSetup;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.id.TokenSubject;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.v1.TokenRevocation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code tidings token revoke} on a real broker, at the limit of revocations. */
class TokenCommandIT {

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    @Test
    void revocations_beyond_the_limit_are_rejected_together_and_repeated_ones_are_not_counted_again() throws Exception {
        Map<String, String> settings = Map.of("kafka.bootstrap-servers", kafka.bootstrapServers());
        TopicSetup.ensure(kafka.bootstrapServers(), Map.of(), TopicLayout.from(Settings.of(settings)));
        Path config = Files.write(
                kafka.directory().resolve("tidings.properties"),
                List.of("kafka.bootstrap-servers=" + kafka.bootstrapServers()));
        revokeTokens(RevocationList.MAX_REVOCATIONS - 1);

        Run tooMany = run(config, "revoke", "alice", "bob");
        assertTrue(tooMany.exitCode() != 0);
        assertTrue(
                tooMany.err().contains("there would be more than 100000 revocations; revoke users instead"),
                tooMany::err);
        assertEquals(0, run(config, "revoke", "alice").exitCode());
        assertEquals(0, run(config, "revoke", "alice").exitCode());
        assertTrue(run(config, "revoke", "bob").exitCode() != 0);

        List<String> listed = run(config, "list-revoked").out().lines().toList();
        assertEquals(RevocationList.MAX_REVOCATIONS, listed.size());
        assertEquals(
                1, listed.stream().filter(line -> line.contains("user:alice")).count());
        assertTrue(listed.stream().noneMatch(line -> line.contains("user:bob")));
    }

    /** Writes revocations of single tokens, as many gateways would over time. */
    private static void revokeTokens(int count) {
        try (KafkaProducer<String, TokenRevocation> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
                Topics.TOKEN_REVOCATIONS.key().serializer(),
                Topics.TOKEN_REVOCATIONS.value().serializer())) {
            for (int i = 0; i < count; i++) {
                TokenRevocation revocation =
                        TokenRevocation.newBuilder().setTokenId("token-" + i).build();
                producer.send(
                        new ProducerRecord<>(Topics.TOKEN_REVOCATIONS.name(), TokenSubject.of(revocation), revocation));
            }
        }
    }

    /** The outcome of one command. */
    private record Run(int exitCode, String out, String err) {}

    private static Run run(Path config, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of("token"));
        all.addAll(List.of(arguments));
        all.add("--config");
        all.add(config.toString());
        int exitCode = Tidings.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
        return new Run(exitCode, out.toString(), err.toString());
    }
}
