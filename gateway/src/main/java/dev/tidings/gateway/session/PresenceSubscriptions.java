package dev.tidings.gateway.session;

import dev.tidings.gateway.api.Caller;
import dev.tidings.gateway.api.ClientApi;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.Accepted;
import dev.tidings.v1.Error;
import dev.tidings.v1.Friends;
import dev.tidings.v1.PresenceQuery;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.WatchPresence;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The presence queries of one session, and the users whose presence it is subscribed to. INBOX answers a query once for each
 * user and sends the changes; the end of a subscription is answered here, by accepted. A query without user ids is about the
 * user's friends, whom INBOX knows. Not thread-safe: guarded by the session's lock.
 */
final class PresenceSubscriptions {

    static final int MAX_QUERIED = 200;
    static final int MAX_SUBSCRIBED = 1_000;

    private final SessionConfig config;
    private final ClientApi api;
    private final SessionContext session;
    private final Set<String> subscribed = new LinkedHashSet<>();

    PresenceSubscriptions(SessionConfig config, ClientApi api, SessionContext session) {
        this.config = config;
        this.api = api;
        this.session = session;
    }

    void request(Caller caller, PresenceQuery query) {
        Refusal flaw = check(query);
        if (flaw != null) {
            refuse(caller, flaw);
            return;
        }
        boolean namesUsers = query.getUserIdsCount() > 0;
        switch (query.getMode()) {
            case ONCE, START -> {
                if (namesUsers) {
                    query(caller, query.getMode(), query.getUserIdsList());
                } else {
                    api.friends(
                            caller,
                            query.getMode(),
                            new FireAndForget(error -> session.locked(() -> fail(caller, error))));
                }
            }
            case STOP -> stop(caller, namesUsers ? query.getUserIdsList() : List.copyOf(subscribed));
            case MODE_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalStateException("checked before");
        }
    }

    private @Nullable Refusal check(PresenceQuery query) {
        if (query.getUserIdsCount() > MAX_QUERIED) {
            return Refusals.of(
                    Refusal.Reason.INVALID_ARGUMENT,
                    "userIds has " + query.getUserIdsCount() + " entries; at most " + MAX_QUERIED + " are allowed");
        }
        if (!query.getUserIdsList().stream().allMatch(UserId::isValid)) {
            return Refusals.of(Refusal.Reason.INVALID_USER_ID, "userIds must be [A-Za-z0-9_.-]{1,64}");
        }
        return switch (query.getMode()) {
            case ONCE, START, STOP -> null;
            case MODE_UNSPECIFIED, UNRECOGNIZED ->
                Refusals.of(Refusal.Reason.INVALID_ARGUMENT, "mode must be ONCE, START or STOP");
        };
    }

    /** INBOX has answered which friends the user has; the query continues with them. */
    void friends(Caller caller, Friends friends) {
        query(caller, friends.getMode(), friends.getUserIdsList());
    }

    private void query(Caller caller, WatchPresence.Mode mode, List<String> userIds) {
        Set<String> distinct = new LinkedHashSet<>(userIds);
        if (mode == WatchPresence.Mode.START) {
            Set<String> all = new HashSet<>(subscribed);
            all.addAll(distinct);
            if (all.size() > MAX_SUBSCRIBED) {
                refuse(
                        caller,
                        Refusals.of(
                                Refusal.Reason.TOO_MANY,
                                "the connection would watch " + all.size() + " users; at most " + MAX_SUBSCRIBED
                                        + " are allowed"));
                return;
            }
            subscribed.addAll(distinct);
        }
        appendOrAccept(caller, mode, distinct);
    }

    private void stop(Caller caller, List<String> userIds) {
        Set<String> stopped = new LinkedHashSet<>(userIds);
        stopped.retainAll(subscribed);
        subscribed.removeAll(stopped);
        appendOrAccept(caller, WatchPresence.Mode.STOP, stopped);
    }

    private void appendOrAccept(Caller caller, WatchPresence.Mode mode, Set<String> userIds) {
        if (userIds.isEmpty()) {
            accept(caller);
            return;
        }
        QueryReply reply = new QueryReply(caller, mode, userIds.size());
        for (String userId : userIds) {
            if (reply.failed) {
                return; // each further append could block for a moment, and the client retries the whole query
            }
            watch(caller, userId, mode, reply);
        }
    }

    private void watch(Caller caller, String userId, WatchPresence.Mode mode, ClientApi.Reply reply) {
        api.watchPresence(caller, userId, mode, config.epoch(), config.presenceVisibility(), reply);
    }

    private void accept(Caller caller) {
        send(caller, ServerFrame.newBuilder().setAccepted(Accepted.getDefaultInstance()));
    }

    private void refuse(Caller caller, Refusal refusal) {
        send(caller, ServerFrame.newBuilder().setRefused(refusal));
    }

    private void fail(Caller caller, Error error) {
        send(caller, ServerFrame.newBuilder().setError(error));
    }

    private void send(Caller caller, ServerFrame.Builder frame) {
        session.send(caller.origin().getFrameId(), frame);
    }

    /**
     * The session ends.
     *
     * @param caller with an origin without a frame: no client waits for an answer
     * @return stops all subscriptions, up to 1,000 commands; to be run without the session's lock
     */
    Runnable end(Caller caller) {
        List<String> ending = List.copyOf(subscribed);
        subscribed.clear();
        return () -> {
            FireAndForget ignored = new FireAndForget(error -> {});
            ending.forEach(userId -> watch(caller, userId, WatchPresence.Mode.STOP, ignored));
        };
    }

    /** The gateway ends: the {@code GatewayGone} record ends all subscriptions of its sessions. */
    void forget() {
        subscribed.clear();
    }

    /** Collects the outcomes of all appends of one query, and sends at most one frame. */
    private final class QueryReply implements ClientApi.Reply {

        private final Caller caller;
        private final WatchPresence.Mode mode;
        private int unconfirmed;
        private boolean failed;

        QueryReply(Caller caller, WatchPresence.Mode mode, int appends) {
            this.caller = caller;
            this.mode = mode;
            this.unconfirmed = appends;
        }

        @Override
        public void accepted() {
            session.locked(() -> {
                unconfirmed--;
                if (unconfirmed == 0 && mode == WatchPresence.Mode.STOP) {
                    accept(caller);
                }
            });
        }

        @Override
        public void refused(Refusal refusal) {
            throw new IllegalStateException("checked before");
        }

        @Override
        public void failed(Error error) {
            session.locked(() -> {
                if (!failed) {
                    failed = true;
                    fail(caller, error);
                }
            });
        }
    }
}
