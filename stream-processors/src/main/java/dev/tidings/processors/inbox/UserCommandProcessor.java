package dev.tidings.processors.inbox;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.v1.AccessAnswer;
import dev.tidings.v1.AccessRequest;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Delivery;
import dev.tidings.v1.Follow;
import dev.tidings.v1.Session;
import dev.tidings.v1.SessionClosed;
import dev.tidings.v1.SessionReady;
import dev.tidings.v1.SessionReplaced;
import dev.tidings.v1.SyncAnswer;
import dev.tidings.v1.SyncRequest;
import dev.tidings.v1.UserCommand;
import dev.tidings.v1.UserEvent;
import java.util.List;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Opens and closes sessions, and answers syncs and questions of access: in the same partition as the events, so that nothing falls between. */
final class UserCommandProcessor extends ContextualProcessor<String, UserCommand, Object, Message> {

    private final TopicLayout layout;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private InboxStores stores;

    UserCommandProcessor(TopicLayout layout) {
        this.layout = layout;
    }

    @Override
    public void init(ProcessorContext<Object, Message> context) {
        super.init(context);
        stores = new InboxStores(context);
    }

    @Override
    public void process(Record<String, UserCommand> record) {
        UserCommand command = record.value();
        if (!command.getUserId().equals(record.key())) {
            throw new IllegalArgumentException("command of " + command.getUserId() + " lies under another user's key");
        }
        switch (command.getBodyCase()) {
            case OPEN_SESSION -> open(record, command.getOpenSession().getSession());
            case CLOSE_SESSION -> close(record, command.getCloseSession().getSessionId());
            case SYNC_REQUEST -> sync(record, command.getSyncRequest());
            case ACCESS_REQUEST -> access(record, command.getAccessRequest());
            case CHANGE_SETTINGS,
                    CHANGE_PROFILE,
                    WATCH_PRESENCE,
                    DEVICES_REQUEST,
                    REVOKE_DEVICE,
                    REGISTER_PUSH,
                    GATEWAY_GONE,
                    UNDELIVERED -> throw new IllegalArgumentException("not yet");
            case BODY_NOT_SET -> throw new IllegalArgumentException("user command without a body");
        }
    }

    private void open(Record<String, UserCommand> record, Session requested) {
        requireSlot(requested.getGatewaySlot());
        if (requested.getSessionId().isEmpty() || requested.getDeviceId().isEmpty()) {
            throw new IllegalArgumentException("a session needs an id and a device");
        }
        Session session = requested.toBuilder().setOpenedAt(timeOf(record)).build();
        UserRecord user = stores.user(record.key());
        if (SessionsDecider.isOutdated(user, session)) {
            // from a gateway that was paused: it must not end a session that lives
            return;
        }
        List<Session> replaced = SessionsDecider.replacedBy(user, session);
        List<String> followed = stores.followedBy(record.key());
        if (!user.getKnown()) {
            stores.joinBroadcasts(record.key());
        }
        stores.putUser(record.key(), SessionsDecider.open(user, session, replaced));
        replaced.forEach(gone -> sayReplaced(record, gone));
        tell(record, UserEvent.newBuilder().setSessionOpened(session));
        if (!followed.isEmpty()) {
            // before the session is ready, for then it must not miss anything any more
            Follow.Builder follow =
                    Follow.newBuilder().setSessionId(session.getSessionId()).addAllConversationIds(followed);
            deliver(record, session.getGatewaySlot(), Delivery.newBuilder().setFollow(follow));
        }
        SessionReady.Builder ready = SessionReady.newBuilder().setSessionId(session.getSessionId());
        deliver(record, session.getGatewaySlot(), Delivery.newBuilder().setSessionReady(ready));
    }

    private void sayReplaced(Record<String, UserCommand> record, Session gone) {
        SessionReplaced.Builder replaced = SessionReplaced.newBuilder().setSessionId(gone.getSessionId());
        deliver(record, gone.getGatewaySlot(), Delivery.newBuilder().setSessionReplaced(replaced));
        sayClosed(record, gone);
    }

    private void sayClosed(Record<String, UserCommand> record, Session gone) {
        tell(
                record,
                UserEvent.newBuilder()
                        .setSessionClosed(SessionClosed.newBuilder().setSession(gone)));
    }

    private void close(Record<String, UserCommand> record, String sessionId) {
        UserRecord user = stores.user(record.key());
        for (Session session : user.getSessionsList()) {
            if (session.getSessionId().equals(sessionId)) {
                stores.putUser(record.key(), SessionsDecider.close(user, session));
                sayClosed(record, session);
            }
        }
    }

    private void sync(Record<String, UserCommand> record, SyncRequest request) {
        int slot = request.getOrigin().getGatewaySlot();
        requireSlot(slot);
        long version = stores.user(record.key()).getVersion();
        long since = SyncPages.since(request);
        List<ConversationView> views = stores.viewsSince(record.key(), since);
        List<ConversationView> broadcasts = stores.broadcastsSeenBy(record.key());
        for (SyncAnswer page : SyncPages.of(request.getMode(), views, broadcasts, version)) {
            SyncAnswer.Builder answer = page.toBuilder().setOrigin(request.getOrigin());
            deliver(record, slot, Delivery.newBuilder().setSyncAnswer(answer));
        }
    }

    /** Whoever asks waits for the answer, so that one who may see nothing is told so, too. */
    private void access(Record<String, UserCommand> record, AccessRequest request) {
        int slot = request.getOrigin().getGatewaySlot();
        requireSlot(slot);
        AccessAnswer.Builder answer = Membership.access(stores.view(record.key(), request.getConversationId()))
                .setOrigin(request.getOrigin())
                .setConversationId(request.getConversationId());
        deliver(record, slot, Delivery.newBuilder().setAccessAnswer(answer));
    }

    private void requireSlot(int slot) {
        if (slot < 0 || slot >= layout.gatewaySlots()) {
            throw new IllegalArgumentException("there is no gateway slot " + slot);
        }
    }

    private void deliver(Record<String, UserCommand> record, int slot, Delivery.Builder delivery) {
        context()
                .forward(
                        new Record<>(slot, delivery.setGatewaySlot(slot).build(), record.timestamp()),
                        InboxTopology.DELIVERIES_SINK);
    }

    private void tell(Record<String, UserCommand> record, UserEvent.Builder event) {
        event.setUserId(record.key()).setAt(timeOf(record));
        context().forward(record.withValue(event.build()), InboxTopology.USER_EVENTS_SINK);
    }

    private static Timestamp timeOf(Record<String, UserCommand> record) {
        return Timestamps.fromMillis(record.timestamp());
    }
}
