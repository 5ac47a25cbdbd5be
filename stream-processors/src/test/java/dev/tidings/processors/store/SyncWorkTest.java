package dev.tidings.processors.store;

import static dev.tidings.processors.TestRecords.EPOCH_MILLIS;
import static dev.tidings.processors.TestRecords.at;
import static dev.tidings.processors.TestRecords.origin;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Message;
import dev.tidings.processors.inbox.output.UserOutput;
import dev.tidings.processors.inbox.state.InboxStores;
import dev.tidings.processors.inbox.state.SyncLimits;
import dev.tidings.processors.inbox.sync.SyncAnswers;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.state.v1.GroupHeadRecord;
import dev.tidings.state.v1.SharedEventsRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.GroupView;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.Role;
import dev.tidings.v1.SyncMode;
import dev.tidings.v1.UserCommand;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A sync reads as many entries of the stores as its answer needs, however many conversations the user has. A sync that needs more
 * than the budget throws {@link LimitExceededException}.
 */
class SyncWorkTest {

    private static final String BOB = "bob";
    private static final TopicLayout LAYOUT = new TopicLayout(1, 1, 1, (short) 1);

    /** Two entries for each view on a page or scanned, and a few for ranges. */
    private static final int OPERATIONS = 2 * (100 + 256) + 50;

    /** One entry more for each recent view: that of the list. */
    private static final int OPERATIONS_WITH_RECENT = OPERATIONS + 256;

    private final MockProcessorContext<Object, Message> context = new MockProcessorContext<>();
    private long version;

    @ParameterizedTest
    @ValueSource(ints = {10, 256, 1_000, 10_000})
    void a_fast_sync_reads_what_it_sends(int conversations) {
        addGroups(conversations);

        assertEquals(1, pagesOf(SyncMode.FAST, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 256, 1_000, 10_000})
    void an_incremental_sync_reads_what_has_changed(int conversations) {
        addGroups(conversations);

        assertEquals(1, pagesOf(SyncMode.INCREMENTAL, version));
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 10_000})
    void a_sync_also_reads_the_recent_views(int conversations) {
        addGroups(conversations);
        change(300);

        assertEquals(1, pagesOf(SyncMode.FAST, 0, OPERATIONS_WITH_RECENT));
        context.resetForwards();
        assertEquals(1, pagesOf(SyncMode.INCREMENTAL, version, OPERATIONS_WITH_RECENT));
    }

    private int pagesOf(SyncMode mode, long since) {
        return pagesOf(mode, since, OPERATIONS);
    }

    private int pagesOf(SyncMode mode, long since, int maxOperations) {
        UnitOfWork<Object, Message> work = new UnitOfWork<>(context, new WorkBudget(maxOperations, 10));
        InboxStores stores = new InboxStores(work, SyncLimits.DEFAULT);
        Record<String, UserCommand> record = new Record<>(BOB, UserCommand.getDefaultInstance(), EPOCH_MILLIS);
        new SyncAnswers(stores, new UserOutput(work, LAYOUT), SyncLimits.DEFAULT)
                .give(record, origin(0, "bob-phone", "f1"), mode, since);
        work.write();
        return context.forwarded().size();
    }

    /** Gives the user groups whose newest message is in the head. */
    private void addGroups(int count) {
        InboxStores.ALL.forEach(this::addStore);
        UnitOfWork<Object, Message> work = new UnitOfWork<>(context, new WorkBudget(1_000, 1_000));
        InboxStores stores = new InboxStores(work, SyncLimits.DEFAULT);
        for (int number = 1; number <= count; number++) {
            stores.clock().atEvent(EPOCH_MILLIS);
            stores.clock().atCommand(EPOCH_MILLIS);
            version = stores.clock().version();
            String conversationId = "g:group" + number;
            stores.putView(
                    BOB,
                    conversationId,
                    ViewRecord.newBuilder()
                            .setLastSeq(1)
                            .setVersion(version)
                            .setUpdatedAt(at(number))
                            .setGroup(
                                    GroupView.newBuilder().setRole(Role.MEMBER).setJoinedSeq(1))
                            .build());
            stores.putGroupHead(
                    conversationId,
                    GroupHeadRecord.newBuilder()
                            .setShared(SharedEventsRecord.newBuilder()
                                    .setLastSeq(2)
                                    .setLastIndex(1)
                                    .setVersion(version)
                                    .setUpdatedAt(at(number))
                                    .setLastMessage(MessagePreview.newBuilder()
                                            .setSeq(2)
                                            .setSentAt(at(number))))
                            .build());
            work.write();
        }
    }

    /** Gives the first groups a new version, each by a record of its own. */
    private void change(int count) {
        UnitOfWork<Object, Message> work = new UnitOfWork<>(context, new WorkBudget(1_000, 1_000));
        InboxStores stores = new InboxStores(work, SyncLimits.DEFAULT);
        for (int number = 1; number <= count; number++) {
            stores.clock().atEvent(EPOCH_MILLIS);
            stores.clock().atCommand(EPOCH_MILLIS);
            version = stores.clock().version();
            String conversationId = "g:group" + number;
            stores.putView(
                    BOB,
                    conversationId,
                    stores.view(BOB, conversationId).toBuilder()
                            .setVersion(version)
                            .build());
            work.write();
        }
    }

    private void addStore(StateStore<?, ?> declared) {
        KeyValueStore<?, ?> store = declared.builder(StateStore.Kind.MEMORY)
                .withLoggingDisabled()
                .withCachingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
    }
}
