package dev.tidings.processors.rules;

import dev.tidings.v1.LinkPolicy;
import dev.tidings.v1.MediaPolicy;
import dev.tidings.v1.Policy;
import dev.tidings.v1.Rate;

/**
 * A policy with defaults for the fields that were never set. A change of a default would change the decisions in a replay.
 *
 * @param set the fields that commands have set
 */
public record EffectivePolicy(Policy set) {

    public static final EffectivePolicy DEFAULT = new EffectivePolicy(Policy.getDefaultInstance());

    private static final int RECALL_WINDOW_SECONDS = 120;
    private static final int EDIT_WINDOW_SECONDS = 86_400;
    private static final int MAX_GROUP_MEMBERS = 100_000;
    private static final int LARGE_GROUP_THRESHOLD = 500;

    public boolean strangersMayWrite() {
        return !set.hasStrangersMayWrite() || set.getStrangersMayWrite();
    }

    public boolean strangersMayAdd() {
        return !set.hasStrangersMayAdd() || set.getStrangersMayAdd();
    }

    public long recallWindowMillis() {
        return 1_000L * (set.hasRecallWindowSeconds() ? set.getRecallWindowSeconds() : RECALL_WINDOW_SECONDS);
    }

    public long editWindowMillis() {
        return 1_000L * (set.hasEditWindowSeconds() ? set.getEditWindowSeconds() : EDIT_WINDOW_SECONDS);
    }

    public int maxGroupMembers() {
        return set.hasMaxGroupMembers() ? set.getMaxGroupMembers() : MAX_GROUP_MEMBERS;
    }

    /** A group with more members is large: its events go to the gateways that subscribe. */
    public int largeGroupThreshold() {
        return set.hasLargeGroupThreshold() ? set.getLargeGroupThreshold() : LARGE_GROUP_THRESHOLD;
    }

    /** The limit for one sender in one conversation. 0 messages: no limit. */
    public Rate flood() {
        return set.getFlood();
    }

    /** The limit for equal texts of one sender in one conversation. 0 messages: no limit. */
    public Rate repeats() {
        return set.getRepeats();
    }

    public boolean limitsRates() {
        return flood().getMessages() > 0 || repeats().getMessages() > 0;
    }

    public LinkPolicy links() {
        return set.getLinks();
    }

    public MediaPolicy media() {
        return set.getMedia();
    }

    /** Replaces the fields that are present in the change; lists as a whole. */
    EffectivePolicy changedBy(Policy change) {
        Policy.Builder next = set.toBuilder();
        change.getAllFields().forEach(next::setField);
        return new EffectivePolicy(next.build());
    }
}
