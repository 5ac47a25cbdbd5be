package dev.tidings.ops.cli;

import dev.tidings.ops.business.BusinessRequests;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessReply;
import dev.tidings.v1.ChangeUsers;
import dev.tidings.v1.UserChange;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Requests changes of the user directory, prints the refused ones, and counts the outcomes. */
final class DirectoryChanges {

    static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    /** As in one {@code ChangeUsers}. */
    static final int MAX_CHANGES = 100;

    private final BusinessRequests requests;
    private final Consumer<String> out;
    private int changed;
    private int unchanged;
    private int refused;

    DirectoryChanges(BusinessRequests requests, Consumer<String> out) {
        this.requests = requests;
        this.out = out;
    }

    /**
     * Sends one request and waits for its replies.
     *
     * @param changes at most {@link #MAX_CHANGES}
     * @throws CannotRunException if not all replies arrive in time
     */
    void send(List<UserChange> changes) {
        List<BusinessReply> replies = requests.request(
                BusinessCommand.newBuilder()
                        .setChangeUsers(ChangeUsers.newBuilder().addAllChanges(changes)),
                changes.size());
        replies.forEach(this::count);
        if (replies.size() < changes.size()) {
            throw new CannotRunException(replies.size() + " of " + changes.size() + " answers within "
                    + ANSWER_TIMEOUT.toSeconds()
                    + " s: do the processors run? The request is in the log and may still be carried out");
        }
    }

    private void count(BusinessReply reply) {
        switch (reply.getOutcomeCase()) {
            case APPLIED -> changed++;
            case UNCHANGED -> unchanged++;
            case REFUSAL -> {
                refused++;
                out.accept(
                        reply.getUserId() + " refused as " + reply.getRefusal().getReason() + ": "
                                + reply.getRefusal().getMessage());
            }
            case SEQUENCED, GROUP, RULES, CONVERSATIONS, PRESENCE, HEAD, OUTCOME_NOT_SET ->
                throw new CannotRunException(
                        "the answer is not one to a change of users: the processors have another version");
        }
    }

    int refused() {
        return refused;
    }

    String summary() {
        return changed + " changed, " + unchanged + " unchanged, " + refused + " refused.";
    }
}
