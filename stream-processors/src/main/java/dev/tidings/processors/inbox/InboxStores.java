package dev.tidings.processors.inbox;

import com.google.protobuf.Timestamp;
import dev.tidings.processors.parts.GatewayIndex;
import dev.tidings.processors.parts.StateStore;
import dev.tidings.processors.parts.StoreKey;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.schemas.serde.ProtoSerde;
import dev.tidings.state.v1.BroadcastRecord;
import dev.tidings.state.v1.DevicesRecord;
import dev.tidings.state.v1.PresenceRecord;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationView;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** Users, what is known of them, their views, and broadcasts as they stand in the topology's state stores. */
final class InboxStores {

    private static final StateStore<String, UserRecord> USERS =
            new StateStore<>("users", Serdes.String(), ProtoSerde.of(UserRecord.parser()));
    private static final StateStore<String, PresenceRecord> PRESENCE =
            new StateStore<>("presence", Serdes.String(), ProtoSerde.of(PresenceRecord.parser()));
    private static final StateStore<String, DevicesRecord> DEVICES =
            new StateStore<>("devices", Serdes.String(), ProtoSerde.of(DevicesRecord.parser()));
    private static final StateStore<String, ViewRecord> VIEWS =
            new StateStore<>("views", Serdes.String(), ProtoSerde.of(ViewRecord.parser()));
    private static final StateStore<String, BroadcastRecord> BROADCASTS =
            new StateStore<>("broadcasts", Serdes.String(), ProtoSerde.of(BroadcastRecord.parser()));

    private static final StateStore<String, Long> GATEWAY_USERS = GatewayIndex.store("gateway-users");

    static final List<StateStore<?, ?>> ALL = List.of(USERS, PRESENCE, DEVICES, VIEWS, BROADCASTS, GATEWAY_USERS);

    private final KeyValueStore<String, UserRecord> users;
    private final KeyValueStore<String, PresenceRecord> presence;
    private final KeyValueStore<String, DevicesRecord> devices;
    private final KeyValueStore<String, ViewRecord> views;
    private final KeyValueStore<String, BroadcastRecord> broadcasts;
    private final GatewayIndex gatewayUsers;

    InboxStores(ProcessorContext<?, ?> context) {
        this.users = USERS.in(context);
        this.presence = PRESENCE.in(context);
        this.devices = DEVICES.in(context);
        this.views = VIEWS.in(context);
        this.broadcasts = BROADCASTS.in(context);
        this.gatewayUsers = new GatewayIndex(GATEWAY_USERS, context);
    }

    /** All zero for a user never heard of. */
    UserRecord user(String userId) {
        UserRecord stored = users.get(userId);
        return stored == null ? UserRecord.getDefaultInstance() : stored;
    }

    void putUser(String userId, UserRecord user) {
        users.put(userId, user);
    }

    /** All zero for a user of whom there is nothing to know. */
    PresenceRecord presence(String userId) {
        PresenceRecord stored = presence.get(userId);
        return stored == null ? PresenceRecord.getDefaultInstance() : stored;
    }

    void putPresence(String userId, PresenceRecord record) {
        presence.put(userId, record);
    }

    /** All zero for a user who has never connected a device. */
    DevicesRecord devices(String userId) {
        DevicesRecord stored = devices.get(userId);
        return stored == null ? DevicesRecord.getDefaultInstance() : stored;
    }

    void putDevices(String userId, DevicesRecord record) {
        devices.put(userId, record);
    }

    /** Users with devices, the first so many after this one, in the order of their ids. */
    List<String> usersWithDevices(String afterUserId, int limit) {
        List<String> found = new ArrayList<>();
        try (KeyValueIterator<String, DevicesRecord> all = devices.range(StoreKey.after(afterUserId), null)) {
            while (all.hasNext() && found.size() < limit) {
                found.add(all.next().key);
            }
        }
        return found;
    }

    /** All zero for a conversation the user has not heard of. */
    ViewRecord view(String userId, String conversationId) {
        ViewRecord stored = views.get(StoreKey.of(userId, conversationId));
        return stored == null ? ViewRecord.getDefaultInstance() : stored;
    }

    /** The user's view of the private conversation with another user. */
    ViewRecord privateView(String userId, String peer) {
        return view(userId, ConversationId.between(userId, peer).toString());
    }

