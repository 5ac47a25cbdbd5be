package dev.tidings.connectors.archive;

import com.clickhouse.client.api.query.GenericRecord;
import java.util.List;

/** The ClickHouse server that reads and writes the archive. A statement may take minutes. */
public interface ArchiveServer {

    /** @throws RuntimeException if the statement fails; part of its effect may remain */
    void execute(String sql);

    List<GenericRecord> query(String sql);
}
