package dev.tidings.processors.conversation;

import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.rules.ContentText;
import dev.tidings.processors.rules.EffectivePolicy;
import dev.tidings.state.v1.SendRateRecord;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.MessageSent;
import dev.tidings.v1.Rate;
import dev.tidings.v1.Refusal;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Limits how many messages, and how many equal messages, a user sends to a conversation in the time that the policy names. */
final class SendRates {

    private SendRates() {}

    /** Returns a refusal if the message would exceed a rate limit, by the time of the log; otherwise null. */
    static @Nullable Refused check(CommandContext context, Content content) {
        EffectivePolicy policy = context.rules().policy();
        if (context.asSystem() || context.command().getContentErased() || !policy.limitsRates()) {
            return null;
        }
        SendRateRecord sendRate = context.conversation().sendRate(context.actor());
        long now = Timestamps.toMillis(context.time());
        if (isReached(policy.flood(), sendRate.getSentMillisList(), now)) {
            return context.refused(
                    Refusal.Reason.FLOODING,
                    "at most " + policy.flood().getMessages() + " messages in "
                            + policy.flood().getSeconds() + " s");
        }
        boolean same = sendRate.getTextHash() == ContentText.hash(content) && sendRate.getSameMillisCount() > 0;
        if (same && isReached(policy.repeats(), sendRate.getSameMillisList(), now)) {
            return context.refused(
                    Refusal.Reason.REPEATING,
                    "at most " + policy.repeats().getMessages() + " equal messages in "
                            + policy.repeats().getSeconds() + " s");
        }
        return null;
    }

    /** Records the time of a sent message, while the policy limits rates. */
    static void applySent(Conversation.Mutable conversation, EffectivePolicy policy, ConversationEvent event) {
        MessageSent sent = event.getMessageSent();
        if (policy.limitsRates() && !sent.getAsSystem()) {
            SendRateRecord before = conversation.sendRate(sent.getSender());
            long millis = Timestamps.toMillis(event.getSentAt());
            conversation.putSendRate(sent.getSender(), after(before, policy, sent.getContent(), millis));
        }
    }

    private static SendRateRecord after(SendRateRecord before, EffectivePolicy policy, Content content, long millis) {
        long hash = ContentText.hash(content);
        List<Long> same = hash == before.getTextHash() ? before.getSameMillisList() : List.of();
        return SendRateRecord.newBuilder()
                .setTextHash(hash)
                .addAllSentMillis(newest(before.getSentMillisList(), millis, policy.flood()))
                .addAllSameMillis(newest(same, millis, policy.repeats()))
                .build();
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
}
