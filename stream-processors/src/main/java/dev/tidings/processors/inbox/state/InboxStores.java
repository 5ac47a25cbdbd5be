package dev.tidings.processors.inbox.state;

import com.google.protobuf.Timestamp;
import dev.tidings.processors.inbox.view.Broadcasts;
import dev.tidings.processors.inbox.view.GroupHeads;
import dev.tidings.processors.inbox.view.Membership;
import dev.tidings.processors.inbox.view.ViewDecider;
import dev.tidings.processors.store.GatewayIndex;
import dev.tidings.processors.store.StateStore;
import dev.tidings.processors.store.StoreKey;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.schemas.serde.ProtoSerde;
import dev.tidings.state.v1.BroadcastRecord;
import dev.tidings.state.v1.DevicesRecord;
import dev.tidings.state.v1.GroupHeadRecord;
import dev.tidings.state.v1.PresenceRecord;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.state.v1.ViewTotalsRecord;
import dev.tidings.v1.ConversationView;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Reads and writes the state stores of INBOX: users, their presence, devices and views, and the state that users share.
 */
public final class InboxStores {

    private static final StateStore<String, UserRecord> USERS =
            new StateStore<>("users", Serdes.String(), ProtoSerde.of(UserRecord.parser()));
    private static final StateStore<String, PresenceRecord> PRESENCE =
            new StateStore<>("presence", Serdes.String(), ProtoSerde.of(PresenceRecord.parser()));
    private static final StateStore<String, DevicesRecord> DEVICES =
            new StateStore<>("devices", Serdes.String(), ProtoSerde.of(DevicesRecord.parser()));
    /** Cached: a busy conversation changes the views of all its members several times between two commits. */
    private static final StateStore<String, ViewRecord> VIEWS =
            new StateStore<>("views", Serdes.String(), ProtoSerde.of(ViewRecord.parser())).cached();

    private static final StateStore<String, BroadcastRecord> BROADCASTS =
            new StateStore<>("broadcasts", Serdes.String(), ProtoSerde.of(BroadcastRecord.parser()));

    /** Cached: each message to a group changes its head. */
    private static final StateStore<String, GroupHeadRecord> GROUP_HEADS =
            new StateStore<>("group-heads", Serdes.String(), ProtoSerde.of(GroupHeadRecord.parser())).cached();

    private static final StateStore<String, Long> GATEWAY_USERS = GatewayIndex.store("gateway-users");

    public static final List<StateStore<?, ?>> ALL = List.of(
            USERS,
            PRESENCE,
            DEVICES,
            VIEWS,
            BROADCASTS,
            GROUP_HEADS,
            GATEWAY_USERS,
            FollowedGroups.STORE,
            ViewIndex.TOTALS,
            ViewIndex.ENTRIES,
            SyncClock.STORE);

    private final KeyValueStore<String, UserRecord> users;
    private final KeyValueStore<String, PresenceRecord> presence;
    private final KeyValueStore<String, DevicesRecord> devices;
    private final KeyValueStore<String, ViewRecord> views;
    private final KeyValueStore<String, BroadcastRecord> broadcasts;
    private final KeyValueStore<String, GroupHeadRecord> groupHeads;
    private final GatewayIndex gatewayUsers;
    private final FollowedGroups followedGroups;
    private final ViewIndex viewIndex;
    private final SyncClock clock;

    public InboxStores(ProcessorContext<?, ?> context, SyncLimits limits) {
        this.users = USERS.in(context);
        this.presence = PRESENCE.in(context);
        this.devices = DEVICES.in(context);
        this.views = VIEWS.in(context);
        this.broadcasts = BROADCASTS.in(context);
        this.groupHeads = GROUP_HEADS.in(context);
        this.gatewayUsers = new GatewayIndex(GATEWAY_USERS, context);
        this.followedGroups = new FollowedGroups(context);
        this.viewIndex = new ViewIndex(views, this::joined, context, limits);
        this.clock = new SyncClock(context);
    }

    public ViewIndex viewIndex() {
        return viewIndex;
    }

    public SyncClock clock() {
        return clock;
    }

    /** Returns the default instance for an unknown user. */
    public UserRecord user(String userId) {
        UserRecord stored = users.get(userId);
        return stored == null ? UserRecord.getDefaultInstance() : stored;
    }

    /** Returns true if the user has opened a session, has a setting, or has a view of a conversation. */
    public boolean hasState(String userId) {
        return users.get(userId) != null || viewIndex.totals(userId).getViews() > 0;
    }

    public void putUser(String userId, UserRecord user) {
        users.put(userId, user);
    }

    /** Returns the default instance for a user without presence state. */
    public PresenceRecord presence(String userId) {
        PresenceRecord stored = presence.get(userId);
        return stored == null ? PresenceRecord.getDefaultInstance() : stored;
    }

    /** Stores the record, or deletes it if it is empty. */
    public void putPresence(String userId, PresenceRecord record) {
        if (record.equals(PresenceRecord.getDefaultInstance())) {
            presence.delete(userId);
        } else {
            presence.put(userId, record);
        }
    }