    void putView(String userId, String conversationId, ViewRecord view) {
        views.put(StoreKey.of(userId, conversationId), view);
    }

    /** All zero for a broadcast in which nothing has happened yet. */
    BroadcastRecord broadcast(String conversationId) {
        BroadcastRecord stored = broadcasts.get(conversationId);
        return stored == null ? BroadcastRecord.getDefaultInstance() : stored;
    }

    void putBroadcast(String conversationId, BroadcastRecord broadcast) {
        broadcasts.put(conversationId, broadcast);
    }

    /** A view as the user sees it: of a broadcast, with what all users share. */
    ConversationView shown(String conversationId, ViewRecord view, Timestamp at) {
        return InboxDecider.shown(
                conversationId,
                Broadcasts.isBroadcast(conversationId) ? Broadcasts.seen(broadcast(conversationId), view) : view,
                at);
    }

    /**
     * What the user sees at this time in the log; of their views only those that changed after this version, or of which
     * unread messages have expired. Reads all of them.
     */
    UserSight seenBy(String userId, long version, Timestamp at) {
        List<ConversationView> changed = new ArrayList<>();
        List<ConversationView> shownBroadcasts = new ArrayList<>();
        LongAdder unread = new LongAdder();
        forEachView(userId, (conversationId, view) -> {
            if (Broadcasts.isBroadcast(conversationId)) {
                return;
            }
            if (Invitations.isRefused(view)) {
                return;
            }
            unread.add(Unread.inBadge(view, at));
            if (view.getVersion() > version || Unread.hasExpired(view, at)) {
                changed.add(InboxDecider.shown(conversationId, view, at));
            }
        });
        forEachBroadcast((conversationId, broadcast) -> {
            ViewRecord seen = Broadcasts.seen(broadcast, view(userId, conversationId));
            unread.add(Unread.inBadge(seen, at));
            shownBroadcasts.add(InboxDecider.shown(conversationId, seen, at));
        });
        return new UserSight(changed, shownBroadcasts, unread.sum());
    }

    /** What has been broadcast so far is not unread for the user. */
    void joinBroadcasts(String userId) {
        forEachBroadcast((conversationId, broadcast) ->
                putView(userId, conversationId, Broadcasts.joined(view(userId, conversationId), broadcast)));
    }

    /** The large groups that the user belongs to, with the seqs at which the user came to them. */
    SortedMap<String, Long> followedBy(String userId) {
        TreeMap<String, Long> found = new TreeMap<>();
        forEachView(userId, (conversationId, view) -> {
            if (Membership.follows(view)) {
                found.put(conversationId, view.getGroup().getJoinedSeq());
            }
        });
        return found;
    }

    /** The user's friends, at most so many, in the order of their private conversations. */
    List<String> friendsOf(String userId, int limit) {
        List<String> found = new ArrayList<>();
        forEachView(userId, (conversationId, view) -> {
            if (found.size() < limit
                    && view.getRelation().getFriends()
                    && ConversationId.parse(conversationId) instanceof ConversationId.Private pair) {
                found.add(pair.peerOf(userId));
            }
        });
        return found;
    }

    /**
     * Which gateways the user is tied to now, and was before: epochs by slot. See
     * {@link dev.tidings.processors.presence.GatewayTies}.
     */
    void putTies(String userId, SortedMap<Integer, Long> before, SortedMap<Integer, Long> now) {
        gatewayUsers.put(userId, before, now);
    }

    /** Users tied to this epoch of a gateway or an earlier one, at most so many, in the order of their ids. */
    List<String> usersTiedTo(int slot, long epoch, int limit) {
        return gatewayUsers.tiedTo(slot, epoch, limit);
    }

    void forEachView(String userId, BiConsumer<String, ViewRecord> action) {
        try (KeyValueIterator<String, ViewRecord> all =
                views.range(StoreKey.firstOf(userId), StoreKey.lastOf(userId))) {
            all.forEachRemaining(entry -> action.accept(StoreKey.second(entry.key), entry.value));
        }
    }

    private void forEachBroadcast(BiConsumer<String, BroadcastRecord> action) {
        try (KeyValueIterator<String, BroadcastRecord> all = broadcasts.all()) {
            all.forEachRemaining(entry -> action.accept(entry.key, entry.value));
        }
    }
}
