package dev.tidings.processors.inbox;

import com.google.protobuf.Message;
import dev.tidings.processors.inbox.notification.BroadcastNotifications;
import dev.tidings.processors.inbox.notification.Notifier;
import dev.tidings.processors.inbox.output.UserOutput;
import dev.tidings.processors.inbox.session.DeviceCommands;
import dev.tidings.processors.inbox.session.PresenceCommands;
import dev.tidings.processors.inbox.session.PresencePublisher;
import dev.tidings.processors.inbox.session.SessionCommands;
import dev.tidings.processors.inbox.session.SessionRegistry;
import dev.tidings.processors.inbox.state.InboxStores;
import dev.tidings.processors.inbox.state.SyncClock;
import dev.tidings.processors.inbox.state.SyncLimits;
import dev.tidings.processors.inbox.sync.SyncAnswers;
import dev.tidings.processors.notification.NotificationDecider;
import dev.tidings.processors.rules.StoredRules;
import dev.tidings.processors.store.AtomicProcessor;
import dev.tidings.schemas.TopicLayout;
import dev.tidings.schemas.check.UserCommandCheck;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.UserCommand;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Dispatches each user command to the handler of its kind. Commands have the same partition as the user's events, so
 * the two are processed in one order.
 */
final class UserCommandProcessor extends AtomicProcessor<String, UserCommand, Object, Message> {

    private final TopicLayout layout;
    private final NotificationDecider notifications;
    private final SyncLimits syncLimits;

    @SuppressWarnings("NullAway.Init") // by init(), before the first record
    private UserOutput output;

    @SuppressWarnings("NullAway.Init")
    private SessionCommands sessions;

    @SuppressWarnings("NullAway.Init")
    private SyncClock clock;

    @SuppressWarnings("NullAway.Init")
    private StoredRules rules;

    @SuppressWarnings("NullAway.Init")
    private QueryCommands questions;

    @SuppressWarnings("NullAway.Init")
    private SettingsCommands settings;

    @SuppressWarnings("NullAway.Init")
    private DeviceCommands devices;

    @SuppressWarnings("NullAway.Init")
    private PresenceCommands presence;

    @SuppressWarnings("NullAway.Init")
    private BroadcastNotifications broadcasts;

    @SuppressWarnings("NullAway.Init")
    private Notifier notifier;

    UserCommandProcessor(TopicLayout layout, NotificationDecider notifications, SyncLimits syncLimits) {
        this.layout = layout;
        this.notifications = notifications;
        this.syncLimits = syncLimits;
    }

    @Override
    protected void open(ProcessorContext<Object, Message> context) {
        InboxStores stores = new InboxStores(context, syncLimits);
        clock = stores.clock();
        rules = new StoredRules(context);
        output = new UserOutput(context, layout);
        PresencePublisher board = new PresencePublisher(stores, output);
        SessionRegistry book = new SessionRegistry(stores, output, board);
        SyncAnswers syncAnswers = new SyncAnswers(stores, output, syncLimits);
        sessions = new SessionCommands(stores, output, book, syncAnswers);
        questions = new QueryCommands(stores, output, syncAnswers);
        devices = new DeviceCommands(stores, output, book);
        notifier = new Notifier(context, stores, notifications);
        settings = new SettingsCommands(stores, output, board, notifier, rules);
        presence = new PresenceCommands(stores, output, book, board, notifier);
        broadcasts = new BroadcastNotifications(stores, output, notifier);
    }