    /** Returns the default instance for a user who has never connected a device. */
    public DevicesRecord devices(String userId) {
        DevicesRecord stored = devices.get(userId);
        return stored == null ? DevicesRecord.getDefaultInstance() : stored;
    }

    public void putDevices(String userId, DevicesRecord record) {
        devices.put(userId, record);
    }

    /** Returns at most {@code limit} users with devices after this user id, in ascending order. */
    public List<String> usersWithDevices(String afterUserId, int limit) {
        List<String> found = new ArrayList<>();
        try (KeyValueIterator<String, DevicesRecord> all = devices.range(StoreKey.after(afterUserId), null)) {
            while (all.hasNext() && found.size() < limit) {
                found.add(all.next().key);
            }
        }
        return found;
    }

    /** Returns the default instance for an unknown conversation. The view of a group is joined with its head. */
    public ViewRecord view(String userId, String conversationId) {
        return joined(conversationId, storedView(userId, conversationId));
    }

    /** As {@link #view}, but without the head of a group. */
    public ViewRecord storedView(String userId, String conversationId) {
        ViewRecord stored = views.get(StoreKey.of(userId, conversationId));
        return stored == null ? ViewRecord.getDefaultInstance() : stored;
    }

    /** Returns the user's view of the private conversation with another user. */
    public ViewRecord privateView(String userId, String peer) {
        return view(userId, ConversationId.between(userId, peer).toString());
    }

    public void putView(String userId, String conversationId, ViewRecord view) {
        viewIndex.put(userId, conversationId, view);
        if (Membership.follows(view)) {
            followedGroups.follow(userId, conversationId, view.getGroup().getJoinedSeq());
        } else if (view.getLarge()) {
            followedGroups.unfollow(userId, conversationId);
        }
    }

    /** Returns the view, marked as unfollowed if the user follows the maximum of large groups already. */
    public ViewRecord bounded(String userId, String conversationId, ViewRecord view) {
        boolean unfollowed = Membership.wouldFollow(view) && !followedGroups.hasRoomFor(userId, conversationId);
        return unfollowed == view.getUnfollowed()
                ? view
                : view.toBuilder().setUnfollowed(unfollowed).build();
    }

    /** Returns the default instance for a group without shared state. */
    public GroupHeadRecord groupHead(String conversationId) {
        return GroupHeads.of(conversationId, groupHeads::get);
    }

    /** Stores the head, or deletes it if it is empty. Writes the profile of a group that is not large only if it has changed. */
    public void putGroupHead(String conversationId, GroupHeadRecord head) {
        GroupHeadRecord before = groupHeads.get(conversationId);
        long profileSeqBefore = before == null ? 0 : before.getShared().getProfileSeq();
        if (head.getShared().getProfileSeq() != profileSeqBefore) {
            putOrDelete(GroupHeads.profileKey(conversationId), GroupHeads.profileRecord(head));
        }
        putOrDelete(conversationId, GroupHeads.withoutProfile(head));
    }

    private void putOrDelete(String key, GroupHeadRecord record) {
        if (record.equals(GroupHeadRecord.getDefaultInstance())) {
            groupHeads.delete(key);
        } else {
            groupHeads.put(key, record);
        }
    }

    private ViewRecord joined(String conversationId, ViewRecord stored) {
        return GroupHeads.isJoined(stored) ? GroupHeads.joined(stored, groupHead(conversationId)) : stored;
    }

    /** Returns the default instance for a broadcast without events. */
    public BroadcastRecord broadcast(String conversationId) {
        BroadcastRecord stored = broadcasts.get(conversationId);
        return stored == null ? BroadcastRecord.getDefaultInstance() : stored;
    }

    public void putBroadcast(String conversationId, BroadcastRecord broadcast) {
        broadcasts.put(conversationId, broadcast);
    }

    /** Returns the view in the form that clients receive; a broadcast is joined with its shared state. */
    public ConversationView shown(String conversationId, ViewRecord view, Timestamp at) {
        return ViewDecider.shown(conversationId, seen(conversationId, view), at);
    }

    /** Returns the view as the user sees it: that of a broadcast is joined with its shared state. */
    public ViewRecord seen(String conversationId, ViewRecord view) {
        return Broadcasts.isBroadcast(conversationId) ? Broadcasts.seen(broadcast(conversationId), view) : view;
    }

    /** Marks all earlier broadcasts as read for the user. */
    public void joinBroadcasts(String userId) {
        forEachBroadcast((conversationId, broadcast) ->
                putView(userId, conversationId, Broadcasts.joined(view(userId, conversationId), broadcast)));
    }

    /** Returns the large groups that the user's devices follow, with the seqs at which the user joined. */
    public SortedMap<String, Long> followedBy(String userId) {
        SortedMap<String, Long> followed = followedGroups.of(userId);
        followed.keySet().removeIf(conversationId -> groupHead(conversationId).getDissolvedVersion() > 0);
        return followed;
    }

