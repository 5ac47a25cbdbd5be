package dev.tidings.processors.intake;

import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.ChangeUsers;
import dev.tidings.v1.DirectoryCommand;
import dev.tidings.v1.Origin;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Turns a {@code changeUsers} into commands to the directory: one for each change. */
final class DirectoryExpansion {

    static final int MAX_CHANGES = 100;

    private DirectoryExpansion() {}

    /** The violated limit, for people; null if there is none. */
    static @Nullable String violation(ChangeUsers users) {
        int changes = users.getChangesCount();
        return changes >= 1 && changes <= MAX_CHANGES
                ? null
                : "changes of changeUsers has " + changes + " entries; 1 to " + MAX_CHANGES + " are allowed";
    }

    /**
     * Returns the commands in the order of the changes. DIRECTORY refuses invalid user ids and values.
     *
     * @param business has a {@code changeUsers} without {@link #violation}
     */
    static List<DirectoryCommand> of(Origin origin, BusinessCommand business, RequestPosition position) {
        DirectoryCommand template = DirectoryCommand.newBuilder()
                .setActor(business.getActor())
                .setAsSystem(business.getAsSystem())
                .setOrigin(origin)
                .build();
        ChangeUsers users = business.getChangeUsers();
        return IntStream.range(0, users.getChangesCount())
                .mapToObj(index -> template.toBuilder()
                        .setCommandId(position.commandId(index))
                        .setUser(users.getChanges(index))
                        .build())
                .toList();
    }
}