    @Override
    protected void handle(Record<String, UserCommand> record) {
        clock.atCommand(record.timestamp());
        notifier.begin();
        UserCommand command = record.value();
        if (!command.getUserId().equals(record.key())) {
            throw new IllegalArgumentException("command of " + command.getUserId() + " has another user's key");
        }
        boolean concernsMany = command.hasGatewayGone()
                || command.hasNotifyOfBroadcast()
                || command.hasNotifyOfMissed()
                || command.hasContinueSync()
                || command.hasRules();
        if (command.getUserId().isEmpty() != concernsMany) {
            throw new IllegalArgumentException(
                    command.getBodyCase() + (concernsMany ? " must not have a userId" : " has no userId"));
        }
        Refusal tooLarge = UserCommandCheck.checkSize(command);
        if (tooLarge != null) {
            refuse(record, tooLarge);
            return;
        }
        switch (command.getBodyCase()) {
            case OPEN_SESSION -> sessions.open(record, command.getOpenSession());
            case CLOSE_SESSION -> sessions.close(record, command.getCloseSession());
            case SYNC_REQUEST -> questions.sync(record, command.getSyncRequest());
            case ACCESS_REQUEST -> questions.access(record, command.getAccessRequest());
            case FRIENDS_REQUEST -> questions.friends(record, command.getFriendsRequest());
            case CHANGE_SETTINGS -> settings.change(record, command.getChangeSettings());
            case CHANGE_PROFILE -> settings.changeProfile(record, command.getChangeProfile());
            case DEVICES_REQUEST -> devices.list(record, command.getDevicesRequest());
            case REVOKE_DEVICE -> devices.revoke(record, command.getRevokeDevice());
            case REGISTER_PUSH -> devices.registerPush(record, command.getRegisterPush());
            case WATCH_PRESENCE -> presence.watch(record, command.getWatchPresence());
            case GATEWAY_GONE -> presence.gatewayGone(record, command.getGatewayGone());
            case NOTIFY_OF_BROADCAST -> broadcasts.notify(record, command.getNotifyOfBroadcast());
            case NOTIFY_OF_MISSED -> notifier.proceed(command.getNotifyOfMissed(), UserOutput.timeOf(record));
            case CONTINUE_SYNC -> questions.continueSync(record, command.getContinueSync());
            case RULES -> changeRules(record, command.getRules());
            case UNDELIVERED -> presence.undelivered(record, command.getUndelivered());
            case BODY_NOT_SET -> throw new IllegalArgumentException("user command has no body");
        }
    }

    /** Applies a change of the rules, which CONVERSATION has checked and accepted. */
    private void changeRules(Record<String, UserCommand> record, RulesCommand change) {
        Refusal flaw = rules.change(change, UserOutput.timeOf(record));
        if (flaw != null) {
            throw new IllegalArgumentException(flaw.getMessage());
        }
    }

    /** Reloads the rules, because those in memory may contain the discarded change. */
    @Override
    protected void discarded(Record<String, UserCommand> record) {
        // a record may be without a value
        if (record.value() != null && record.value().hasRules()) {
            rules.reload();
        }
    }

    /** @throws IllegalArgumentException if the command has no requesting session or business system */
    @Override
    protected void refuse(Record<String, UserCommand> record, Refusal refusal) {
        Origin origin = originOf(record.value());
        if (origin.getSessionId().isEmpty() && !origin.hasBusiness()) {
            throw new IllegalArgumentException(refusal.getMessage());
        }
        output.requireSlot(origin.getGatewaySlot());
        output.refuse(record, origin, refusal);
    }

    /** Returns the origin of a command whose session waits for a reply; the default instance for other commands. */
    private static Origin originOf(UserCommand command) {
        return switch (command.getBodyCase()) {
            case SYNC_REQUEST -> command.getSyncRequest().getOrigin();
            case FRIENDS_REQUEST -> command.getFriendsRequest().getOrigin();
            case CHANGE_SETTINGS -> command.getChangeSettings().getOrigin();
            case CHANGE_PROFILE -> command.getChangeProfile().getOrigin();
            case DEVICES_REQUEST -> command.getDevicesRequest().getOrigin();
            case REVOKE_DEVICE -> command.getRevokeDevice().getOrigin();
            case REGISTER_PUSH -> command.getRegisterPush().getOrigin();
            case WATCH_PRESENCE -> command.getWatchPresence().getOrigin();
            case OPEN_SESSION,
                    CLOSE_SESSION,
                    ACCESS_REQUEST,
                    UNDELIVERED,
                    GATEWAY_GONE,
                    NOTIFY_OF_BROADCAST,
                    NOTIFY_OF_MISSED,
                    CONTINUE_SYNC,
                    RULES,
                    BODY_NOT_SET -> Origin.getDefaultInstance();
        };
    }
}
