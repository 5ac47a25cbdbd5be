package dev.tidings.gateway.api;

import dev.tidings.gateway.directory.NameIndex;
import dev.tidings.gateway.directory.NameSearch;
import dev.tidings.gateway.directory.UserDirectory;
import dev.tidings.gateway.directory.UserDirectory.Profiles;
import dev.tidings.schemas.check.DirectoryCheck;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.id.CommandId;
import dev.tidings.schemas.id.UserId;
import dev.tidings.schemas.text.NameKeys;
import dev.tidings.v1.DirectoryCommand;
import dev.tidings.v1.PatchUser;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.UserChange;
import dev.tidings.v1.UserProfile;
import dev.tidings.v1.UserSearch;
import dev.tidings.v1.Users;
import dev.tidings.v1.UsersQuery;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Reads profiles of the user directory, finds users by name, and checks changes of a user's own profile. Every user may read every profile. */
final class DirectoryRequests {

    /** Bytes of a prefix. */
    static final int MAX_PREFIX_BYTES = 256;

    private final UserDirectory directory;
    private final NameSearch names;
    private final ProfileFields editable;
    private final Executor blocking;

    DirectoryRequests(UserDirectory directory, NameIndex names, ProfileFields editable, Executor blocking) {
        this.directory = directory;
        this.names = new NameSearch(names, directory);
        this.editable = editable;
        this.blocking = blocking;
    }

    /** Completes with the profiles in the order of the query, or with a {@link RequestException}. */
    CompletableFuture<Users> read(UsersQuery query) {
        Set<String> userIds = new LinkedHashSet<>(query.getUserIdsList());
        if (userIds.isEmpty() || query.getUserIdsCount() > ClientApi.MAX_USERS) {
            return invalid("userIds has " + query.getUserIdsCount() + " entries; 1 to " + ClientApi.MAX_USERS
                    + " are allowed");
        }
        for (String userId : userIds) {
            if (!UserId.isValid(userId)) {
                return invalid("userIds has \"" + userId + "\"; a user id must match [A-Za-z0-9_.-]{1,64}");
            }
        }
        return CompletableFuture.supplyAsync(() -> users(userIds), blocking);
    }

    /** Completes with users whose present names match, or with a {@link RequestException}. */
    CompletableFuture<Users> search(UserSearch search) {
        int bytes = search.getPrefixBytes().size();
        String prefix = bytes > MAX_PREFIX_BYTES ? "" : NameKeys.fold(search.getPrefix());
        if (prefix.isEmpty()) {
            return invalid("prefix has " + bytes + " bytes; 1 to " + MAX_PREFIX_BYTES
                    + " with at least one letter, digit or symbol are allowed");
        }
        if (search.getLimit() < 0 || search.getLimit() > ClientApi.MAX_FOUND_USERS) {
            return invalid("limit is " + search.getLimit() + "; 0 to " + ClientApi.MAX_FOUND_USERS + " is allowed");
        }
        int limit = search.getLimit() == 0 ? ClientApi.MAX_FOUND_USERS : search.getLimit();
        return CompletableFuture.supplyAsync(() -> found(prefix, limit), blocking);
    }

    private Users found(String prefix, int limit) {
        NameSearch.Found found = names.find(prefix, limit);
        Users.Builder users = Users.newBuilder().setComplete(found.complete());
        found.users().forEach(user -> users.addUsers(withoutCustom(user)));
        return users.build();
    }

    private static CompletableFuture<Users> invalid(String message) {
        return CompletableFuture.failedFuture(new RequestException(Errors.invalidArgument(message)));
    }

    private Users users(Set<String> userIds) {
        Profiles profiles = directory.read(userIds);
        Users.Builder users = Users.newBuilder().setComplete(profiles.complete());
        for (String userId : userIds) {
            UserProfile profile = profiles.byUserId().get(userId);
            if (profile != null) {
                users.addUsers(userIds.size() == 1 ? profile : withoutCustom(profile));
            }
        }
        return users.build();
    }

    /** With the custom data of 100 users a reply would have 800 kB. */
    private static UserProfile withoutCustom(UserProfile profile) {
        return profile.getCustom().isEmpty()
                ? profile
                : profile.toBuilder().clearCustom().build();
    }

    /** Returns why DIRECTORY would refuse a change of the caller's own profile whatever its state, or null. */
    @Nullable
    Refusal check(PatchUser patch) {
        Refusal flaw = editable.check(patch);
        if (flaw != null) {
            return flaw;
        }
        return patch.getAllFields().isEmpty()
                ? Refusals.of(Refusal.Reason.INVALID_ARGUMENT, "the change is empty; at least one field is needed")
                : DirectoryCheck.check(UserProfile.newBuilder()
                        .setDisplayName(patch.getDisplayName())
                        .setAvatarUrl(patch.getAvatarUrl())
                        .setLocale(patch.getLocale())
                        .setTimeZone(patch.getTimeZone())
                        .setCustom(patch.getCustom())
                        .build());
    }

    /** Returns the command that changes the caller's own profile. */
    static DirectoryCommand command(Caller caller, PatchUser patch) {
        return DirectoryCommand.newBuilder()
                .setCommandId(CommandId.next())
                .setActor(caller.userId())
                .setOrigin(caller.origin())
                .setUser(UserChange.newBuilder().setUserId(caller.userId()).setPatch(patch))
                .build();
    }
}
