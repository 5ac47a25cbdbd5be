package dev.tidings.schemas.check;

import static dev.tidings.schemas.check.CommandCheck.checkUser;
import static dev.tidings.schemas.check.CommandCheck.checkUsers;
import static dev.tidings.schemas.check.CommandCheck.first;
import static dev.tidings.schemas.check.CommandCheck.invalid;

import com.google.protobuf.util.Timestamps;
import dev.tidings.v1.Ban;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.Policy;
import dev.tidings.v1.Rate;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.WordRule;
import org.jspecify.annotations.Nullable;

/** What can be said against a change of the rules by looking at nothing but the change. */
final class RulesCheck {

    static final int MAX_WORDS = 10_000;
    static final int MAX_BANS = 10_000;
    static final int MAX_RATE_MESSAGES = 100;

    private static final int MAX_RATE_SECONDS = 86_400;
    private static final int MAX_HOSTS = 1_000;
    private static final int MAX_TYPES = 100;
    private static final int MAX_WORD_CODE_POINTS = 64;
    private static final int MAX_GROUP_MEMBERS = 1_000_000;
    private static final int MAX_LARGE_GROUP_THRESHOLD = 5_000;

    private RulesCheck() {}

    static @Nullable Refusal check(RulesCommand rules) {
        if (rules.equals(RulesCommand.getDefaultInstance())) {
            return invalid("rules must say what is to change: setWords, removeWords, policy, ban, unban");
        }
        if (rules.getSetWordsCount() + rules.getRemoveWordsCount() > MAX_WORDS) {
            return invalid("words must be at most " + MAX_WORDS + " in one command");
        }
        if (rules.getBanCount() + rules.getUnbanCount() > MAX_BANS) {
            return invalid("bans must be at most " + MAX_BANS + " in one command");
        }
        return first(checkWords(rules), checkBans(rules), checkUsers(rules.getUnbanList()), check(rules.getPolicy()));
    }

    private static @Nullable Refusal checkWords(RulesCommand rules) {
        for (WordRule rule : rules.getSetWordsList()) {
            String word = rule.getWord();
            if (word.isBlank() || word.codePointCount(0, word.length()) > MAX_WORD_CODE_POINTS) {
                return invalid("words must be 1 to " + MAX_WORD_CODE_POINTS + " characters and not blank");
            }
            if (rule.getAction() == ModerationAction.MODERATION_ACTION_UNSPECIFIED
                    || rule.getAction() == ModerationAction.UNRECOGNIZED) {
                return invalid("action of each word must be FLAG, MASK or REFUSE");
            }
        }
        return null;
    }

    private static @Nullable Refusal checkBans(RulesCommand rules) {
        for (Ban ban : rules.getBanList()) {
            Refusal flaw = first(
                    checkUser(ban.getUserId()),
                    ban.hasUntil() && !Timestamps.isValid(ban.getUntil()) ? invalid("until is no time") : null);
            if (flaw != null) {
                return flaw;
            }
        }
        return null;
    }

    private static @Nullable Refusal check(Policy policy) {
        return first(
                range("recallWindowSeconds", policy.getRecallWindowSeconds(), 0, Integer.MAX_VALUE),
                range("editWindowSeconds", policy.getEditWindowSeconds(), 0, Integer.MAX_VALUE),
                policy.hasMaxGroupMembers()
                        ? range("maxGroupMembers", policy.getMaxGroupMembers(), 2, MAX_GROUP_MEMBERS)
                        : null,
                policy.hasLargeGroupThreshold()
                        ? range("largeGroupThreshold", policy.getLargeGroupThreshold(), 0, MAX_LARGE_GROUP_THRESHOLD)
                        : null,
                check("flood", policy.getFlood()),
                check("repeats", policy.getRepeats()),
                policy.getLinks().getAction() == ModerationAction.UNRECOGNIZED
                                || policy.getMedia().getAction() == ModerationAction.UNRECOGNIZED
                        ? invalid("action must be FLAG, MASK or REFUSE")
                        : null,
                range("allowedHosts", policy.getLinks().getAllowedHostsCount(), 0, MAX_HOSTS),
                range("allowedTypes", policy.getMedia().getAllowedTypesCount(), 0, MAX_TYPES),
                policy.getMedia().getMaxBytes() < 0 ? invalid("maxBytes must not be negative") : null);
    }

    private static @Nullable Refusal check(String field, Rate rate) {
        return first(
                range(field + ".messages", rate.getMessages(), 0, MAX_RATE_MESSAGES),
                rate.getMessages() > 0 ? range(field + ".seconds", rate.getSeconds(), 1, MAX_RATE_SECONDS) : null);
    }

    private static @Nullable Refusal range(String field, int value, int least, int most) {
        return value < least || value > most
                ? invalid(field + " must be " + least + " to " + most + "; it is " + value)
                : null;
    }
}
