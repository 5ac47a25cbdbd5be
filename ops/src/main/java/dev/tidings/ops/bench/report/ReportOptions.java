package dev.tidings.ops.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a command that says where its report goes, besides the terminal. */
public final class ReportOptions {

    @Option(names = "--json", paramLabel = "<file>", description = "Also writes the report to this file, as JSON.")
    private @Nullable Path json;

    @Option(
            names = "--html",
            paramLabel = "<file>",
            description = "Also writes the report to this file, as a page with plots.")
    private @Nullable Path html;

    /**
     * Writes the files that the options name.
     *
     * @param title of the page
     */
    public void write(Report report, String title) throws IOException {
        if (json != null) {
            Files.writeString(json, report.toJson());
        }
        if (html != null) {
            Files.writeString(html, report.toHtml(title));
        }
    }
}
