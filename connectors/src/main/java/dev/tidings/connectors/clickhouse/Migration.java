package dev.tidings.connectors.clickhouse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One numbered step of the schema: file {@code V<number>__<name>.sql}, statements ended by semicolons. Every statement is
 * idempotent, since two workers may apply it at once, and a worker may die between two statements.
 *
 * @param checksum SHA-256 of the script, in hexadecimal
 */
record Migration(int version, String name, String script, String checksum) {

    private static final Pattern FILE_NAME = Pattern.compile("V(\\d{3})__([a-z0-9_]+)\\.sql");

    static Migration parse(String fileName, String text) {
        Matcher matcher = FILE_NAME.matcher(fileName);
        if (!matcher.matches()) {
            throw new MigrationException("migration " + fileName + " must be named V<3 digits>__<words>.sql");
        }
        // a checkout may have other line ends; the migration is still the same
        String script = text.replace("\r\n", "\n");
        return new Migration(Integer.parseInt(matcher.group(1)), matcher.group(2), script, sha256(script));
    }

    /** @param folder where the resource lies, seen from this class */
    static Migration resource(String folder, String fileName) {
        try (InputStream in = Migration.class.getResourceAsStream(folder + '/' + fileName)) {
            if (in == null) {
                throw new MigrationException("migration " + fileName + " is missing from the connectors' jar");
            }
            return parse(fileName, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("migration " + fileName + " cannot be read", e);
        }
    }

    List<String> statements() {
        return SqlScript.statements(script);
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
