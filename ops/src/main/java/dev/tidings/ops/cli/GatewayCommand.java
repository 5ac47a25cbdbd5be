package dev.tidings.ops.cli;

import dev.tidings.gateway.Gateway;
import dev.tidings.gateway.GatewayConfig;
import dev.tidings.ops.run.LayoutCheck;
import dev.tidings.ops.run.StartChecks;
import dev.tidings.schemas.settings.Settings;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidings gateway}: runs one gateway in a process of its own. */
@Command(name = "gateway", description = "Runs one gateway.", mixinStandardHelpOptions = true)
final class GatewayCommand implements Callable<Integer> {

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Override
    public Integer call() throws Exception {
        Settings given = settings.ofRoleOrRunning("gateway");
        GatewayConfig config = GatewayConfig.from(given);
        StartChecks.port(config.host(), config.httpPort(), "gateway.http-port");
        StartChecks.port(config.host(), config.grpcPort(), "gateway.grpc-port");
        StartChecks.port(config.healthHost(), config.healthPort(), "gateway.health-port");
        StartChecks.temporaryDirectory();
        LayoutCheck.require(given, LayoutCheck.Slots.AT_LEAST);
        return UntilStopped.run(() -> Gateway.start(config, null, List::of), Gateway::lost);
    }
}
