package dev.tidings.processors.inbox.sync;

import com.google.protobuf.Timestamp;
import dev.tidings.processors.inbox.output.UserOutput;
import dev.tidings.processors.inbox.state.InboxStores;
import dev.tidings.processors.inbox.state.SyncLimits;
import dev.tidings.v1.ContinueSync;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Origin;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.SyncRequest;
import dev.tidings.v1.UserCommand;
import java.util.List;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Answers sync requests with pages of the user's views. A {@link ContinueSync} record continues a sync that exceeds one
 * record.
 */
public final class SyncAnswers {

    private final InboxStores stores;
    private final UserOutput output;
    private final SyncReader reader;

    public SyncAnswers(InboxStores stores, UserOutput output, SyncLimits limits) {
        this.stores = stores;
        this.output = output;
        this.reader = new SyncReader(stores, limits);
    }

    /**
     * Sends the first pages. If the version was never issued, or was issued by a state that is lost, replies with a
     * reset and all views: the client's views may differ from the server's.
     *
     * @param since INCREMENTAL: the version that the session has; 0 for none
     */
    public void give(Record<String, UserCommand> record, Origin origin, SyncMode mode, long since) {
        boolean reset = isUnknown(mode, since);
        SyncMode answered = reset ? SyncMode.FULL : mode;
        SyncedViews synced = read(record, answered, SyncPages.since(answered, since));
        send(record, origin, answered, synced, stores.clock().token(), reset);
    }

    /** Sends the first page only, for a requester without a session: it requests each further page. */
    public void givePage(Record<String, UserCommand> record, SyncRequest request) {
        boolean continues = request.getAfterVersion() > 0;
        boolean reset = !continues && isUnknown(request.getMode(), request.getSince());
        SyncMode answered = reset ? SyncMode.FULL : request.getMode();
        SyncedViews synced = continues
                ? reader.restAfter(record.key(), request.getAfterVersion(), UserOutput.timeOf(record))
                : read(record, answered, SyncPages.since(answered, request.getSince()));
        List<SyncAnswer> pages = SyncPages.of(answered, synced, stores.clock().token());
        SyncAnswer page = pages.getFirst();
        long next = pages.size() > 1 ? SyncPages.reached(synced.views(), page.getViewsCount()) : synced.reached();
        output.page(
                record, request.getOrigin(), page.toBuilder().setReset(reset).setNextAfter(next));
    }

    private boolean isUnknown(SyncMode mode, long since) {
        return mode == SyncMode.INCREMENTAL && since != 0 && !stores.clock().hasIssued(since);
    }

    private SyncedViews read(Record<String, UserCommand> record, SyncMode mode, long after) {
        Timestamp at = UserOutput.timeOf(record);
        return mode == SyncMode.FAST
                ? reader.newest(record.key(), SyncPages.VIEWS_PER_PAGE, at)
                : reader.changedAfter(record.key(), after, at);
    }

    /** Sends the next pages if the session is still open. */
    public void proceed(Record<String, UserCommand> record, ContinueSync command) {
        SyncedViews synced = reader.restAfter(record.key(), command.getAfterVersion(), UserOutput.timeOf(record));
        send(record, command.getOrigin(), command.getMode(), synced, command.getToken(), false);
    }

    /** @param token of the time at which the sync began */
    private void send(
            Record<String, UserCommand> record,
            Origin origin,
            SyncMode mode,
            SyncedViews synced,
            long token,
            boolean reset) {
        boolean first = true;
        for (SyncAnswer page : SyncPages.of(mode, synced, token)) {
            output.deliver(
                    record,
                    origin.getGatewaySlot(),
                    Delivery.newBuilder()
                            .setSyncAnswer(
                                    page.toBuilder().setReset(reset && first).setOrigin(origin)));
            first = false;
        }
        if (synced.reached() > 0) {
            output.again(record.withValue(UserCommand.newBuilder()
                    .setContinueSync(ContinueSync.newBuilder()
                            .setUserId(record.key())
                            .setOrigin(origin)
                            .setMode(mode)
                            .setAfterVersion(synced.reached())
                            .setToken(token))
                    .build()));
        }
    }
}
