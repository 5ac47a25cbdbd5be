package dev.tidings.processors.inbox.notification;

import com.google.protobuf.Timestamp;
import dev.tidings.processors.inbox.output.UserOutput;
import dev.tidings.processors.inbox.state.InboxStores;
import dev.tidings.state.v1.BroadcastRecord;
import dev.tidings.v1.NotifyOfBroadcast;
import dev.tidings.v1.UserCommand;
import java.util.List;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Notifies users without a session of broadcasts. Goes through the users of a partition in steps, so that other records
 * are processed in between.
 */
public final class BroadcastNotifications {

    /** The largest number of users processed by one record. */
    public static final int MAX_USERS_AT_ONCE = 200;

    private final InboxStores stores;
    private final UserOutput output;
    private final Notifier notifier;

    public BroadcastNotifications(InboxStores stores, UserOutput output, Notifier notifier) {
        this.stores = stores;
        this.output = output;
        this.notifier = notifier;
    }

    public void notify(Record<String, UserCommand> record, NotifyOfBroadcast command) {
        String conversationId = command.getConversationId();
        BroadcastRecord broadcast = stores.broadcast(conversationId);
        if (broadcast.getLastMessage().getSeq() != command.getSeq()) {
            return;
        }
        Timestamp at = UserOutput.timeOf(record);
        List<String> users = stores.usersWithDevices(command.getAfterUserId(), MAX_USERS_AT_ONCE);
        for (String userId : users) {
            if (stores.user(userId).getSessionsCount() == 0) {
                notifier.broadcast(userId, conversationId, broadcast, at);
            }
        }
        if (users.size() == MAX_USERS_AT_ONCE) {
            NotifyOfBroadcast rest =
                    command.toBuilder().setAfterUserId(users.getLast()).build();
            output.again(record.withValue(
                    UserCommand.newBuilder().setNotifyOfBroadcast(rest).build()));
        }
    }
}
