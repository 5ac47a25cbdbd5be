package dev.tidings.gateway.grpc;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.tidings.gateway.admin.OperatorReads;
import dev.tidings.gateway.api.Errors;
import dev.tidings.gateway.api.PresenceReads;
import dev.tidings.gateway.api.RequestException;
import dev.tidings.gateway.auth.Permission;
import dev.tidings.schemas.id.UserId;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.ChangeBansRequest;
import dev.tidings.v1.ChangeUsers;
import dev.tidings.v1.DescribeGroup;
import dev.tidings.v1.DisableUser;
import dev.tidings.v1.EnableUser;
import dev.tidings.v1.EndSessionsRequest;
import dev.tidings.v1.GetGroupRequest;
import dev.tidings.v1.GetOnlineCountRequest;
import dev.tidings.v1.GetPresenceRequest;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.ListAuditRequest;
import dev.tidings.v1.ListBansRequest;
import dev.tidings.v1.ListCasesRequest;
import dev.tidings.v1.ListOnlineMembersRequest;
import dev.tidings.v1.ListRoomUsersRequest;
import dev.tidings.v1.ListRules;
import dev.tidings.v1.ReadHead;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.SetUserDisabledRequest;
import dev.tidings.v1.UserChange;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The table of the methods for operators, in the order of admin.proto: the operations of {@code /v1/admin} in REST, with their
 * permissions. A change is a request as system; see decision 56.
 */
final class AdminMethods {

    private static final int MAX_BANS = 1_000;
    private static final int MAX_CASES = 50;
    private static final int MAX_ACTS = 100;

    static final List<UnaryMethod<?>> ALL = List.of(
            command(
                    "SendMessage",
                    Permission.SEND_AS_SYSTEM,
                    BusinessSend.parser(),
                    request -> BusinessCommand.newBuilder().setSendMessage(request)),
            change(
                    "RecallMessage",
                    Permission.RECALL_MESSAGES,
                    RecallMessage.parser(),
                    request -> BusinessCommand.newBuilder().setRecall(request)),
            read("GetGroup", Permission.READ_GROUPS, GetGroupRequest.parser(), AdminMethods::describe),
            change("ModerateGroup", Permission.MODERATE_GROUPS, GroupCommand.parser(), AdminMethods::moderate),
            command("ChangeUser", Permission.CHANGE_USERS, UserChange.parser(), AdminMethods::changeUser),
            command(
                    "SetUserDisabled",
                    Permission.DISABLE_USERS,
                    SetUserDisabledRequest.parser(),
                    AdminMethods::setUserDisabled),
            UnaryMethod.admin(
                    "EndSessions",
                    false,
                    Permission.END_SESSIONS,
                    EndSessionsRequest.parser(),
                    (requests, audit, request) -> requests.endSessions(audit, checkedUserId(request.getUserId()))),
            UnaryMethod.admin(
                    "ListBans",
                    true,
                    Permission.READ_BANS,
                    ListBansRequest.parser(),
                    (requests, audit, request) ->
                            requests.bans(request.getAfter(), limit(request.getLimit(), 100, MAX_BANS))),
            command("ChangeBans", Permission.BAN, ChangeBansRequest.parser(), AdminMethods::changeBans),
            read(
                    "ListRules",
                    Permission.READ_RULES,
                    ListRules.parser(),
                    request -> BusinessCommand.newBuilder()
                            .setRules(RulesCommand.newBuilder().setList(request))),
            command("ChangeRules", Permission.CHANGE_RULES, RulesCommand.parser(), AdminMethods::changeRules),
            UnaryMethod.admin(
                    "GetPresence",
                    true,
                    Permission.READ_PRESENCE,
                    GetPresenceRequest.parser(),
                    (requests, audit, request) -> requests.presence().users(UnaryMethods.userIds(request))),
            UnaryMethod.admin(
                    "ListOnlineMembers",
                    true,
                    Permission.READ_PRESENCE,
                    ListOnlineMembersRequest.parser(),
                    (requests, audit, request) -> requests.onlineMembers(
                            audit,
                            request.getConversationId(),
                            request.getAfterUserId(),
                            limit(request.getLimit(), 100, PresenceReads.MAX_USERS))),
            UnaryMethod.admin(
                    "ListRoomUsers",
                    true,
                    Permission.READ_PRESENCE,
                    ListRoomUsersRequest.parser(),
                    (requests, audit, request) -> requests.presence()
                            .roomUsers(
                                    request.getConversationId(),
                                    request.getAfterUserId(),
                                    limit(request.getLimit(), 100, PresenceReads.MAX_ROOM_USERS))),
            UnaryMethod.admin(
                    "GetOnlineCount",
                    true,
                    Permission.READ_PRESENCE,
                    GetOnlineCountRequest.parser(),
                    (requests, audit, request) -> CompletableFuture.completedFuture(
                            requests.presence().count())),
            read(
                    "GetHead",
                    Permission.READ_PRESENCE,
                    ReadHead.parser(),
                    request -> BusinessCommand.newBuilder().setReadHead(request)),
            UnaryMethod.admin(
                    "ListCases",
                    true,
                    Permission.READ_CASES,
                    ListCasesRequest.parser(),
                    (requests, audit, request) -> requests.cases(
                            new OperatorReads.CaseFilter(request.getConversationId()),
                            request.getCursor(),
                            limit(request.getLimit(), 20, MAX_CASES))),
            UnaryMethod.admin(
                    "ListAudit",
                    true,
                    Permission.READ_AUDIT,
                    ListAuditRequest.parser(),
                    (requests, audit, request) -> requests.audit(
                            new OperatorReads.AuditFilter(
                                    request.getOperator(),
                                    request.getTarget(),
                                    request.getUserId(),
                                    request.getAction()),
                            request.getCursor(),
                            limit(request.getLimit(), 50, MAX_ACTS))));

