package dev.tidings.processors.inbox.state;

/**
 * The limits of the views that one record reads and sends for a sync.
 *
 * @param scannedViews the largest number of views of a user without an index, and of recent views of a user with one; a scan of as
 *     many takes about 2 ms
 * @param viewsAtOnce the largest number of views sent by one record; another record continues the sync. At least 3,
 *     because two views may have the same version
 */
public record SyncLimits(int scannedViews, int viewsAtOnce) {

    /** The limits of production: five pages in one record, which take about 10 ms. */
    public static final SyncLimits DEFAULT = new SyncLimits(256, 500);

    public SyncLimits {
        if (viewsAtOnce < 3) {
            throw new IllegalArgumentException("viewsAtOnce is " + viewsAtOnce + "; at least 3 is allowed");
        }
    }
}
