package dev.tidings.processors;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * Limits the memory of all RocksDB stores of the process to one budget: half for write buffers, and all of it charged
 * to one cache. Without it, the memory of each store of each partition is unbounded.
 *
 * <p>Kafka Streams creates one instance per store, by reflection; so the budget is shared in statics.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {

    static final String MEGABYTES = "tidings.rocksdb.megabytes";

    private static final Object LOCK = new Object();
    private static @Nullable Cache cache;
    private static @Nullable WriteBufferManager writeBuffers;

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        synchronized (LOCK) {
            if (cache == null || writeBuffers == null) {
                long bytes =
                        ((Number) Objects.requireNonNull(configs.get(MEGABYTES), MEGABYTES)).longValue() * 1_048_576L;
                cache = new LRUCache(bytes);
                writeBuffers = new WriteBufferManager(bytes / 2, cache);
            }
            table.setBlockCache(cache);
            options.setWriteBufferManager(writeBuffers);
        }
        table.setCacheIndexAndFilterBlocks(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferSize(4 * 1_048_576L);
        options.setMaxWriteBufferNumber(2);
    }

    @Override
    public void close(String storeName, Options options) {
        // the budget is shared and outlives each store
    }
}
