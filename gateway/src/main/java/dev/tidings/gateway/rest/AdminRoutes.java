package dev.tidings.gateway.rest;

import com.google.protobuf.Descriptors.Descriptor;
import dev.tidings.gateway.admin.OperatorReads;
import dev.tidings.gateway.auth.Permission;
import dev.tidings.v1.Applied;
import dev.tidings.v1.AuditPage;
import dev.tidings.v1.Ban;
import dev.tidings.v1.Bans;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.BusinessSend;
import dev.tidings.v1.ChangeUsers;
import dev.tidings.v1.DescribeGroup;
import dev.tidings.v1.DisableUser;
import dev.tidings.v1.DissolveGroup;
import dev.tidings.v1.EnableUser;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.GroupDescription;
import dev.tidings.v1.ListRules;
import dev.tidings.v1.ModerationCases;
import dev.tidings.v1.MuteAll;
import dev.tidings.v1.MuteMember;
import dev.tidings.v1.PatchUser;
import dev.tidings.v1.PutUser;
import dev.tidings.v1.RecallMessage;
import dev.tidings.v1.RemoveMembers;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.RulesPage;
import dev.tidings.v1.Sequenced;
import dev.tidings.v1.TransferOwnership;
import dev.tidings.v1.UserChange;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The operations for operators: as system, without membership. {@code Tidings-Reason} says why. The audit log has each change and
 * its result.
 */
final class AdminRoutes {

    private static final String MESSAGES = "/v1/admin/conversations/{conversationId}/messages";
    private static final String GROUP = "/v1/admin/groups/{groupId}";
    private static final String MEMBER = GROUP + "/members/{userId}";
    private static final String USER = "/v1/admin/users/{userId}";
    private static final String BANS = "/v1/admin/bans";
    private static final int MAX_MEMBERS = 1_000;
    private static final int MAX_PAGE = 100;
    private static final int MAX_CASES = 50;
    private static final int MAX_BANS = 1_000;
    private static final int MAX_RULES = 500;

    private static final Descriptor[] CHANGED = {Sequenced.getDescriptor(), Applied.getDescriptor()};

