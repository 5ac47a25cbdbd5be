package dev.tidings.processors.audit;

import com.google.protobuf.Message;
import com.google.protobuf.util.Timestamps;
import dev.tidings.schemas.id.BanSubject;
import dev.tidings.schemas.id.ConversationId;
import dev.tidings.schemas.serde.GatewayRequests;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.Ban;
import dev.tidings.v1.BusinessCommand;
import dev.tidings.v1.Command;
import dev.tidings.v1.DirectoryCommand;
import dev.tidings.v1.FriendCommand;
import dev.tidings.v1.GroupCommand;
import dev.tidings.v1.Origin;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.RulesCommand;
import dev.tidings.v1.UserChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Makes the audit records of administrative commands. */
public final class AuditRecords {

    /** The target of changes of words and of the policy. */
    static final String RULES_TARGET = "rules";

    static final int MAX_USER_IDS = 20;
    static final int MAX_DETAIL_LENGTH = 1_024;

    /** Of ids and names: an invalid one can be as long as its command. */
    static final int MAX_ID_LENGTH = 160;

    private static final int MAX_TEXT_LENGTH = 300;
    private static final int MAX_LISTED = 50;

    private AuditRecords() {}

    /** Whether a command to a conversation is an administrative act. Changes of rules always are. */
    public static boolean isAdministrative(Command command) {
        return switch (command.getBodyCase()) {
            case RULES -> true;
            case EDIT_MESSAGE, RECALL_MESSAGE, PIN_MESSAGE, FRIEND -> command.getAsSystem();
            case GROUP -> command.getAsSystem() && !command.getGroup().hasDescribe();
            case SEND_MESSAGE ->
                command.getAsSystem()
                        && (command.getOrigin().hasAudit()
                                || ConversationId.parse(command.getConversationId())
                                        instanceof ConversationId.Broadcast);
            case MARK_READ,
                    DELETE_FOR_ME,
                    REACT,
                    SUBSCRIBE_GATEWAY,
                    TYPING,
                    MARK_DELIVERED,
                    DESCRIBE_RECEIPTS,
                    GATEWAY_GONE,
                    ENTER_ROOM,
                    FORGET_EVENTS,
                    READ_HEAD,
                    BODY_NOT_SET -> false;
        };
    }

    /** Whether a command to the directory is an administrative act: an operator's, or one that disables or enables a user. */
    public static boolean isAdministrative(DirectoryCommand command) {
        return command.hasUser()
                && command.getAsSystem()
                && (command.getOrigin().hasAudit()
                        || command.getUser().hasDisable()
                        || command.getUser().hasEnable());
    }

    /** Makes the record of an administrative command to one conversation. */
    public static AuditRecord of(Command command, AuditResult result, long atMillis) {
        return record(command.getCommandId(), command.getOrigin(), command.getActor(), result, atMillis)
                .setAction(actionOf(command))
                .setTarget(cut(command.getConversationId(), MAX_ID_LENGTH))
                .addAllUserIds(usersOf(command))
                .setDetail(cut(detailOf(command), MAX_DETAIL_LENGTH))
                .build();
    }

    /** Makes the record of an administrative command to the directory. */
    public static AuditRecord of(DirectoryCommand command, AuditResult result, long atMillis) {
        UserChange change = command.getUser();
        String userId = cut(change.getUserId(), MAX_ID_LENGTH);
        return record(command.getCommandId(), command.getOrigin(), command.getActor(), result, atMillis)
                .setAction("user." + lowerCase(change.getChangeCase()))
                .setTarget(BanSubject.ofUser(userId))
                .addUserIds(userId)
                .setDetail(cut(json(change), MAX_DETAIL_LENGTH))
                .build();
    }

    /** Makes the record of a request that its business system has no right to. */
    public static AuditRecord ofDenied(
            String commandId, Origin origin, BusinessCommand request, Refusal refusal, long atMillis) {
        return record(commandId, origin, request.getActor(), AuditResult.refused(refusal), atMillis)
                .setAction("business." + lowerCase(request.getBodyCase()))
                .setTarget("source:" + origin.getBusiness().getSource())
                .build();
    }

    /** Makes the records of a change of rules: one for each ban and each lifted ban, one for the words, and one for the policy. */
    public static List<AuditRecord> ofRules(Command command, AuditResult result, long atMillis) {
        RulesCommand rules = command.getRules();
        AuditRecord.Builder base =
                record(command.getCommandId(), command.getOrigin(), command.getActor(), result, atMillis);
        List<AuditRecord> records = new ArrayList<>();
        BanSubject.lifted(rules).forEach(ban -> records.add(ofBan(base, "rules.unban", ban, records.size())));
        rules.getBanList().forEach(ban -> records.add(ofBan(base, "rules.ban", ban, records.size())));
        if (rules.getSetWordsCount() + rules.getRemoveWordsCount() > 0) {
            RulesCommand first = RulesCommand.newBuilder()
                    .addAllSetWords(first(rules.getSetWordsList()))
                    .addAllRemoveWords(first(rules.getRemoveWordsList()))
                    .build();
            String counts = "set " + rules.getSetWordsCount() + ", removed " + rules.getRemoveWordsCount() + ": ";
            records.add(ofRules(base, "rules.words", counts + json(first), records.size()));
        }
        if (rules.hasPolicy() || records.isEmpty()) {
            records.add(ofRules(base, "rules.policy", json(rules.getPolicy()), records.size()));
        }
        return records;
    }

