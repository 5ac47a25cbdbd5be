package dev.tidings.ops.cli;

import dev.tidings.ops.deadletters.DeadLetterRecord;
import dev.tidings.ops.deadletters.DeadLetterTopic;
import dev.tidings.ops.deadletters.Retries;
import dev.tidings.ops.deadletters.Retry;
import dev.tidings.ops.log.KafkaLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidings dlq retry}: appends dead letters to their topics again. Appends none if one of them cannot be retried. */
@Command(
        name = "retry",
        description =
                "Appends dead letters to their original topics again, unchanged or with a corrected value. The letters"
                        + " stay; a record that fails again becomes a new one. Appends nothing if one letter cannot be retried.",
        mixinStandardHelpOptions = true)
final class DlqRetryCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Parameters(paramLabel = "ID", arity = "1..*", description = "Ids as list prints them.")
    private List<Long> ids = List.of();

    @Option(
            names = "--value",
            paramLabel = "FILE",
            description =
                    "File with the corrected value, for a single letter of business, commands or user-commands. JSON"
                            + " is allowed where the topic holds protobuf.")
    private @Nullable Path value;

    @Override
    public Integer call() {
        if (value != null && ids.size() != 1) {
            throw new ParameterException(
                    spec.commandLine(), "--value needs exactly one ID; " + ids.size() + " are given");
        }
        KafkaLog log = KafkaLog.of(settings.givenOrRunning());
        Map<Long, ProducerRecord<byte[], byte[]>> records = records(log, corrected());
        PrintWriter out = spec.commandLine().getOut();
        try (KafkaLog.Appender appender = log.appender()) {
            records.forEach((id, record) -> {
                RecordMetadata at = appender.append(record);
                out.println(id + "\t" + at.topic() + '/' + at.partition() + '/' + at.offset());
                out.flush();
            });
        }
        return 0;
    }

    private Map<Long, ProducerRecord<byte[], byte[]>> records(KafkaLog log, byte @Nullable [] corrected) {
        DeadLetterTopic letters = new DeadLetterTopic(log);
        Retries retries = new Retries(log);
        Map<Long, ProducerRecord<byte[], byte[]>> records = new LinkedHashMap<>();
        for (long id : ids) {
            DeadLetterRecord letter = letters.find(id);
            if (letter == null) {
                throw new CannotRunException("there is no dead letter " + id);
            }
            switch (retries.of(letter, corrected)) {
                case Retry.Possible(ProducerRecord<byte[], byte[]> record) -> records.put(id, record);
                case Retry.Refused(String reason) ->
                    throw new CannotRunException("dead letter " + id + " cannot be retried: " + reason);
            }
        }
        return records;
    }

    private byte @Nullable [] corrected() {
        if (value == null) {
            return null;
        }
        try {
            return Files.readAllBytes(value);
        } catch (IOException e) {
            throw new CannotRunException("--value cannot be read: " + e);
        }
    }
}
