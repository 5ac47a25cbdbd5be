package dev.tidings.ops.export;

import dev.tidings.ops.connect.ConnectorsConfig;
import dev.tidings.ops.log.KafkaLog;
import dev.tidings.schemas.settings.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes the data of one user to a zip file with one file of JSON lines for each kind of data. */
public final class UserExport implements AutoCloseable {

    private static final String ENDING = ".jsonl";

    private final ExportedTables tables;
    private final ExportedState state;

    public UserExport(Settings settings) {
        ConnectorsConfig config = ConnectorsConfig.from(settings);
        this.tables = new ExportedTables(
                config.clickHouseUrl(),
                config.clickHouseUser(),
                config.clickHousePassword(),
                config.clickHouseCluster());
        this.state = new ExportedState(KafkaLog.of(settings));
    }

    /** Writes the zip file. The data of a user who is unknown are empty files. */
    public void write(String userId, OutputStream out) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String name : ExportedTables.names()) {
                zip.putNextEntry(new ZipEntry(name + ENDING));
                tables.write(name, userId, zip);
                zip.closeEntry();
            }
            for (String name : ExportedState.names()) {
                zip.putNextEntry(new ZipEntry(name + ENDING));
                state.write(name, userId, zip);
                zip.closeEntry();
            }
        }
    }

    @Override
    public void close() {
        tables.close();
    }
}
