package dev.tidings.schemas.check;

import static dev.tidings.schemas.check.Refusals.checkCount;
import static dev.tidings.schemas.check.Refusals.checkId;
import static dev.tidings.schemas.check.Refusals.checkLength;
import static dev.tidings.schemas.check.Refusals.checkNotNegative;
import static dev.tidings.schemas.check.Refusals.checkRange;
import static dev.tidings.schemas.check.Refusals.checkUser;
import static dev.tidings.schemas.check.Refusals.checkUsers;
import static dev.tidings.schemas.check.Refusals.first;
import static dev.tidings.schemas.check.Refusals.invalid;
import static dev.tidings.schemas.check.Refusals.quoted;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.id.AddressBlock;
import dev.tidings.schemas.id.BanSubject;
import dev.tidings.schemas.text.BlankText;
import dev.tidings.v1.Ban;
import dev.tidings.v1.ListRules;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.Policy;
import dev.tidings.v1.Rate;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.WordRule;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks rules commands: words, bans, policy. The totals are checked where the rules are stored. */
final class RulesCheck {

    static final int MAX_WORDS = 10_000;
    static final int MAX_BANS = 10_000;
    static final int MAX_RATE_MESSAGES = 100;

    private static final int MAX_LISTED = 500;
    private static final int MAX_AFTER_BYTES = 300;
    private static final int MAX_RATE_SECONDS = 86_400;
    private static final int MAX_HOSTS = 1_000;
    private static final int MAX_HOST_LENGTH = 253;
    private static final int MAX_TYPES = 100;
    private static final Pattern MEDIA_TYPE = Pattern.compile("[a-z0-9.+_-]{1,64}/([a-z0-9.+_-]{1,64}|\\*)");
    private static final int MAX_WORD_CODE_POINTS = 64;
    private static final int MAX_GROUP_MEMBERS = 1_000_000;
    private static final int MAX_LARGE_GROUP_THRESHOLD = 5_000;

    private RulesCheck() {}

    static @Nullable Refusal check(RulesCommand rules) {
        if (rules.equals(RulesCommand.getDefaultInstance())) {
            return invalid("rules is empty; setWords, removeWords, policy, ban, unban, … are allowed");
        }
        if (rules.hasList()) {
            return check(rules, rules.getList());
        }
        int bans = rules.getBanCount()
                + rules.getUnbanCount()
                + rules.getUnbanDeviceIdsCount()
                + rules.getUnbanAddressesCount();
        return first(
                checkCount(
                        "setWords and removeWords",
                        rules.getSetWordsCount() + rules.getRemoveWordsCount(),
                        0,
                        MAX_WORDS),
                checkCount("ban and unban", bans, 0, MAX_BANS),
                checkWords(rules),
                checkBans(rules),
                checkUsers(rules.getUnbanList()),
                checkDevices(rules.getUnbanDeviceIdsList()),
                checkAddresses(rules.getUnbanAddressesList()),
                checkNoContradiction(rules),
                check(rules.getPolicy()));
    }

    private static @Nullable Refusal check(RulesCommand rules, ListRules list) {
        return first(
                rules.toBuilder().clearList().build().equals(RulesCommand.getDefaultInstance())
                        ? null
                        : invalid("rules has list and other fields; list alone is allowed"),
                checkLength("after", list.getAfter(), MAX_AFTER_BYTES),
                checkRange("limit", list.getLimit(), 0, MAX_LISTED));
    }

    private static @Nullable Refusal checkWords(RulesCommand rules) {
        for (WordRule rule : rules.getSetWordsList()) {
            String requirement = violatedRequirement(rule.getWord());
            if (requirement != null) {
                return invalid("the word " + quoted(rule.getWord()) + " must " + requirement);
            }
            if (rule.getAction() == ModerationAction.MODERATION_ACTION_UNSPECIFIED
                    || rule.getAction() == ModerationAction.UNRECOGNIZED) {
                return invalid("the action of the word " + quoted(rule.getWord())
                        + " is missing or unknown; FLAG, MASK and REFUSE are allowed");
            }
        }
        return null;
    }

    /** The requirement that the word violates, so that no text can match it; null if it violates none. */
    private static @Nullable String violatedRequirement(String word) {
        if (BlankText.isBlank(word) || word.codePointCount(0, word.length()) > MAX_WORD_CODE_POINTS) {
            return "have 1 to " + MAX_WORD_CODE_POINTS + " characters and not be blank";
        }
        if (word.chars().anyMatch(Character::isISOControl)) {
            return "have no control characters";
        }
        int begin = word.startsWith("*") ? 1 : 0;
        int end = word.length() > begin && word.endsWith("*") ? word.length() - 1 : word.length();
        String core = word.substring(begin, end);
        if (core.indexOf('*') >= 0) {
            return "have * only at its beginning or end";
        }
        return core.codePoints().anyMatch(RulesCheck::isLetterOrSymbol)
                ? null
                : "have a letter, digit or symbol, because separators are ignored";
    }

