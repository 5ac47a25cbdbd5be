package dev.tidings.ops.cli;

import dev.tidings.gateway.GatewayConfig;
import dev.tidings.ops.run.Progress;
import dev.tidings.schemas.settings.Settings;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Prints the progress of starting and stopping, and the addresses of the running system. */
final class ConsoleProgress implements Progress {

    private final PrintWriter out;

    ConsoleProgress(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void started(String part, Duration took) {
        print(String.format(Locale.ROOT, "  %-18s started in %.1f s", part, took.toMillis() / 1000.0));
    }

    @Override
    public void note(String text) {
        print("  " + text);
    }

    @Override
    public void stopping(String part) {
        print("  stopping " + part);
    }

    /** Prints where the running system is reached. */
    void addresses(Settings settings) {
        String gateway = settings.find("gateway.url");
        print("");
        if (gateway != null) {
            print("  chat page    " + gateway + "/");
            print("  WebSocket    " + gateway.replaceFirst("^http", "ws") + "/v1/ws");
            grpc(settings);
        }
        print("  Kafka        " + settings.required("kafka.bootstrap-servers"));
        print("  Redis        " + settings.required("redis.url"));
        print("  ClickHouse   " + settings.required("clickhouse.url") + "  (ops/bin/tidings sql \"SELECT …\")");
        String analyst = settings.find("clickhouse.analyst-user");
        if (analyst != null) {
            print("               read-only: user " + analyst + ", password "
                    + settings.text("clickhouse.analyst-password", ""));
        }
        print("");
        print("Ready. Ctrl-C stops it.");
    }

    private void grpc(Settings settings) {
        int port = GatewayConfig.grpcPort(settings);
        if (port != 0) {
            print("  gRPC         " + settings.text("gateway.host", "127.0.0.1") + ':' + port);
        }
    }

    private synchronized void print(String line) {
        out.println(line);
        out.flush();
    }
}
