package dev.tidings.ops.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The random token secret of the all-in-one. Kept with the data, so that tokens stay valid after a restart. */
final class TokenSecret {

    private static final int BYTES = 32;

    private TokenSecret() {}

    /** Reads the secret in this directory, or creates it. */
    static String in(Path data) {
        Path file = data.resolve("token-secret");
        try {
            if (!Files.exists(file)) {
                byte[] random = new byte[BYTES];
                new SecureRandom().nextBytes(random);
                Files.createDirectories(data);
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(file, HexFormat.of().formatHex(random));
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read or write the token secret " + file, e);
        }
    }
}
