package dev.tidings.connectors.clickhouse;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.tidings.connectors.clickhouse.row.PresenceChangeRow;
import dev.tidings.connectors.clickhouse.row.Row;
import dev.tidings.connectors.clickhouse.row.SessionChangeRow;
import dev.tidings.v1.Presence;
import dev.tidings.v1.Session;
import dev.tidings.v1.UserEvent;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds the rows of sessions and presence: a pure function of the record's bytes. Changes of views and badges make no row. */
final class UserEventRows {

    private UserEventRows() {}

    /**
     * @param raw a record's value
     * @throws IllegalArgumentException if it is not a valid event; the message says why
     */
    static List<Row> of(byte @Nullable [] raw) {
        if (raw == null) {
            throw new IllegalArgumentException("the record has no value");
        }
        try {
            return isView(raw) ? List.of() : rows(UserEvent.parseFrom(raw));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the value is not a UserEvent: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the value cannot be read", e);
        }
    }

    private static List<Row> rows(UserEvent event) {
        String userId = Values.user(event.getUserId());
        return switch (event.getBodyCase()) {
            case SESSION_OPENED -> List.of(session(event, userId, event.getSessionOpened(), true));
            case SESSION_CLOSED ->
                List.of(session(event, userId, event.getSessionClosed().getSession(), false));
            case PRESENCE_CHANGED -> List.of(presence(event, userId, event.getPresenceChanged()));
            case VIEW_CHANGED, BADGE_CHANGED, BODY_NOT_SET -> List.of();
        };
    }

    private static Row session(UserEvent event, String userId, Session session, boolean opened) {
        return new SessionChangeRow(
                userId,
                session.getSessionId(),
                opened,
                Values.millis(event.getAt(), "the event's time"),
                session.getDeviceId(),
                Values.name(session.getPlatform()),
                session.getGatewaySlot());
    }

    private static Row presence(UserEvent event, String userId, Presence presence) {
        return new PresenceChangeRow(
                userId,
                Values.millis(event.getAt(), "the event's time"),
                presence.getOnline(),
                presence.getPlatformsList().stream().map(Values::name).toList());
    }

    /** Whether the event changes a view. Most records do, so they are not parsed. */
    private static boolean isView(byte[] raw) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(raw);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == UserEvent.VIEW_CHANGED_FIELD_NUMBER) {
                return true;
            }
            in.skipField(tag);
        }
        return false;
    }
}
