package dev.tidings.schemas.check;

import static dev.tidings.schemas.check.Refusals.checkLength;
import static dev.tidings.schemas.check.Refusals.first;
import static dev.tidings.schemas.check.Refusals.invalid;
import static dev.tidings.schemas.check.Refusals.quoted;

import dev.tidings.v1.DirectoryCommand;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.UserChange;
import dev.tidings.v1.UserProfile;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks changes of the user directory. Every method returns the refusal of the command, or null if it is allowed. */
public final class DirectoryCheck {

    public static final int MAX_DISPLAY_NAME_BYTES = 256;
    public static final int MAX_LOCALE_BYTES = 35;
    public static final int MAX_TIME_ZONE_BYTES = 64;
    public static final int MAX_CUSTOM_BYTES = 4_096;

    private static final Pattern LOCALE = Pattern.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*");

    /** The form of a name only: the database of names differs from machine to machine, and a replay must decide the same. */
    private static final Pattern TIME_ZONE = Pattern.compile("[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*");

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
                checkForm("locale", profile.getLocale(), MAX_LOCALE_BYTES, LOCALE, "a BCP 47 tag such as zh-Hans"),
                checkForm(
                        "timeZone",
                        profile.getTimeZone(),
                        MAX_TIME_ZONE_BYTES,
                        TIME_ZONE,
                        "an IANA time zone such as Europe/Berlin"),
                checkLength("custom", profile.getCustom().size(), MAX_CUSTOM_BYTES));
    }

    private static @Nullable Refusal checkForm(String field, String text, int maxBytes, Pattern form, String allowed) {
        return first(
                checkLength(field, text, maxBytes),
                text.isEmpty() || form.matcher(text).matches()
                        ? null
                        : invalid(field + " is " + quoted(text) + "; " + allowed + " is allowed"));
    }
}
