package dev.tidings.ops.cli;

import dev.tidings.ops.run.Progress;
import dev.tidings.schemas.settings.Settings;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Tells the operator at the terminal what is going on. */
final class ConsoleProgress implements Progress {

    private final PrintWriter out;

    ConsoleProgress(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void started(String part, Duration took) {
        say(String.format(Locale.ROOT, "  %-18s started in %.1f s", part, took.toMillis() / 1000.0));
    }

    @Override
    public void note(String text) {
        say("  " + text);
    }

    @Override
    public void stopping(String part) {
        say("  stopping " + part);
    }

    void addresses(Settings settings) {
        String gateway = settings.find("gateway.url");
        say("");
        if (gateway != null) {
            say("  chat page    " + gateway + "/");
            say("  WebSocket    " + gateway.replaceFirst("^http", "ws") + "/v1/ws");
        }
        say("  Kafka        " + settings.required("kafka.bootstrap-servers"));
        say("  Redis        " + settings.required("redis.url"));
        say("  ClickHouse   " + settings.required("clickhouse.url") + "  (ops/bin/tidings sql \"SELECT …\")");
        say("");
        say("Ready. Ctrl-C stops it.");
    }

    private synchronized void say(String line) {
        out.println(line);
        out.flush();
    }
}
