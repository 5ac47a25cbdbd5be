package dev.tidings.gateway.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
import dev.tidings.gateway.readmodel.CircuitBreaker;
import dev.tidings.gateway.readmodel.ClickHouseReader;
import dev.tidings.schemas.readmodel.HistoryTables;
import dev.tidings.schemas.serde.ProtoJson;
import dev.tidings.v1.AuditPage;
import dev.tidings.v1.AuditRecord;
import dev.tidings.v1.Content;
import dev.tidings.v1.Finding;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.ModerationCase;
import dev.tidings.v1.ModerationCases;
import dev.tidings.v1.Refusal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads moderation cases and the audit log from the tables of the ClickHouse sink. */
public final class ClickHouseOperatorReads implements OperatorReads {

    private static final String CASE_ID = "concat(conversation_id, ':', toString(seq))";

    private final ClickHouseReader clickHouse;
    private final CircuitBreaker breaker = new CircuitBreaker("clickhouse operator", System::nanoTime);

    public ClickHouseOperatorReads(ClickHouseReader clickHouse) {
        this.clickHouse = clickHouse;
    }

    /** The conditions of a query and their values. */
    private static final class Conditions {

        private final StringBuilder where = new StringBuilder("1");
        private final List<Object> values = new ArrayList<>();

        void add(String condition, Object... bound) {
            where.append(" AND ").append(condition);
            values.addAll(List.of(bound));
        }

        void addUnlessEmpty(String condition, String value) {
            if (!value.isEmpty()) {
                add(condition, value);
            }
        }

        void bind(PreparedStatement statement) throws SQLException {
            for (int i = 0; i < values.size(); i++) {
                statement.setObject(i + 1, values.get(i));
            }
        }
    }

    @Override
    public ModerationCases cases(CaseFilter filter, String cursor, int limit) {
        Conditions conditions = new Conditions();
        conditions.addUnlessEmpty("conversation_id = ?", filter.conversationId());
        if (!cursor.isEmpty()) {
            PageCursor after = PageCursor.parse(cursor);
            conditions.add(
                    "(found_at, " + CASE_ID + ") < (fromUnixTimestamp64Milli(?, 'UTC'), ?)",
                    after.atMillis(),
                    after.id());
        }
        String sql =
                "SELECT conversation_id, seq, message_seq, message_id, sender, content, toJSONString(finding_kinds),"
                        + " toJSONString(finding_values), toJSONString(finding_actions), toUnixTimestamp64Milli(found_at) FROM "
                        + HistoryTables.MODERATION_CASES + " FINAL WHERE " + conditions.where
                        + " ORDER BY found_at DESC, "
                        + CASE_ID + " DESC LIMIT " + limit;
        return breaker.call(() -> clickHouse.query(sql, conditions::bind, rows -> {
            ModerationCases.Builder page = ModerationCases.newBuilder();
            while (rows.next()) {
                page.addCases(moderationCase(rows));
            }
            if (page.getCasesCount() == limit) {
                ModerationCase last = page.getCases(limit - 1);
                page.setNextCursor(new PageCursor(
                                Timestamps.toMillis(last.getAt()), last.getConversationId() + ':' + last.getSeq())
                        .toString());
            }
            return page.build();
        }));
    }

    private static ModerationCase moderationCase(ResultSet row) throws SQLException {
        ModerationCase.Builder found = ModerationCase.newBuilder()
                .setConversationId(row.getString(1))
                .setSeq(row.getLong(2))
                .setMessageSeq(row.getLong(3))
                .setMessageId(row.getString(4))
                .setSender(row.getString(5))
                .setContent(content(row.getString(6)))
                .setAt(Timestamps.fromMillis(row.getLong(10)));
        JsonArray kinds = JsonParser.parseString(row.getString(7)).getAsJsonArray();
        JsonArray matches = JsonParser.parseString(row.getString(8)).getAsJsonArray();
        JsonArray actions = JsonParser.parseString(row.getString(9)).getAsJsonArray();
        for (int i = 0; i < kinds.size(); i++) {
            found.addFindings(Finding.newBuilder()
                    .setKind(valueOf(Finding.Kind.class, kinds.get(i).getAsString(), Finding.Kind.KIND_UNSPECIFIED))
                    .setMatch(matches.get(i).getAsString())
                    .setAction(valueOf(
                            ModerationAction.class,
                            actions.get(i).getAsString(),
                            ModerationAction.MODERATION_ACTION_UNSPECIFIED)));
        }
        return found.build();
    }

    /** A newer sink may store a content that this version cannot parse: it is empty then. */
    private static Content content(String json) {
        try {
            return ProtoJson.parse(json, Content.newBuilder()).build();
        } catch (InvalidProtocolBufferException e) {
            return Content.getDefaultInstance();
        }
    }

    @Override
    public AuditPage audit(AuditFilter filter, String cursor, int limit) {
        Conditions conditions = new Conditions();
        conditions.addUnlessEmpty("operator = ?", filter.operator());
        conditions.addUnlessEmpty("target = ?", filter.target());
        conditions.addUnlessEmpty("has(user_ids, ?)", filter.userId());
        conditions.addUnlessEmpty("action = ?", filter.action());
        if (!cursor.isEmpty()) {
            PageCursor after = PageCursor.parse(cursor);
            conditions.add("(at, audit_id) < (fromUnixTimestamp64Milli(?, 'UTC'), ?)", after.atMillis(), after.id());
        }
        String sql = "SELECT audit_id, toUnixTimestamp64Milli(at), source, operator, actor, action, target,"
                + " toJSONString(user_ids), reason, result, refusal_reason, refusal_message, detail FROM "
                + HistoryTables.AUDIT + " FINAL WHERE " + conditions.where + " ORDER BY at DESC, audit_id DESC LIMIT "
                + limit;
        return breaker.call(() -> clickHouse.query(sql, conditions::bind, rows -> {
            AuditPage.Builder page = AuditPage.newBuilder();
            while (rows.next()) {
                page.addRecords(auditRecord(rows));
            }
            if (page.getRecordsCount() == limit) {
                AuditRecord last = page.getRecords(limit - 1);
                page.setNextCursor(new PageCursor(Timestamps.toMillis(last.getAt()), last.getAuditId()).toString());
            }
            return page.build();
        }));
    }

    private static AuditRecord auditRecord(ResultSet row) throws SQLException {
        AuditRecord.Builder record = AuditRecord.newBuilder()
                .setAuditId(row.getString(1))
                .setAt(Timestamps.fromMillis(row.getLong(2)))
                .setSource(row.getString(3))
                .setOperator(row.getString(4))
                .setActor(row.getString(5))
                .setAction(row.getString(6))
                .setTarget(row.getString(7))
                .setReason(row.getString(9))
                .setResult(valueOf(AuditRecord.Result.class, row.getString(10), AuditRecord.Result.RESULT_UNSPECIFIED))
                .setDetail(row.getString(13));
        JsonParser.parseString(row.getString(8))
                .getAsJsonArray()
                .forEach(userId -> record.addUserIds(userId.getAsString()));
        if (!row.getString(11).isEmpty()) {
            record.setRefusal(Refusal.newBuilder()
                    .setReason(valueOf(Refusal.Reason.class, row.getString(11), Refusal.Reason.REASON_UNSPECIFIED))
                    .setMessage(row.getString(12)));
        }
        return record.build();
    }

    /** Returns the value with this name in lower case; the default for the name of a newer version. */
    private static <E extends Enum<E>> E valueOf(Class<E> type, String name, E defaultValue) {
        try {
            return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return defaultValue;
        }
    }
}
