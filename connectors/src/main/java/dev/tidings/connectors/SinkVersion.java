package dev.tidings.connectors;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this build, which the connectors report to Connect. */
public final class SinkVersion {

    private static final String RESOURCE = "version.properties";

    private SinkVersion() {}

    public static String read() {
        Properties properties = new Properties();
        try (InputStream in = SinkVersion.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("resource " + RESOURCE + " is missing from the connectors' jar");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }
}
