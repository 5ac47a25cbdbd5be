package dev.tidings.ops.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file that was copied and is durable, with its times and permissions.
 *
 * @param sha256 of the bytes read, in hex
 * @param bytes their number
 */
record CopiedFile(String sha256, long bytes) {

    private static final int BUFFER_BYTES = 256 * 1024;

    static CopiedFile copy(Path from, Path to) throws IOException {
        MessageDigest digest = newDigest();
        long bytes = 0;
        FileTime modified = Files.getLastModifiedTime(from);
        try (InputStream in = Files.newInputStream(from);
                FileChannel out = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
                ByteBuffer rest = ByteBuffer.wrap(buffer, 0, read);
                while (rest.hasRemaining()) {
                    bytes += out.write(rest);
                }
            }
            out.force(true);
        }
        Files.setLastModifiedTime(to, modified);
        return new CopiedFile(HexFormat.of().formatHex(digest.digest()), bytes);
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
