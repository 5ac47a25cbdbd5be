package dev.tidings.ops.cli;

import dev.tidings.ops.registry.PublicSchemas;
import dev.tidings.ops.registry.SchemaRegistry;
import dev.tidings.ops.run.TopicSetup;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.settings.Settings;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tidings topics}: creates and checks the topics of a cluster. */
@Command(
        name = "topics",
        description =
                "Creates missing topics in the Kafka cluster, adds gateway slots and missing settings, and checks all"
                        + " topics. Publishes the schemas of the public ones if schema-registry.url is set.",
        mixinStandardHelpOptions = true)
final class TopicsCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Override
    public Integer call() {
        Settings given = settings.givenOrRunning();
        List<String> done = TopicSetup.ensure(
                given.required("kafka.bootstrap-servers"), given.under("kafka.client."), TopicLayout.from(given));
        done.forEach(line -> spec.commandLine().getOut().println(line));
        SchemaRegistry registry = SchemaRegistry.from(given);
        if (registry != null) {
            PublicSchemas.publish(registry)
                    .forEach(line -> spec.commandLine().getOut().println(line));
        }
        return 0;
    }
}
