package dev.tidings.processors.conversation;

import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.rules.ContentText;
import dev.tidings.processors.rules.EffectivePolicy;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.state.v1.SendRateRecord;
import dev.tidings.v1.Content;
import dev.tidings.v1.Rate;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.TypingStarted;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who may raise his voice now, and how often. */
final class Speaking {

    private Speaking() {}

    /** Why the actor has to be silent, or null. */
    static @Nullable Refused silence(Asked asked) {
        if (asked.asSystem()) {
            return null;
        }
        return switch (asked.id()) {
            case ConversationId.Private pair -> FriendRules.silence(asked);
            case ConversationId.Group group -> muted(asked);
            case ConversationId.Room room -> muted(asked);
            case ConversationId.SystemAccount account -> null;
            case ConversationId.Broadcast broadcast -> null;
        };
    }

    /** That somebody is writing is nothing that happens: it is told, and forgotten. */
    static Decision typing(Asked asked) {
        Refused silence = silence(asked);
        return silence != null
                ? silence
                : asked.happened(asked.aside()
                        .setTypingStarted(TypingStarted.newBuilder().setUserId(asked.actor())));
    }

    /** Why this would be too much of the actor, by the time in the log; or null. */
    static @Nullable Refused tooFast(Asked asked, Content content) {
        EffectivePolicy policy = asked.rules().policy();
        if (asked.asSystem() || !policy.limitsPace()) {
            return null;
        }
        SendRateRecord pace = asked.conversation().pace(asked.actor());
        long now = Timestamps.toMillis(asked.time());
        if (isReached(policy.flood(), pace.getSentMillisList(), now)) {
            return asked.refused(
                    Refusal.Reason.FLOODING,
                    "at most " + policy.flood().getMessages() + " messages in "
                            + policy.flood().getSeconds() + " s");
        }
        boolean same = pace.getTextHash() == ContentText.hash(content) && pace.getSameMillisCount() > 0;
        if (same && isReached(policy.repeats(), pace.getSameMillisList(), now)) {
            return asked.refused(
                    Refusal.Reason.REPEATING,
                    "the same at most " + policy.repeats().getMessages() + " times in "
                            + policy.repeats().getSeconds() + " s");
        }
        return null;
    }

    /** The pace of a sender who has just said something. */
    static SendRateRecord after(SendRateRecord pace, EffectivePolicy policy, Content content, long millis) {
        long hash = ContentText.hash(content);
        SendRateRecord.Builder next = SendRateRecord.newBuilder().setTextHash(hash);
        next.addAllSentMillis(newest(pace.getSentMillisList(), millis, policy.flood()));
        next.addAllSameMillis(
                newest(hash == pace.getTextHash() ? pace.getSameMillisList() : List.of(), millis, policy.repeats()));
        return next.build();
    }

    private static List<Long> newest(List<Long> before, long millis, Rate rate) {
        int keep = Math.max(1, rate.getMessages());
        List<Long> kept = before.subList(Math.max(0, before.size() - keep + 1), before.size());
        return Stream.concat(kept.stream(), Stream.of(millis)).toList();
    }

    private static boolean isReached(Rate rate, List<Long> times, long now) {
        if (rate.getMessages() == 0) {
            return false;
        }
        long since = now - rate.getSeconds() * 1_000L;
        return times.stream().filter(millis -> millis > since).count() >= rate.getMessages();
    }

    private static @Nullable Refused muted(Asked asked) {
        MemberRecord self = asked.self();
        if (self.hasMutedUntil() && asked.isAhead(self.getMutedUntil())) {
            return asked.refused(
                    Refusal.Reason.MUTED,
                    asked.actor() + " is muted until " + Timestamps.toString(self.getMutedUntil()));
        }
        return asked.conversation().group().getAllMuted() && !asked.isAdmin()
                ? asked.refused(Refusal.Reason.MUTED, "everyone but the owner and admins is muted")
                : null;
    }
}
