package dev.tidings.processors.directory;

import com.google.protobuf.util.Timestamps;
import dev.tidings.processors.directory.DirectoryDecision.ChangeRefused;
import dev.tidings.processors.directory.DirectoryDecision.ProfileChanged;
import dev.tidings.processors.directory.DirectoryDecision.ProfileUnchanged;
import dev.tidings.processors.rules.Inspection;
import dev.tidings.processors.rules.Rules;
import dev.tidings.schemas.check.DirectoryCheck;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.v1.Content;
import dev.tidings.v1.DirectoryCommand;
import dev.tidings.v1.PatchUser;
import dev.tidings.v1.PutUser;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.TextContent;
import dev.tidings.v1.UserChange;
import dev.tidings.v1.UserProfile;
import org.jspecify.annotations.Nullable;

/** Decides changes of the user directory. */
final class DirectoryDecider {

    private DirectoryDecider() {}

    /**
     * Decides a command with a {@code user} body.
     *
     * @param before null: the directory does not have the user
     * @param atMillis the time of the command in the log
     */
    static DirectoryDecision decide(
            @Nullable UserProfile before, DirectoryCommand command, Rules rules, long atMillis) {
        Refusal flaw = DirectoryCheck.check(command);
        if (flaw != null) {
            return new ChangeRefused(flaw);
        }
        UserChange change = command.getUser();
        UserProfile.Builder after = before == null
                ? UserProfile.newBuilder().setUserId(change.getUserId()).setCreatedAt(Timestamps.fromMillis(atMillis))
                : before.toBuilder();
        switch (change.getChangeCase()) {
            case PUT -> put(after, change.getPut());
            case PATCH -> patch(after, change.getPatch());
            case DISABLE, ENABLE -> {
                if (before == null) {
                    return new ChangeRefused(Refusals.of(
                            Refusal.Reason.USER_NOT_FOUND, "the directory does not have " + change.getUserId()));
                }
                after.setDisabled(change.hasDisable());
            }
            case CHANGE_NOT_SET -> throw new IllegalStateException("the check refuses an empty change");
        }
        return changed(before, after, rules, atMillis);
    }

    private static DirectoryDecision changed(
            @Nullable UserProfile before, UserProfile.Builder after, Rules rules, long atMillis) {
        Refusal flaw = DirectoryCheck.check(after.build());
        if (flaw != null) {
            return new ChangeRefused(flaw);
        }
        String nameBefore = before == null ? "" : before.getDisplayName();
        if (!after.getDisplayName().equals(nameBefore)) {
            Inspection name = Inspection.of(rules, text(after.getDisplayName()));
            if (name.refusal() != null) {
                return new ChangeRefused(name.refusal());
            }
            after.setDisplayName(name.content().getText().getBody());
        }
        if (before != null && after.build().equals(before)) {
            return new ProfileUnchanged();
        }
        long versionBefore = before == null ? 0 : before.getVersion();
        boolean disabledBefore = before != null && before.getDisabled();
        UserProfile profile = after.setUpdatedAt(Timestamps.fromMillis(atMillis))
                .setVersion(Math.max(versionBefore + 1, atMillis))
                .build();
        return new ProfileChanged(profile, profile.getDisabled() != disabledBefore);
    }

    private static void put(UserProfile.Builder profile, PutUser put) {
        profile.setDisplayName(put.getDisplayName())
                .setAvatarUrl(put.getAvatarUrl())
                .setLocale(put.getLocale())
                .setTimeZone(put.getTimeZone())
                .setCustom(put.getCustom());
    }

    private static void patch(UserProfile.Builder profile, PatchUser patch) {
        if (patch.hasDisplayName()) {
            profile.setDisplayName(patch.getDisplayName());
        }
        if (patch.hasAvatarUrl()) {
            profile.setAvatarUrl(patch.getAvatarUrl());
        }
        if (patch.hasLocale()) {
            profile.setLocale(patch.getLocale());
        }
        if (patch.hasTimeZone()) {
            profile.setTimeZone(patch.getTimeZone());
        }
        if (patch.hasCustom()) {
            profile.setCustom(patch.getCustom());
        }
    }

    private static Content text(String text) {
        return Content.newBuilder()
                .setText(TextContent.newBuilder().setBody(text))
                .build();
    }
}
