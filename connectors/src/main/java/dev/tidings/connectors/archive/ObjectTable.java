package dev.tidings.connectors.archive;

import dev.tidings.schemas.readmodel.SqlLiterals;
import java.util.List;
import java.util.stream.Collectors;

/** The SQL that reads and writes objects: ClickHouse's table function and table engine for S3, with Parquet. */
final class ObjectTable {

    /** {@code raw} is text, because readers of Parquet expect text in string columns. */
    static final String COLUMNS =
            "conversation_id, seq, message_index, sent_at, command_id, toString(kind), actor, body, base64Encode(raw)";

    /** The same for a row of ClickHouse and of an object. */
    static final String HASH_OF_ROW = hash("raw");

    static final String HASH_OF_ARCHIVED = hash("base64Decode(raw)");

    /** Readers of one conversation read whole row groups, so these are small. */
    static final String WRITE_SETTINGS =
            " SETTINGS s3_truncate_on_insert = 1, output_format_parquet_compression_method = 'zstd',"
                    + " output_format_parquet_row_group_size = 50000, do_not_merge_across_partitions_select_final = 1";

    private static final String STRUCTURE =
            "conversation_id String, seq Int64, message_index Int64, sent_at DateTime64(3, 'UTC'),"
                    + " command_id String, kind String, actor String, body String, raw String";

    private static final String MANIFEST = "object String, source String, month String, kind String, events UInt64,"
            + " checksum UInt64, first_sent_at DateTime64(3, 'UTC'), last_sent_at DateTime64(3, 'UTC'), version UInt8,"
            + " archived_at DateTime64(3, 'UTC')";

    private final ArchiveConfig config;

    ObjectTable(ArchiveConfig config) {
        this.config = config;
    }

    /** An object as a table. */
    String function(ArchiveObject object) {
        return function(object.name(), "Parquet", STRUCTURE);
    }

    String manifest(ArchiveObject object) {
        return function(object.manifestName(), "JSONEachRow", MANIFEST);
    }

    private String function(String name, String format, String structure) {
        return "s3(" + SqlLiterals.quoted(config.url() + '/' + name) + credentials() + ", '" + format + "', "
                + SqlLiterals.quoted(structure) + ')';
    }

    /** Reads the whole object. */
    EventSummary summary(ArchiveServer server, ArchiveObject object) {
        return EventSummary.of(server, HASH_OF_ARCHIVED, "FROM " + function(object));
    }

    /** @throws ArchiveException if the object does not have the events that it should have */
    void requireWritten(ArchiveServer server, ArchiveObject object) {
        EventSummary found = summary(server, object);
        if (!found.equals(object.summary())) {
            throw new ArchiveException("object " + object.name() + " has " + found.events() + " events with checksum "
                    + Long.toUnsignedString(found.checksum()) + " instead of " + object.events() + " with "
                    + Long.toUnsignedString(object.checksum()));
        }
    }

    /** The positions and hashes of all events of some objects. */
    String positions(List<ArchiveObject> objects) {
        return objects.stream()
                .map(object -> "SELECT conversation_id, seq, " + HASH_OF_ARCHIVED + " FROM " + function(object))
                .collect(Collectors.joining(" UNION ALL "));
    }

    /** Creates the table over all objects, for gateways and analysts; replaces it if the address or the key has changed. */
    String create() {
        return """
                CREATE OR REPLACE TABLE tidings.archived_events
                (
                    conversation_id String COMMENT 'The conversation',
                    seq Int64 COMMENT 'Position in the conversation',
                    message_index Int64 COMMENT 'As in events',
                    sent_at DateTime64(3, 'UTC') COMMENT 'As in events',
                    command_id String COMMENT 'As in events',
                    kind String COMMENT 'As in events',
                    actor String COMMENT 'As in events',
                    body String COMMENT 'As in events',
                    raw String COMMENT 'As in events, in Base64'
                )
                ENGINE = S3(%s%s, 'Parquet')
                COMMENT 'Events of the archive on object storage. An event may be in events, too'
                """.formatted(SqlLiterals.quoted(config.url() + "/events-*.parquet"), credentials());
    }

    private String credentials() {
        return config.accessKey().isEmpty()
                ? ", NOSIGN"
                : ", " + SqlLiterals.quoted(config.accessKey()) + ", " + SqlLiterals.quoted(config.secretKey());
    }

    private static String hash(String raw) {
        return "cityHash64(conversation_id, seq, message_index, toUnixTimestamp64Milli(sent_at), command_id, toString(kind),"
                + " actor, body, " + raw + ')';
    }
}
