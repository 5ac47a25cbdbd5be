package dev.tidings.gateway.session;

import dev.tidings.gateway.api.Caller;
import dev.tidings.gateway.api.ClientApi;
import dev.tidings.schemas.check.CommandCheck;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.Accepted;
import dev.tidings.v1.Error;
import dev.tidings.v1.PresenceQuery;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.ServerFrame;
import dev.tidings.v1.WatchPresence;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose presence one session asks after, and whom it watches. INBOX answers, once for each user, and tells of changes; the
 * end of watching is answered here, by accepted. Not thread-safe: used in the session's turn only.
 */
final class Watching {

    static final int MAX_ASKED = 200;
    static final int MAX_WATCHED = 1_000;

    private final long epoch;
    private final ClientApi api;
    private final Requests.Asking asking;
    private final Set<String> watched = new LinkedHashSet<>();

    /** @param epoch the gateway's */
    Watching(long epoch, ClientApi api, Requests.Asking asking) {
        this.epoch = epoch;
        this.api = api;
        this.asking = asking;
    }

    void request(Caller caller, PresenceQuery query) {
        Refusal flaw = flawOf(query);
        if (flaw != null) {
            asking.send(caller.origin().getFrameId(), ServerFrame.newBuilder().setRefused(flaw));
            return;
        }
        Set<String> userIds = new LinkedHashSet<>(query.getUserIdsList());
        switch (query.getMode()) {
            case ONCE -> ask(caller, query.getMode(), userIds);
            case START -> {
                watched.addAll(userIds);
                ask(caller, query.getMode(), userIds);
            }
            case STOP -> {
                userIds.retainAll(watched);
                watched.removeAll(userIds);
                if (userIds.isEmpty()) {
                    accept(caller);
                } else {
                    ask(caller, query.getMode(), userIds);
                }
            }
            case MODE_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalStateException("checked before");
        }
    }

    private @Nullable Refusal flawOf(PresenceQuery query) {
        if (query.getUserIdsCount() < 1 || query.getUserIdsCount() > MAX_ASKED) {
            return CommandCheck.refusal(Refusal.Reason.INVALID_ARGUMENT, "userIds must be 1 to " + MAX_ASKED);
        }
        if (!query.getUserIdsList().stream().allMatch(UserId::isValid)) {
            return CommandCheck.refusal(Refusal.Reason.INVALID_USER_ID, "userIds must be [A-Za-z0-9_.-]{1,64}");
        }
        return switch (query.getMode()) {
            case ONCE, STOP -> null;
            case START -> {
                Set<String> all = new HashSet<>(watched);
                all.addAll(query.getUserIdsList());
                yield all.size() > MAX_WATCHED
                        ? CommandCheck.refusal(
                                Refusal.Reason.TOO_MANY, "a connection watches at most " + MAX_WATCHED + " users")
                        : null;
            }
            case MODE_UNSPECIFIED, UNRECOGNIZED ->
                CommandCheck.refusal(Refusal.Reason.INVALID_ARGUMENT, "mode must be ONCE, START or STOP");
        };
    }

    private void ask(Caller caller, WatchPresence.Mode mode, Set<String> userIds) {
        Asked asked = new Asked(caller, mode, userIds.size());
        userIds.forEach(userId -> api.watchPresence(caller, userId, mode, epoch, asked));
    }

    private void accept(Caller caller) {
        asking.send(caller.origin().getFrameId(), ServerFrame.newBuilder().setAccepted(Accepted.getDefaultInstance()));
    }

    /**
     * The session ends.
     *
     * @param caller without a frame: nobody waits for answers
     */
    void end(Caller caller) {
        ask(caller, WatchPresence.Mode.STOP, watched);
        watched.clear();
    }

    /** The gateway ends, and the log will say so: with it ends what its sessions watch. */
    void forget() {
        watched.clear();
    }

    /** Hears of every user of one query, and says at most one thing. */
    private final class Asked implements ClientApi.Reply {

        private final Caller caller;
        private final WatchPresence.Mode mode;
        private int unwritten;
        private boolean failed;

        Asked(Caller caller, WatchPresence.Mode mode, int users) {
            this.caller = caller;
            this.mode = mode;
            this.unwritten = users;
        }

        @Override
        public void accepted(String commandId) {
            asking.inTurn(() -> {
                unwritten--;
                if (unwritten == 0 && mode == WatchPresence.Mode.STOP) {
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
            asking.inTurn(() -> {
                if (!failed) {
                    failed = true;
                    asking.send(
                            caller.origin().getFrameId(),
                            ServerFrame.newBuilder().setError(error));
                }
            });
        }
    }
}