    /** Drops the broadcasts beyond the limits of age and number. */
    public void forgetBroadcasts(Timestamp now) {
        TreeMap<String, BroadcastRecord> all = new TreeMap<>();
        forEachBroadcast(all::put);
        Broadcasts.forgotten(all, now).forEach(broadcasts::delete);
    }

    /** Returns at most {@code limit} friends of the user, in the order of their private conversations. */
    public List<String> friendsOf(String userId, int limit) {
        TreeSet<String> conversations = new TreeSet<>(StoreKey.ORDER);
        ViewTotalsRecord totals = viewIndex.totals(userId);
        if (ViewIndex.isBegun(totals)) {
            conversations.addAll(viewIndex.friends(userId, limit));
        }
        BiConsumer<String, ViewRecord> addFriends = (conversationId, view) -> {
            if (view.getRelation().getFriends()) {
                conversations.add(conversationId);
            }
        };
        forEachRecentView(userId, addFriends);
        if (!totals.getComplete()) {
            forEachScannedView(userId, totals.getIndexedThrough(), addFriends);
        }
        List<String> friends = new ArrayList<>();
        for (String conversationId : conversations) {
            if (friends.size() < limit && ConversationId.parse(conversationId) instanceof ConversationId.Private pair) {
                friends.add(pair.peerOf(userId));
            }
        }
        return friends;
    }

    /**
     * Stores the gateways that the user depends on.
     *
     * @param before epochs by slot as of the last call; see {@link dev.tidings.processors.presence.GatewayTies}
     * @param now epochs by slot from now on
     */
    public void putTies(String userId, SortedMap<Integer, Long> before, SortedMap<Integer, Long> now) {
        gatewayUsers.put(userId, before, now);
    }

    /** Returns true if any user of the partition has a session on the gateway, or is watched by one. */
    public boolean hasUsersOn(int slot) {
        return !gatewayUsers.tiedTo(slot, Long.MAX_VALUE, "", 1).ids().isEmpty();
    }

    /** Returns the users who depend on this epoch of a gateway or an earlier one; see {@link GatewayIndex#tiedTo}. */
    public GatewayIndex.Page usersTiedTo(int slot, long epoch, String afterUserId, int limit) {
        return gatewayUsers.tiedTo(slot, epoch, afterUserId, limit);
    }

    /**
     * Returns at most {@code limit} views of the user after this conversation, broadcasts included, ordered by
     * conversation id.
     */
    public SortedMap<String, ViewRecord> viewsAfter(String userId, String conversationId, int limit) {
        TreeMap<String, ViewRecord> found = new TreeMap<>();
        String from = conversationId.isEmpty()
                ? StoreKey.firstOf(userId)
                : StoreKey.after(StoreKey.of(userId, conversationId));
        try (KeyValueIterator<String, ViewRecord> some = views.range(from, StoreKey.lastOf(userId))) {
            while (some.hasNext() && found.size() < limit) {
                KeyValue<String, ViewRecord> entry = some.next();
                String id = StoreKey.second(entry.key);
                found.put(id, joined(id, entry.value));
            }
        }
        return found;
    }

    /** Returns the number of broadcasts, at most {@link Broadcasts#MAX_BROADCASTS}. */
    public int broadcastCount() {
        LongAdder count = new LongAdder();
        forEachBroadcast((conversationId, broadcast) -> count.increment());
        return count.intValue();
    }

    /**
     * Passes the user's unindexed views after a conversation to the action, without broadcasts. An empty id starts with
     * the first view.
     */
    public void forEachScannedView(String userId, String afterConversationId, BiConsumer<String, ViewRecord> action) {
        String from = ViewIndex.afterIndexed(userId, afterConversationId);
        try (KeyValueIterator<String, ViewRecord> some = views.range(from, StoreKey.lastOf(userId))) {
            some.forEachRemaining(entry -> {
                if (entry.value.getIndexing() == ViewRecord.Indexing.SCANNED) {
                    String conversationId = StoreKey.second(entry.key);
                    action.accept(conversationId, joined(conversationId, entry.value));
                }
            });
        }
    }

    /** Passes the user's recent views to the action; see {@link ViewIndex#recent}. */
    public void forEachRecentView(String userId, BiConsumer<String, ViewRecord> action) {
        if (viewIndex.totals(userId).getRecent() > 0) {
            viewIndex
                    .recent(userId, Integer.MAX_VALUE)
                    .forEach(conversationId -> action.accept(conversationId, view(userId, conversationId)));
        }
    }

    /** Passes the broadcasts to the action, as the user sees them. */
    public void forEachBroadcastOf(String userId, BiConsumer<String, ViewRecord> action) {
        forEachBroadcast((conversationId, broadcast) ->
                action.accept(conversationId, Broadcasts.seen(broadcast, view(userId, conversationId))));
    }

    private void forEachBroadcast(BiConsumer<String, BroadcastRecord> action) {
        try (KeyValueIterator<String, BroadcastRecord> all = broadcasts.all()) {
            all.forEachRemaining(entry -> action.accept(entry.key, entry.value));
        }
    }
}