    private AdminMethods() {}

    /** A method that carries out this command as system and has one kind of outcome. */
    private static <Q extends Message> UnaryMethod<Q> command(
            String name, Permission permission, Parser<Q> parser, Function<Q, BusinessCommand.Builder> command) {
        return UnaryMethod.admin(
                name,
                false,
                permission,
                parser,
                (requests, audit, request) -> requests.command(audit, command.apply(request)));
    }

    /** A method that carries out this command as system; its reply is a {@code CommandOutcome}. */
    private static <Q extends Message> UnaryMethod<Q> change(
            String name, Permission permission, Parser<Q> parser, Function<Q, BusinessCommand.Builder> command) {
        return UnaryMethod.admin(
                name,
                false,
                permission,
                parser,
                (requests, audit, request) ->
                        requests.command(audit, command.apply(request)).thenApply(UnaryMethod::outcome));
    }

    /** A method that asks a topology by this command. */
    private static <Q extends Message> UnaryMethod<Q> read(
            String name, Permission permission, Parser<Q> parser, Function<Q, BusinessCommand.Builder> command) {
        return UnaryMethod.admin(
                name,
                true,
                permission,
                parser,
                (requests, audit, request) -> requests.command(audit, command.apply(request)));
    }

    private static BusinessCommand.Builder describe(GetGroupRequest request) {
        return BusinessCommand.newBuilder()
                .setGroup(GroupCommand.newBuilder()
                        .setConversationId(request.getConversationId())
                        .setDescribe(DescribeGroup.newBuilder()
                                .setAfterUserId(request.getAfterUserId())
                                .setLimit(request.getLimit())));
    }

    private static BusinessCommand.Builder moderate(GroupCommand command) {
        return switch (command.getBodyCase()) {
            case DISSOLVE, REMOVE_MEMBERS, MUTE_MEMBER, MUTE_ALL, TRANSFER_OWNERSHIP ->
                BusinessCommand.newBuilder().setGroup(command);
            case CREATE, UPDATE, ADD_MEMBERS, JOIN, DECIDE_JOIN, LEAVE, SET_ROLE, DESCRIBE, BODY_NOT_SET ->
                throw invalid("the command is " + command.getBodyCase()
                        + "; DISSOLVE, REMOVE_MEMBERS, MUTE_MEMBER, MUTE_ALL and TRANSFER_OWNERSHIP are allowed");
        };
    }

    private static BusinessCommand.Builder changeUser(UserChange change) {
        return switch (change.getChangeCase()) {
            case PUT, PATCH -> users(change);
            case DISABLE, ENABLE, CHANGE_NOT_SET ->
                throw invalid("the change is " + change.getChangeCase() + "; PUT and PATCH are allowed");
        };
    }

    private static BusinessCommand.Builder setUserDisabled(SetUserDisabledRequest request) {
        UserChange.Builder change = UserChange.newBuilder().setUserId(checkedUserId(request.getUserId()));
        return users((request.getDisabled()
                        ? change.setDisable(DisableUser.getDefaultInstance())
                        : change.setEnable(EnableUser.getDefaultInstance()))
                .build());
    }

    private static BusinessCommand.Builder users(UserChange change) {
        checkedUserId(change.getUserId());
        return BusinessCommand.newBuilder()
                .setChangeUsers(ChangeUsers.newBuilder().addChanges(change));
    }

    private static BusinessCommand.Builder changeBans(ChangeBansRequest request) {
        return BusinessCommand.newBuilder()
                .setRules(RulesCommand.newBuilder()
                        .addAllBan(request.getBanList())
                        .addAllUnban(request.getUnbanList())
                        .addAllUnbanDeviceIds(request.getUnbanDeviceIdsList())
                        .addAllUnbanAddresses(request.getUnbanAddressesList()));
    }

    private static BusinessCommand.Builder changeRules(RulesCommand rules) {
        if (rules.hasList()) {
            throw invalid("the command has list, which changes nothing; call ListRules");
        }
        return BusinessCommand.newBuilder().setRules(rules);
    }

    private static String checkedUserId(String userId) {
        if (!UserId.isValid(userId)) {
            throw invalid("user_id is \"" + userId + "\"; it must match [A-Za-z0-9_.-]{1,64}");
        }
        return userId;
    }

    /** @param limit 0: absent */
    private static int limit(int limit, int defaultValue, int max) {
        if (limit < 0 || limit > max) {
            throw invalid("limit is " + limit + "; 0 to " + max + " is allowed");
        }
        return limit == 0 ? defaultValue : limit;
    }

    private static RequestException invalid(String message) {
        return new RequestException(Errors.invalidArgument(message));
    }
}