    static final List<Route> ALL = List.of(
            Route.post(
                            MESSAGES,
                            "sendAsSystem",
                            "Sends a message as the system: to a group, to one user (s:<userId>), or to everyone (b:<id>)."
                                    + " A repeated request with the same clientMsgId or Idempotency-Key sends one message.")
                    .body(BusinessSend.getDescriptor(), "conversationId")
                    .replies(Sequenced.getDescriptor())
                    .message(Permission.SEND_AS_SYSTEM, AdminRoutes::send),
            Route.delete(MESSAGES + "/{seq}", "recallAsSystem", "Recalls a message of any user, at any time.")
                    .replies(CHANGED)
                    .command(
                            Permission.RECALL_MESSAGES,
                            request -> BusinessCommand.newBuilder()
                                    .setRecall(RecallMessage.newBuilder()
                                            .setConversationId(request.conversationId())
                                            .setSeq(request.seq()))),
            Route.get(GROUP, "readAnyGroup", "Reads the profile and the state of a group, and a page of its members.")
                    .query(
                            QueryParameter.text("afterUserId", "The last user id of the page before."),
                            QueryParameter.limit(MAX_MEMBERS, "1 to 1,000 members; 100 if absent."))
                    .replies(GroupDescription.getDescriptor())
                    .command(
                            Permission.READ_GROUPS,
                            group((request, command) -> command.setDescribe(DescribeGroup.newBuilder()
                                    .setAfterUserId(request.text("afterUserId"))
                                    .setLimit(request.limit("limit", 100, MAX_MEMBERS))))),
            Route.delete(GROUP, "dissolveAsSystem", "Dissolves a group. Its id cannot be used again.")
                    .replies(CHANGED)
                    .command(
                            Permission.MODERATE_GROUPS,
                            group((request, command) -> command.setDissolve(DissolveGroup.getDefaultInstance()))),
            Route.put(GROUP + "/owner", "transferOwnershipAsSystem", "Makes another member the owner of a group.")
                    .body(TransferOwnership.getDescriptor())
                    .replies(CHANGED)
                    .command(
                            Permission.MODERATE_GROUPS,
                            group((request, command) ->
                                    command.setTransferOwnership(request.body(TransferOwnership.newBuilder())))),
            Route.delete(MEMBER, "removeMemberAsSystem", "Removes a member, who is not the owner, from a group.")
                    .replies(CHANGED)
                    .command(
                            Permission.MODERATE_GROUPS,
                            group((request, command) -> command.setRemoveMembers(
                                    RemoveMembers.newBuilder().addUserIds(request.pathUserId())))),
            Route.put(
                            MEMBER + "/mute",
                            "muteMemberAsSystem",
                            "Stops a member of a group, or a user of a room, from posting until a time.")
                    .body(MuteMember.getDescriptor(), "userId")
                    .replies(CHANGED)
                    .command(
                            Permission.MODERATE_GROUPS,
                            group((request, command) -> command.setMuteMember(mute(request)))),
            Route.delete(
                            MEMBER + "/mute",
                            "unmuteMemberAsSystem",
                            "Allows a member of a group, or a user of a room, to post again.")
                    .replies(CHANGED)
                    .command(
                            Permission.MODERATE_GROUPS,
                            group((request, command) -> command.setMuteMember(
                                    MuteMember.newBuilder().setUserId(request.pathUserId())))),
            Route.put(
                            GROUP + "/mute",
                            "muteAllAsSystem",
                            "Stops all members of a group, or all users of a room, from posting.")
                    .replies(CHANGED)
                    .command(
                            Permission.MODERATE_GROUPS,
                            group((request, command) ->
                                    command.setMuteAll(MuteAll.newBuilder().setMuted(true)))),
            Route.delete(
                            GROUP + "/mute",
                            "unmuteAllAsSystem",
                            "Allows all members of a group, or all users of a room, to post again.")
                    .replies(CHANGED)
                    .command(
                            Permission.MODERATE_GROUPS,
                            group((request, command) -> command.setMuteAll(MuteAll.getDefaultInstance()))),
            Route.put(USER, "putUser", "Adds a user to the directory, or replaces all fields of their profile.")
                    .body(PutUser.getDescriptor())
                    .replies(Applied.getDescriptor())
                    .command(
                            Permission.CHANGE_USERS,
                            user((request, change) -> change.setPut(request.body(PutUser.newBuilder())))),
            Route.patch(USER, "patchAnyUser", "Changes the fields of a profile in the directory that are present.")
                    .body(PatchUser.getDescriptor())
                    .replies(Applied.getDescriptor())
                    .command(
                            Permission.CHANGE_USERS,
                            user((request, change) -> change.setPatch(request.body(PatchUser.newBuilder())))),
            Route.put(
                            USER + "/disabled",
                            "disableUser",
                            "Disables a user of the directory: ends their sessions and rejects new ones.")
                    .replies(Applied.getDescriptor())
                    .command(
                            Permission.DISABLE_USERS,
                            user((request, change) -> change.setDisable(DisableUser.getDefaultInstance()))),
            Route.delete(USER + "/disabled", "enableUser", "Enables a disabled user again.")
                    .replies(Applied.getDescriptor())
                    .command(
                            Permission.DISABLE_USERS,
                            user((request, change) -> change.setEnable(EnableUser.getDefaultInstance()))),
            Route.delete(
                            USER + "/sessions",
                            "endSessions",
                            "Revokes all tokens of a user, which ends their sessions. They can log in again.")
                    .replies(Applied.getDescriptor())
                    .admin(
                            Permission.END_SESSIONS,
                            (requests, request) -> requests.endSessions(request.audit(), request.pathUserId())),
            Route.get(
                            BANS,
                            "listBans",
                            "Reads a page of the bans that apply, with the users whom the directory disables.")
                    .query(
                            QueryParameter.text("after", "The nextAfter of the page before."),
                            QueryParameter.limit(MAX_BANS, "1 to 1,000 bans; 100 if absent."))
                    .replies(Bans.getDescriptor())
                    .admin(
                            Permission.READ_BANS,
                            (requests, request) ->
                                    requests.bans(request.text("after"), request.limit("limit", 100, MAX_BANS))),
            Route.put(BANS + "/users/{userId}", "banUser", "Bans a user, permanently or until a time.")
                    .body(Ban.getDescriptor(), "userId", "deviceId", "address", "disabledUserId")
                    .replies(Applied.getDescriptor())
                    .command(Permission.BAN, ban((request, ban) -> ban.setUserId(request.pathUserId()))),
            Route.delete(BANS + "/users/{userId}", "unbanUser", "Lifts the ban of a user.")
                    .replies(Applied.getDescriptor())
                    .command(Permission.BAN, rules((request, rules) -> rules.addUnban(request.pathUserId()))),
            Route.put(BANS + "/devices/{deviceId}", "banDevice", "Bans a device, permanently or until a time.")
                    .body(Ban.getDescriptor(), "userId", "deviceId", "address", "disabledUserId")
                    .replies(Applied.getDescriptor())
                    .command(Permission.BAN, ban((request, ban) -> ban.setDeviceId(request.path("deviceId")))),
            Route.delete(BANS + "/devices/{deviceId}", "unbanDevice", "Lifts the ban of a device.")
                    .replies(Applied.getDescriptor())
                    .command(
                            Permission.BAN,
                            rules((request, rules) -> rules.addUnbanDeviceIds(request.path("deviceId")))),
            Route.put(BANS + "/addresses/{address}", "banAddress", "Bans an address or a block such as 192.0.2.0%2F24.")
                    .body(Ban.getDescriptor(), "userId", "deviceId", "address", "disabledUserId")
                    .replies(Applied.getDescriptor())
                    .command(Permission.BAN, ban((request, ban) -> ban.setAddress(request.path("address")))),
            Route.delete(BANS + "/addresses/{address}", "unbanAddress", "Lifts the ban of an address or a block.")
                    .replies(Applied.getDescriptor())
                    .command(
                            Permission.BAN,
                            rules((request, rules) -> rules.addUnbanAddresses(request.path("address")))),
            Route.get("/v1/admin/rules", "listRules", "Reads a page of the rules: bans, the policy, words.")
                    .query(
                            QueryParameter.text("after", "The nextAfter of the page before."),
                            QueryParameter.limit(MAX_RULES, "1 to 500 rules; 100 if absent."))
                    .replies(RulesPage.getDescriptor())
                    .command(
                            Permission.READ_RULES,
                            rules((request, rules) -> rules.setList(ListRules.newBuilder()
                                    .setAfter(request.text("after"))
                                    .setLimit(request.limit("limit", 100, MAX_RULES))))),
            Route.patch("/v1/admin/rules", "changeRules", "Changes words, policy and bans.")
                    .body(RulesCommand.getDescriptor(), "list")
                    .replies(Applied.getDescriptor())
                    .command(
                            Permission.CHANGE_RULES,
                            request -> BusinessCommand.newBuilder().setRules(request.body(RulesCommand.newBuilder()))),
            Route.get("/v1/admin/cases", "listCases", "Reads a page of the texts that need a review, newest first.")
                    .query(
                            QueryParameter.text("conversationId", "Only this conversation."),
                            QueryParameter.text("cursor", "The nextCursor of the page before."),
                            QueryParameter.limit(MAX_CASES, "1 to 50 cases; 20 if absent."))
                    .replies(ModerationCases.getDescriptor())
                    .admin(
                            Permission.READ_CASES,
                            (requests, request) -> requests.cases(
                                    new OperatorReads.CaseFilter(request.text("conversationId")),
                                    request.text("cursor"),
                                    request.limit("limit", 20, MAX_CASES))),
            Route.get("/v1/admin/audit", "listAudit", "Reads a page of the audit log, newest first.")
                    .query(
                            QueryParameter.text("operator", "Only acts of this operator."),
                            QueryParameter.text("target", "Only acts on this target, such as g:club or user:alice."),
                            QueryParameter.text("userId", "Only acts that concern this user."),
                            QueryParameter.text("action", "Only this action, such as rules.ban."),
                            QueryParameter.text("cursor", "The nextCursor of the page before."),
                            QueryParameter.limit(MAX_PAGE, "1 to 100 acts; 50 if absent."))
                    .replies(AuditPage.getDescriptor())
                    .admin(
                            Permission.READ_AUDIT,
                            (requests, request) -> requests.audit(
                                    new OperatorReads.AuditFilter(
                                            request.text("operator"),
                                            request.text("target"),
                                            request.text("userId"),
                                            request.text("action")),
                                    request.text("cursor"),
                                    request.limit("limit", 50, MAX_PAGE))));

