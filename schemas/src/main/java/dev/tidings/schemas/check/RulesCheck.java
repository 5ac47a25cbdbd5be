package dev.tidings.schemas.check;

import static dev.tidings.schemas.check.CommandCheck.abbreviated;
import static dev.tidings.schemas.check.CommandCheck.checkUser;
import static dev.tidings.schemas.check.CommandCheck.checkUsers;
import static dev.tidings.schemas.check.CommandCheck.first;
import static dev.tidings.schemas.check.CommandCheck.invalid;

import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.id.AddressBlock;
import dev.tidings.schemas.id.BanSubject;
import dev.tidings.schemas.text.BlankText;
import dev.tidings.v1.Ban;
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

/** What can be said against a change of the rules by looking at nothing but the change. */
final class RulesCheck {

    static final int MAX_WORDS = 10_000;
    static final int MAX_BANS = 10_000;
    static final int MAX_RATE_MESSAGES = 100;

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
            return invalid("rules must say what is to change: setWords, removeWords, policy, ban, unban");
        }
        if (rules.getSetWordsCount() + rules.getRemoveWordsCount() > MAX_WORDS) {
            return invalid("words must be at most " + MAX_WORDS + " in one command");
        }
        int bans = rules.getBanCount()
                + rules.getUnbanCount()
                + rules.getUnbanDeviceIdsCount()
                + rules.getUnbanAddressesCount();
        if (bans > MAX_BANS) {
            return invalid(
                    "ban and unban have " + bans + " entries; at most " + MAX_BANS + " are allowed in one command");
        }
        return first(
                checkWords(rules),
                checkBans(rules),
                checkUsers(rules.getUnbanList()),
                checkDevices(rules.getUnbanDeviceIdsList()),
                checkAddresses(rules.getUnbanAddressesList()),
                checkOneWayOnly(rules),
                check(rules.getPolicy()));
    }

    private static @Nullable Refusal checkWords(RulesCommand rules) {
        for (WordRule rule : rules.getSetWordsList()) {
            String flaw = flawOfWord(rule.getWord());
            if (flaw != null) {
                return invalid("words must " + flaw + "; one is \"" + abbreviated(rule.getWord()) + '"');
            }
            if (rule.getAction() == ModerationAction.MODERATION_ACTION_UNSPECIFIED
                    || rule.getAction() == ModerationAction.UNRECOGNIZED) {
                return invalid(
                        "action of each word must be FLAG, MASK or REFUSE; it is not of \"" + rule.getWord() + '"');
            }
        }
        return null;
    }

    /** What a word must be and is not, so that no text could ever hold it; null where it may be found. */
    private static @Nullable String flawOfWord(String word) {
        if (BlankText.isBlank(word) || word.codePointCount(0, word.length()) > MAX_WORD_CODE_POINTS) {
            return "be 1 to " + MAX_WORD_CODE_POINTS + " characters and not blank";
        }
        if (word.chars().anyMatch(Character::isISOControl)) {
            return "be without control characters";
        }
        int begin = word.startsWith("*") ? 1 : 0;
        int end = word.length() > begin && word.endsWith("*") ? word.length() - 1 : word.length();
        String core = word.substring(begin, end);
        if (core.indexOf('*') >= 0) {
            return "have * at the beginning and the end only";
        }
        return core.codePoints().anyMatch(RulesCheck::isSeen)
                ? null
                : "hold more than what is overlooked between the characters of a word";
    }

    /** Signs that part words, and what modifies the character before, are overlooked; letters, digits and symbols are not. */
    private static boolean isSeen(int codePoint) {
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

    /** What is set and taken away at once would depend on which is done first. */
    private static @Nullable Refusal checkOneWayOnly(RulesCommand rules) {
        Set<String> removed = new HashSet<>(rules.getRemoveWordsList());
        for (WordRule rule : rules.getSetWordsList()) {
            if (removed.contains(rule.getWord())) {
                return invalid("\"" + rule.getWord() + "\" must not be in setWords and in removeWords");
            }
        }
        Set<String> unbanned =
                BanSubject.lifted(rules).stream().map(BanSubject::of).collect(Collectors.toSet());
        for (Ban ban : rules.getBanList()) {
            if (unbanned.contains(BanSubject.of(ban))) {
                return invalid(BanSubject.of(ban) + " must not be in ban and in unban");
            }
        }
        return null;
    }

    private static @Nullable Refusal checkBans(RulesCommand rules) {
        for (Ban ban : rules.getBanList()) {
            Refusal flaw = first(
                    checkSubject(ban),
                    ban.hasUntil() && !Timestamps.isValid(ban.getUntil()) ? invalid("until is no time") : null);
            if (flaw != null) {
                return flaw;
            }
        }
        return null;
    }

    private static @Nullable Refusal checkSubject(Ban ban) {
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
            if (!CommandCheck.isToken(deviceId)) {
                return invalid("device ids must be 1 to 128 bytes without control characters; one is \""
                        + abbreviated(deviceId) + '"');
            }
        }
        return null;
    }

    private static @Nullable Refusal checkAddresses(List<String> addresses) {
        for (String address : addresses) {
            if (AddressBlock.parse(address) == null) {
                return invalid("addresses must be such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32; one is \""
                        + abbreviated(address) + '"');
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
                checkHosts(policy.getLinks().getAllowedHostsList()),
                range("allowedTypes", policy.getMedia().getAllowedTypesCount(), 0, MAX_TYPES),
                checkTypes(policy.getMedia().getAllowedTypesList()),
                policy.getMedia().getMaxBytes() < 0 ? invalid("maxBytes must not be negative") : null);
    }

    private static @Nullable Refusal checkHosts(List<String> hosts) {
        for (String host : hosts) {
            if (host.isEmpty()
                    || host.length() > MAX_HOST_LENGTH
                    || host.codePoints().anyMatch(RulesCheck::isOfNoHost)) {
                return invalid("allowedHosts must be hosts in small letters, such as example.com; one is \""
                        + abbreviated(host) + '"');
            }
        }
        return null;
    }

    /** Allows the letters of all languages, and refuses what a URL has around its host. */
    private static boolean isOfNoHost(int c) {
        return Character.isWhitespace(c)
                || Character.isISOControl(c)
                || Character.isUpperCase(c)
                || "/:@*?#,".indexOf(c) >= 0;
    }

    private static @Nullable Refusal checkTypes(List<String> types) {
        for (String type : types) {
            if (!MEDIA_TYPE.matcher(type).matches()) {
                return invalid("allowedTypes must be such as image/png or image/*, in small letters; one is \""
                        + abbreviated(type) + '"');
            }
        }
        return null;
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
