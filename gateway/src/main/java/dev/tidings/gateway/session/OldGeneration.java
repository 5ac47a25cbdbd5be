package dev.tidings.gateway.session;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The part of the heap that keeps long-lived objects, measured after the last collection that has collected it. Between
 * collections it contains garbage, which says nothing about the memory that is needed.
 */
public final class OldGeneration implements OverloadMonitor.Heap {

    private final @Nullable MemoryPoolMXBean pool;

    /** Every collector of the JDK has one such pool; eden and survivors have no usage threshold. */
    public OldGeneration() {
        this.pool = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(candidate -> candidate.getType() == MemoryType.HEAP
                        && candidate.isUsageThresholdSupported()
                        && candidate.getCollectionUsage() != null)
                .max(Comparator.comparingLong(candidate -> candidate.getUsage().getMax()))
                .orElse(null);
    }

    /** 0 before the first collection, and if the collector does not measure it. */
    @Override
    public double liveShare() {
        MemoryUsage usage = pool == null ? null : pool.getCollectionUsage();
        return usage == null || usage.getMax() <= 0 ? 0 : (double) usage.getUsed() / usage.getMax();
    }
}
