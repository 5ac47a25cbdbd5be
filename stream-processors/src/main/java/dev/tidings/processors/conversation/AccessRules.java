package dev.tidings.processors.conversation;

import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.state.v1.MemberRecord;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.Role;
import org.jspecify.annotations.Nullable;

/** Checks bans and membership: whether the actor may give commands of this kind in this conversation at all. */
final class AccessRules {

    private AccessRules() {}

    /** Returns a refusal if the actor has no access; otherwise null. */
    static @Nullable Refusal check(CommandContext context) {
        if (!context.asSystem() && context.rules().isBanned(context.actor(), context.time())) {
            return Refusals.of(Refusal.Reason.BANNED, context.actor() + " is banned");
        }
        return switch (context.id()) {
            case ConversationId.Private pair ->
                context.asSystem() && context.actor().isEmpty() || pair.has(context.actor())
                        ? null
                        : notAMember(context);
            case ConversationId.Group group -> checkGroup(context);
            case ConversationId.Room room -> needsMembers(context) ? wrongKind(context) : null;
            case ConversationId.SystemAccount account ->
                needsMembers(context)
                        ? wrongKind(context)
                        : isOpenToUsers(context)
                                ? account.id().equals(context.actor()) ? null : notAMember(context)
                                : checkSystem(context);
            case ConversationId.Broadcast broadcast ->
                needsMembers(context) ? wrongKind(context) : isOpenToUsers(context) ? null : checkSystem(context);
        };
    }

    private static @Nullable Refusal checkGroup(CommandContext context) {
        boolean creates = context.command().getGroup().hasCreate();
        boolean exists = context.conversation().group().hasProfile();
        if (concernsOnlyActor(context) && hasAccess(context.ownRecord())) {
            // former members and members of a dissolved group still have messages to read and to delete
            return null;
        }
        if (context.asSystem() && context.command().getGroup().hasDissolve() && exists) {
            return null; // also of a dissolved group: operators repeat requests without ids
        }
        if (context.conversation().group().getDissolved()) {
            return Refusals.of(
                    creates ? Refusal.Reason.GROUP_EXISTS : Refusal.Reason.GROUP_DISSOLVED,
                    context.id() + " was dissolved");
        }
        if (creates) {
            return exists ? Refusals.of(Refusal.Reason.GROUP_EXISTS, "there is a group " + context.id()) : null;
        }
        if (!exists) {
            return Refusals.of(Refusal.Reason.CONVERSATION_NOT_FOUND, "there is no group " + context.id());
        }
        boolean openToNonMembers =
                context.asSystem() || context.command().getGroup().getBodyCase() == GroupCommand.BodyCase.JOIN;
        return openToNonMembers || context.actorMember().getRole() != Role.ROLE_UNSPECIFIED
                ? null
                : notAMember(context);
    }

    private static boolean hasAccess(MemberRecord own) {
        return own.getRole() != Role.ROLE_UNSPECIFIED || own.getLeftSeq() > 0;
    }

    private static boolean concernsOnlyActor(CommandContext context) {
        return context.command().hasMarkRead() || context.command().hasDeleteForMe();
    }

    /** Whether users may do this in system accounts and broadcasts: what changes only what is theirs, and reading the head. */
    private static boolean isOpenToUsers(CommandContext context) {
        return concernsOnlyActor(context) || (context.command().hasReadHead() && !context.asSystem());
    }

    /** Whether rooms, system accounts and broadcasts refuse the command: most of them have no members, and none is a group. */
    private static boolean needsMembers(CommandContext context) {
        boolean room = context.id() instanceof ConversationId.Room;
        boolean receipts =
                context.command().hasMarkDelivered() || context.command().hasDescribeReceipts();
        return receipts || (context.command().hasGroup() && !room) || (concernsOnlyActor(context) && room);
    }

    private static Refusal notAMember(CommandContext context) {
        return Refusals.of(
                Refusal.Reason.NOT_A_MEMBER,
                context.actor() + " does not belong to " + context.command().getConversationId());
    }

    private static Refusal wrongKind(CommandContext context) {
        return Refusals.of(Refusal.Reason.WRONG_KIND_OF_CONVERSATION, "this cannot be done in " + context.id());
    }

    private static @Nullable Refusal checkSystem(CommandContext context) {
        return context.asSystem()
                ? null
                : Refusals.of(Refusal.Reason.SYSTEM_ONLY, "only the operator sends messages to " + context.id());
    }
}
