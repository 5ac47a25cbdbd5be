package dev.tidings.ops.erasure;

import java.io.PrintWriter;

/**
 * The result of an erasure: the removed data, and the pending work.
 *
 * @param messages messages without words, forwarded copies included
 * @param copies forwarded copies among them
 * @param recalled messages that were recalled for it; the others were recalled before
 * @param conversations that had such messages
 * @param redisFileWritten whether the append-only file of Redis is written again
 * @param partsDropped whether ClickHouse has deleted the files of the replaced parts
 * @param hasArchive whether there is an archive
 * @param archiveObjects objects of the archive that are replaced
 * @param archivedEvents events that are changed in them
 */
public record ErasureReport(
        int messages,
        int copies,
        int recalled,
        int conversations,
        boolean redisFileWritten,
        boolean partsDropped,
        boolean hasArchive,
        int archiveObjects,
        long archivedEvents) {

    public void print(PrintWriter out) {
        out.println("erased messages: " + messages + ", forwarded copies among them: " + copies + ", recalled now: "
                + recalled + ", conversations: " + conversations);
        out.println("Redis: keys removed"
                + (redisFileWritten
                        ? ", append-only file written again"
                        : "; pending: its files on disk, until Redis writes them again (BGSAVE)"));
        out.println("ClickHouse: rows changed"
                + (partsDropped
                        ? ", replaced parts deleted"
                        : "; pending: the files of replaced parts, which ClickHouse deletes after 8 minutes"));
        out.println(
                hasArchive
                        ? "archive: objects replaced: " + archiveObjects + ", events changed: " + archivedEvents
                        : "archive: there is none");
        out.println(
                "Kafka: pending until the segments are written again: tidings up does it when it starts; for other brokers,"
                        + " stop one after the other and run tidings erase log");
        out.println(
                "Not reached: media, old versions of objects, backups, mirrors, exports, and data that clients and business systems have stored");
        out.flush();
    }

    /** A line for the audit log. */
    String summary() {
        return "messages " + messages + ", copies " + copies + ", recalled " + recalled + ", conversations "
                + conversations + ", archived events " + archivedEvents;
    }
}
