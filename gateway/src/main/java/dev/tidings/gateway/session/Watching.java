package dev.tidings.gateway.session;

import dev.tidings.gateway.api.Caller;
import dev.tidings.gateway.api.ClientApi;
import dev.tidings.schemas.check.CommandCheck;
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
 * Whose presence one session asks after, and whom it watches. INBOX answers, once for each user, and tells of changes; the
 * end of watching is answered here, by accepted. Who names nobody means his friends, of whom INBOX knows. Not thread-safe: used in the session's turn only.
 */
final class Watching {

    static final int MAX_ASKED = 200;
    static final int MAX_WATCHED = 1_000;

    private final long epoch;
    private final WatchPresence.Visibility visibility;
    private final ClientApi api;
    private final Requests.Asking asking;
    private final Set<String> watched = new LinkedHashSet<>();

    /**
     * @param epoch the gateway's
     * @param visibility who sees a user's presence
     */
    Watching(long epoch, WatchPresence.Visibility visibility, ClientApi api, Requests.Asking asking) {
        this.epoch = epoch;
        this.visibility = visibility;
        this.api = api;
        this.asking = asking;
    }

    void request(Caller caller, PresenceQuery query) {
        Refusal flaw = flawOf(query);
        if (flaw != null) {
            refuse(caller, flaw);
            return;
        }
        boolean named = query.getUserIdsCount() > 0;
        switch (query.getMode()) {
            case ONCE, START -> {
                if (named) {
                    look(caller, query.getMode(), query.getUserIdsList());
                } else {
                    api.friends(
                            caller, query.getMode(), new Unattended(error -> asking.inTurn(() -> fail(caller, error))));
                }
            }
            case STOP -> stop(caller, named ? query.getUserIdsList() : List.copyOf(watched));
            case MODE_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalStateException("checked before");
        }
    }

    /** The friends of a user who asked after them. */
    void friends(Caller caller, Friends friends) {
        look(caller, friends.getMode(), friends.getUserIdsList());
    }

    private void look(Caller caller, WatchPresence.Mode mode, List<String> userIds) {
        Set<String> each = new LinkedHashSet<>(userIds);
        if (mode == WatchPresence.Mode.START) {
            Set<String> all = new HashSet<>(watched);
            all.addAll(each);
            if (all.size() > MAX_WATCHED) {
                refuse(
                        caller,
                        CommandCheck.refusal(
                                Refusal.Reason.TOO_MANY, "a connection watches at most " + MAX_WATCHED + " users"));
                return;
            }
            watched.addAll(each);
        }
        askOrAccept(caller, mode, each);
    }

    private void stop(Caller caller, List<String> userIds) {
        Set<String> ending = new LinkedHashSet<>(userIds);
        ending.retainAll(watched);
        watched.removeAll(ending);
        askOrAccept(caller, WatchPresence.Mode.STOP, ending);
    }

    private void askOrAccept(Caller caller, WatchPresence.Mode mode, Set<String> userIds) {
        if (userIds.isEmpty()) {
            accept(caller);
        } else {
            ask(caller, mode, userIds);
        }
    }

    private @Nullable Refusal flawOf(PresenceQuery query) {
        if (query.getUserIdsCount() > MAX_ASKED) {
            return CommandCheck.refusal(Refusal.Reason.INVALID_ARGUMENT, "userIds must be at most " + MAX_ASKED);
        }
        if (!query.getUserIdsList().stream().allMatch(UserId::isValid)) {
            return CommandCheck.refusal(Refusal.Reason.INVALID_USER_ID, "userIds must be [A-Za-z0-9_.-]{1,64}");
        }
        return switch (query.getMode()) {
            case ONCE, START, STOP -> null;
            case MODE_UNSPECIFIED, UNRECOGNIZED ->
                CommandCheck.refusal(Refusal.Reason.INVALID_ARGUMENT, "mode must be ONCE, START or STOP");
        };
    }

    private void ask(Caller caller, WatchPresence.Mode mode, Set<String> userIds) {
        Asked asked = new Asked(caller, mode, userIds.size());
        for (String userId : userIds) {
            if (asked.failed) {
                return; // each further attempt could wait for Kafka, and the client asks again for all of them
            }
            api.watchPresence(caller, userId, mode, epoch, visibility, asked);
        }
    }

    private void accept(Caller caller) {
        answer(caller, ServerFrame.newBuilder().setAccepted(Accepted.getDefaultInstance()));
    }

    private void refuse(Caller caller, Refusal refusal) {
        answer(caller, ServerFrame.newBuilder().setRefused(refusal));
    }

    private void fail(Caller caller, Error error) {
        answer(caller, ServerFrame.newBuilder().setError(error));
    }

    private void answer(Caller caller, ServerFrame.Builder frame) {
        asking.send(caller.origin().getFrameId(), frame);
    }

    /**
     * The session ends.
     *
     * @param caller without a frame: nobody waits for answers
     * @return writes up to 1,000 commands; not to be run in the session's turn
     */
    Runnable end(Caller caller) {
        List<String> ending = List.copyOf(watched);
        watched.clear();
        return () -> {
            Unattended ignored = new Unattended(error -> {});
            ending.forEach(
                    userId -> api.watchPresence(caller, userId, WatchPresence.Mode.STOP, epoch, visibility, ignored));
        };
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
                    fail(caller, error);
                }
            });
        }
    }
}