    /** Separators, and marks that modify the character before, are ignored in texts; letters, digits and symbols are not. */
    private static boolean isLetterOrSymbol(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.CONTROL,
                    Character.FORMAT,
                    Character.UNASSIGNED,
                    Character.SURROGATE,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> false;
            default -> true;
        };
    }

    /** If a command both sets and removes a rule, its outcome would depend on the order of the two. */
    private static @Nullable Refusal checkNoContradiction(RulesCommand rules) {
        Set<String> removed = new HashSet<>(rules.getRemoveWordsList());
        for (WordRule rule : rules.getSetWordsList()) {
            if (removed.contains(rule.getWord())) {
                return invalid("the word " + quoted(rule.getWord())
                        + " is in setWords and in removeWords; one of them is allowed");
            }
        }
        Set<String> unbanned =
                BanSubject.lifted(rules).stream().map(BanSubject::of).collect(Collectors.toSet());
        for (Ban ban : rules.getBanList()) {
            if (unbanned.contains(BanSubject.of(ban))) {
                return invalid(BanSubject.of(ban) + " is in ban and in unban; one of them is allowed");
            }
        }
        return null;
    }

    private static @Nullable Refusal checkBans(RulesCommand rules) {
        for (Ban ban : rules.getBanList()) {
            Refusal refusal = first(
                    checkSubject(ban),
                    ban.hasUntil() && !Timestamps.isValid(ban.getUntil())
                            ? invalid("until is out of range; 0001-01-01 to 9999-12-31 is allowed")
                            : null);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private static @Nullable Refusal checkSubject(Ban ban) {
        if (!ban.getDisabledUserId().isEmpty()) {
            return invalid("a ban has disabledUserId; exactly one of userId, deviceId and address is allowed");
        }
        boolean isOfDevice = !ban.getDeviceId().isEmpty();
        boolean isOfAddress = !ban.getAddress().isEmpty();
        if ((isOfDevice && isOfAddress) || (!ban.getUserId().isEmpty() && (isOfDevice || isOfAddress))) {
            return invalid("a ban must have exactly one of userId, deviceId and address");
        }
        if (isOfDevice) {
            return checkDevices(List.of(ban.getDeviceId()));
        }
        return isOfAddress ? checkAddresses(List.of(ban.getAddress())) : checkUser(ban.getUserId());
    }

    private static @Nullable Refusal checkDevices(List<String> deviceIds) {
        for (String deviceId : deviceIds) {
            Refusal refusal = checkId("deviceId", deviceId);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private static @Nullable Refusal checkAddresses(List<String> addresses) {
        for (String address : addresses) {
            if (AddressBlock.parse(address) == null) {
                return invalid("address is " + quoted(address)
                        + "; IP addresses and blocks such as 192.0.2.7, 192.0.2.0/24 and 2001:db8::/32 are allowed");
            }
        }
        return null;
    }

    private static @Nullable Refusal check(Policy policy) {
        return first(
                checkRange("recallWindowSeconds", policy.getRecallWindowSeconds(), 0, Integer.MAX_VALUE),
                checkRange("editWindowSeconds", policy.getEditWindowSeconds(), 0, Integer.MAX_VALUE),
                policy.hasMaxGroupMembers()
                        ? checkRange("maxGroupMembers", policy.getMaxGroupMembers(), 2, MAX_GROUP_MEMBERS)
                        : null,
                policy.hasLargeGroupThreshold()
                        ? checkRange(
                                "largeGroupThreshold", policy.getLargeGroupThreshold(), 0, MAX_LARGE_GROUP_THRESHOLD)
                        : null,
                check("flood", policy.getFlood()),
                check("repeats", policy.getRepeats()),
                policy.getLinks().getAction() == ModerationAction.UNRECOGNIZED
                                || policy.getMedia().getAction() == ModerationAction.UNRECOGNIZED
                        ? invalid("action is unknown; FLAG, MASK and REFUSE are allowed")
                        : null,
                checkCount("allowedHosts", policy.getLinks().getAllowedHostsCount(), 0, MAX_HOSTS),
                checkHosts(policy.getLinks().getAllowedHostsList()),
                checkCount("allowedTypes", policy.getMedia().getAllowedTypesCount(), 0, MAX_TYPES),
                checkTypes(policy.getMedia().getAllowedTypesList()),
                checkNotNegative("maxBytes", policy.getMedia().getMaxBytes()));
    }

    private static @Nullable Refusal checkHosts(List<String> hosts) {
        for (String host : hosts) {
            if (host.isEmpty()
                    || host.length() > MAX_HOST_LENGTH
                    || host.codePoints().anyMatch(RulesCheck::isForbiddenInHost)) {
                return invalid("allowedHosts has " + quoted(host)
                        + "; host names in lower case such as example.com are allowed");
            }
        }
        return null;
    }

    /** Letters of all languages are allowed; the characters that surround a host in a URL are not. */
    private static boolean isForbiddenInHost(int c) {
        return Character.isWhitespace(c)
                || Character.isISOControl(c)
                || Character.isUpperCase(c)
                || "/:@*?#,".indexOf(c) >= 0;
    }

    private static @Nullable Refusal checkTypes(List<String> types) {
        for (String type : types) {
            if (!MEDIA_TYPE.matcher(type).matches()) {
                return invalid("allowedTypes has " + quoted(type)
                        + "; media types in lower case such as image/png and image/* are allowed");
            }
        }
        return null;
    }

    private static @Nullable Refusal check(String field, Rate rate) {
        return first(
                checkRange(field + ".messages", rate.getMessages(), 0, MAX_RATE_MESSAGES),
                rate.getMessages() > 0 ? checkRange(field + ".seconds", rate.getSeconds(), 1, MAX_RATE_SECONDS) : null);
    }
}