    private AdminRoutes() {}

    private static BusinessCommand.Builder send(RestRequest request) {
        BusinessSend.Builder send = request.body(BusinessSend.newBuilder()).setConversationId(request.conversationId());
        send.setClientMsgId(request.clientMsgId(send.getClientMsgId()));
        return BusinessCommand.newBuilder().setSendMessage(send);
    }

    private static MuteMember.Builder mute(RestRequest request) {
        MuteMember.Builder mute = request.body(MuteMember.newBuilder());
        if (!mute.hasUntil()) {
            throw RestRequest.invalid("the body has no until; DELETE the mute to end it");
        }
        return mute.setUserId(request.pathUserId());
    }

    private static Function<RestRequest, BusinessCommand.Builder> group(
            BiConsumer<RestRequest, GroupCommand.Builder> body) {
        return request -> {
            GroupCommand.Builder command = GroupCommand.newBuilder().setConversationId(request.groupId());
            body.accept(request, command);
            return BusinessCommand.newBuilder().setGroup(command);
        };
    }

    private static Function<RestRequest, BusinessCommand.Builder> user(
            BiConsumer<RestRequest, UserChange.Builder> body) {
        return request -> {
            UserChange.Builder change = UserChange.newBuilder().setUserId(request.pathUserId());
            body.accept(request, change);
            return BusinessCommand.newBuilder()
                    .setChangeUsers(ChangeUsers.newBuilder().addChanges(change));
        };
    }

    private static Function<RestRequest, BusinessCommand.Builder> ban(BiConsumer<RestRequest, Ban.Builder> subject) {
        return rules((request, rules) -> {
            Ban.Builder ban = request.body(Ban.newBuilder());
            subject.accept(request, ban);
            rules.addBan(ban);
        });
    }

    private static Function<RestRequest, BusinessCommand.Builder> rules(
            BiConsumer<RestRequest, RulesCommand.Builder> body) {
        return request -> {
            RulesCommand.Builder rules = RulesCommand.newBuilder();
            body.accept(request, rules);
            return BusinessCommand.newBuilder().setRules(rules);
        };
    }
}
