package dev.tidings.ops.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Finds the process that owns a TCP connection of this machine, from Linux's {@code /proc}.
 *
 * @param root {@code /proc}
 */
record SocketOwners(Path root) {

    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int INODE = 9;
    private static final int HEXADECIMAL = 16;

    /**
     * Returns which of these processes has a connection from this local port to that remote port; empty if none has.
     *
     * @throws IOException if this is not Linux
     */
    OptionalLong find(int localPort, int remotePort, Collection<Long> pids) throws IOException {
        String inode = inode(localPort, remotePort);
        return inode.isEmpty()
                ? OptionalLong.empty()
                : pids.stream()
                        .mapToLong(Long::longValue)
                        .filter(pid -> hasOpen(pid, "socket:[" + inode + ']'))
                        .findFirst();
    }

    /** A JVM's connections to IPv4 addresses are in the table of IPv6. */
    private String inode(int localPort, int remotePort) throws IOException {
        for (String table : List.of("tcp6", "tcp")) {
            for (String line : Files.readAllLines(root.resolve("net").resolve(table))) {
                String[] fields = line.strip().split("\\s+", -1);
                if (fields.length > INODE
                        && portOf(fields[LOCAL]) == localPort
                        && portOf(fields[REMOTE]) == remotePort) {
                    return fields[INODE];
                }
            }
        }
        return "";
    }

    /** Returns the port of an address such as {@code 0100007F:1FBB}; -1 for the heading. */
    private static int portOf(String address) {
        int colon = address.lastIndexOf(':');
        return colon < 0 ? -1 : Integer.parseInt(address.substring(colon + 1), HEXADECIMAL);
    }

    private boolean hasOpen(long pid, String target) {
        try (Stream<Path> files = Files.list(root.resolve(Long.toString(pid)).resolve("fd"))) {
            return files.anyMatch(file -> isLinkTo(file, target));
        } catch (IOException e) {
            return false; // the process has ended
        }
    }

    private static boolean isLinkTo(Path file, String target) {
        try {
            return Files.readSymbolicLink(file).toString().equals(target);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }
}