    private static AuditRecord ofBan(AuditRecord.Builder base, String action, Ban ban, int index) {
        AuditRecord.Builder record = base.clone()
                .setAuditId(base.getAuditId() + ':' + index)
                .setAction(action)
                .setTarget(cut(BanSubject.of(ban), MAX_ID_LENGTH))
                .setDetail(cut(json(ban), MAX_DETAIL_LENGTH));
        if (!ban.getUserId().isEmpty()) {
            record.addUserIds(cut(ban.getUserId(), MAX_ID_LENGTH));
        }
        return record.build();
    }

    private static AuditRecord ofRules(AuditRecord.Builder base, String action, String detail, int index) {
        return base.clone()
                .setAuditId(base.getAuditId() + ':' + index)
                .setAction(action)
                .setTarget(RULES_TARGET)
                .setDetail(cut(detail, MAX_DETAIL_LENGTH))
                .build();
    }

    private static AuditRecord.Builder record(
            String commandId, Origin origin, String actor, AuditResult result, long atMillis) {
        AuditRecord.Builder record = AuditRecord.newBuilder()
                .setAuditId(cut(commandId, MAX_ID_LENGTH))
                .setAt(Timestamps.fromMillis(atMillis))
                .setSource(origin.hasBusiness() ? origin.getBusiness().getSource() : GatewayRequests.SOURCE)
                .setOperator(cut(origin.getAudit().getOperator(), MAX_ID_LENGTH))
                .setActor(cut(actor, MAX_ID_LENGTH))
                .setReason(cut(origin.getAudit().getReason(), MAX_TEXT_LENGTH))
                .setResult(result.result());
        if (result.refusal() != null) {
            Refusal refusal = result.refusal();
            record.setRefusal(Refusal.newBuilder()
                    .setReason(refusal.getReason())
                    .setMessage(cut(refusal.getMessage(), MAX_TEXT_LENGTH)));
        }
        return record;
    }

    private static String actionOf(Command command) {
        return switch (command.getBodyCase()) {
            case GROUP -> "group." + lowerCase(command.getGroup().getBodyCase());
            case FRIEND -> "friend." + lowerCase(command.getFriend().getBodyCase());
            default -> lowerCase(command.getBodyCase());
        };
    }

    private static List<String> usersOf(Command command) {
        List<String> users = switch (command.getBodyCase()) {
            case GROUP -> usersOf(command.getGroup());
            case FRIEND -> List.of(command.getActor());
            default -> List.of();
        };
        return users.stream()
                .limit(MAX_USER_IDS)
                .map(userId -> cut(userId, MAX_ID_LENGTH))
                .toList();
    }

    private static List<String> usersOf(GroupCommand command) {
        return switch (command.getBodyCase()) {
            case CREATE -> command.getCreate().getMembersList();
            case ADD_MEMBERS -> command.getAddMembers().getUserIdsList();
            case REMOVE_MEMBERS -> command.getRemoveMembers().getUserIdsList();
            case DECIDE_JOIN -> List.of(command.getDecideJoin().getUserId());
            case SET_ROLE -> List.of(command.getSetRole().getUserId());
            case TRANSFER_OWNERSHIP -> List.of(command.getTransferOwnership().getUserId());
            case MUTE_MEMBER -> List.of(command.getMuteMember().getUserId());
            case UPDATE, JOIN, LEAVE, MUTE_ALL, DISSOLVE, DESCRIBE, BODY_NOT_SET -> List.of();
        };
    }

    /** The body of the command, without the content of messages and with the first users of long lists. */
    private static String detailOf(Command command) {
        Message body = switch (command.getBodyCase()) {
            case EDIT_MESSAGE ->
                command.getEditMessage().toBuilder()
                        .clearContent()
                        .clearMentions()
                        .build();
            case RECALL_MESSAGE -> command.getRecallMessage();
            case PIN_MESSAGE -> command.getPinMessage();
            case GROUP -> withFirstUsers(command.getGroup());
            case FRIEND -> command.getFriend();
            default -> FriendCommand.getDefaultInstance();
        };
        return json(body);
    }

    private static GroupCommand withFirstUsers(GroupCommand command) {
        GroupCommand.Builder shortened = command.toBuilder();
        switch (command.getBodyCase()) {
            case CREATE ->
                shortened
                        .getCreateBuilder()
                        .clearMembers()
                        .addAllMembers(first(command.getCreate().getMembersList()));
            case ADD_MEMBERS ->
                shortened
                        .getAddMembersBuilder()
                        .clearUserIds()
                        .addAllUserIds(first(command.getAddMembers().getUserIdsList()));
            case REMOVE_MEMBERS ->
                shortened
                        .getRemoveMembersBuilder()
                        .clearUserIds()
                        .addAllUserIds(first(command.getRemoveMembers().getUserIdsList()));
            case UPDATE,
                    JOIN,
                    DECIDE_JOIN,
                    LEAVE,
                    SET_ROLE,
                    TRANSFER_OWNERSHIP,
                    MUTE_MEMBER,
                    MUTE_ALL,
                    DISSOLVE,
                    DESCRIBE,
                    BODY_NOT_SET -> {
                return command;
            }
        }
        return shortened.build();
    }

    /** Returns the message in JSON; {} if it has none, such as a refused command with an invalid time. */
    private static String json(Message message) {
        try {
            return ProtoJson.print(message);
        } catch (IllegalArgumentException e) {
            return "{}";
        }
    }

    private static <T> List<T> first(List<T> all) {
        return all.subList(0, Math.min(all.size(), MAX_LISTED));
    }

    private static String lowerCase(Enum<?> bodyCase) {
        return bodyCase.name().toLowerCase(Locale.ROOT);
    }

    private static String cut(String text, int maxCodePoints) {
        return text.length() <= maxCodePoints || text.codePointCount(0, text.length()) <= maxCodePoints
                ? text
                : text.substring(0, text.offsetByCodePoints(0, maxCodePoints - 1)) + '…';
    }
}
