package dev.tidings.ops.cli;

import dev.tidings.ops.run.TopicSetup;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.settings.Settings;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tidings topics}: makes a cluster ready for Tidings. */
@Command(
        name = "topics",
        description = "Creates the topics that are missing in the Kafka cluster, and checks the layout of the others.",
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
        List<String> created = TopicSetup.ensure(
                given.required("kafka.bootstrap-servers"), given.under("kafka.client."), TopicLayout.from(given));
        created.forEach(name -> spec.commandLine().getOut().println("created " + name));
        return 0;
    }
}
