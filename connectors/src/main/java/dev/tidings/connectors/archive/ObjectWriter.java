package dev.tidings.connectors.archive;

import dev.tidings.schemas.readmodel.SqlLiterals;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an object: announces it, writes it, reads it back, writes its manifest, and adds it to the catalog. An object of an interrupted
 * run is emptied by the next one.
 */
final class ObjectWriter {

    private static final Logger LOG = LoggerFactory.getLogger(ObjectWriter.class);

    private final ArchiveLease lease;
    private final ObjectTable table;
    private final ArchiveCatalog catalog;

    ObjectWriter(ArchiveLease lease, ObjectTable table, ArchiveCatalog catalog) {
        this.lease = lease;
        this.table = table;
        this.catalog = catalog;
    }

    /**
     * @param rows a query of the columns of an object
     * @param expected its rows
     * @param replaced the object that the new one replaces; null: none
     */
    void write(YearMonth month, String kind, String rows, EventSummary expected, @Nullable ArchiveObject replaced) {
        ArchiveObject object =
                new ArchiveObject(month, kind, lease.nextNumber(), expected.events(), expected.checksum());
        catalog.begin(object);
        lease.execute("INSERT INTO FUNCTION " + table.function(object) + ' ' + rows + " ORDER BY conversation_id, seq"
                + ObjectTable.WRITE_SETTINGS);
        table.requireWritten(lease, object);
        lease.execute("INSERT INTO FUNCTION " + table.manifest(object) + " SELECT "
                + SqlLiterals.quoted(object.name()) + ", 'events', '" + month + "', '" + kind + "', "
                + object.events() + ", " + Long.toUnsignedString(object.checksum())
                + ", min(sent_at), max(sent_at), 1, now64(3) FROM " + table.function(object)
                + " SETTINGS s3_truncate_on_insert = 1");
        catalog.add(object, replaced);
        if (replaced != null) {
            catalog.empty(replaced);
        }
        LOG.info("archived object={} events={}", object.name(), object.events());
    }
}
