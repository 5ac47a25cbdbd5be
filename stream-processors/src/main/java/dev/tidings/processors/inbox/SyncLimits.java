package dev.tidings.processors.inbox;

/**
 * Bounds of what one record reads and sends for a sync.
 *
 * @param scannedViews a user with more views than these gets an index; to scan so many takes about 2 ms
 * @param viewsAtOnce what one record sends; the rest of the sync is continued by another record. At least 3, because two
 *     views may have the same version
 */
public record SyncLimits(int scannedViews, int viewsAtOnce) {

    /** Five pages in one record, which take about 10 ms. */
    public static final SyncLimits DEFAULT = new SyncLimits(256, 500);

    public SyncLimits {
        if (viewsAtOnce < 3) {
            throw new IllegalArgumentException("viewsAtOnce is " + viewsAtOnce + "; at least 3 is allowed");
        }
    }
}
