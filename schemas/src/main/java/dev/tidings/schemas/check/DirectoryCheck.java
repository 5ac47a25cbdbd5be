package dev.tidings.schemas.check;

import static dev.tidings.schemas.check.Refusals.checkLength;
import static dev.tidings.schemas.check.Refusals.first;
import static dev.tidings.schemas.check.Refusals.invalid;
import static dev.tidings.schemas.check.Refusals.quoted;

import dev.tidings.v1.DirectoryCommand;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.UserChange;
import dev.tidings.v1.UserProfile;
import java.time.ZoneId;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks changes of the user directory. Every method returns the refusal of the command, or null if it is allowed. */
public final class DirectoryCheck {

    public static final int MAX_DISPLAY_NAME_BYTES = 256;
    public static final int MAX_LOCALE_BYTES = 35;
    public static final int MAX_TIME_ZONE_BYTES = 64;
    public static final int MAX_CUSTOM_BYTES = 4_096;

    private static final Pattern LOCALE = Pattern.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*");

    /** The names of Java's own table, which does not depend on the machine. A later version of Java may have more. */
    private static final Set<String> TIME_ZONES = Set.copyOf(ZoneId.getAvailableZoneIds());

    private DirectoryCheck() {}

    /** Checks who changes whom, and that there is a change. */
    public static @Nullable Refusal check(DirectoryCommand command) {
        UserChange change = command.getUser();
        return first(
                Refusals.checkUser(change.getUserId()),
                switch (change.getChangeCase()) {
                    case PUT, PATCH ->
                        command.getAsSystem() || command.getActor().equals(change.getUserId())
                                ? null
                                : Refusals.of(
                                        Refusal.Reason.NOT_ALLOWED,
                                        "a user may change their own profile only; other changes need asSystem");
                    case DISABLE, ENABLE ->
                        command.getAsSystem()
                                ? null
                                : Refusals.of(
                                        Refusal.Reason.SYSTEM_ONLY, "only the system may disable or enable a user");
                    case CHANGE_NOT_SET -> invalid("the change is empty; put, patch, disable and enable are allowed");
                });
    }

    /** Checks the values of a profile as it would be after a change. */
    public static @Nullable Refusal check(UserProfile profile) {
        return first(
                checkLength("displayName", profile.getDisplayName(), MAX_DISPLAY_NAME_BYTES),
                profile.getDisplayName().codePoints().noneMatch(Character::isISOControl)
                        ? null
                        : invalid("displayName is " + quoted(profile.getDisplayName())
                                + "; text without control characters is allowed"),
                MediaCheck.checkOptionalUrl("avatarUrl", profile.getAvatarUrl()),
                checkLength("locale", profile.getLocale(), MAX_LOCALE_BYTES),
                profile.getLocale().isEmpty()
                                || LOCALE.matcher(profile.getLocale()).matches()
                        ? null
                        : invalid("locale is " + quoted(profile.getLocale())
                                + "; a BCP 47 tag such as zh-Hans is allowed"),
                checkLength("timeZone", profile.getTimeZone(), MAX_TIME_ZONE_BYTES),
                profile.getTimeZone().isEmpty() || TIME_ZONES.contains(profile.getTimeZone())
                        ? null
                        : invalid("timeZone is " + quoted(profile.getTimeZone())
                                + "; a name of the IANA database such as Europe/Berlin is allowed"),
                checkLength("custom", profile.getCustom().size(), MAX_CUSTOM_BYTES));
    }
}
