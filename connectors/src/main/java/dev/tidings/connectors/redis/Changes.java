package dev.tidings.connectors.redis;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.connectors.PoisonRecord;
import dev.tidings.schemas.Topics;
import dev.tidings.schemas.event.EventFacts;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.ConversationView;
import dev.tidings.v1.Notification;
import dev.tidings.v1.UserBadge;
import dev.tidings.v1.UserEvent;
import dev.tidings.v1.UserProfile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The records of one {@code put}, grouped by key: one change per conversation with new events, per user with new views, and per
 * user with a new badge or profile. Holds only the newest events of a conversation, the newest view of each, and the newest badge
 * and profile.
 */
final class Changes {

    /** The topics that this sink reads. */
    static final Set<String> TOPICS = Set.of(
            Topics.CONVERSATION_EVENTS.name(),
            Topics.USER_EVENTS.name(),
            Topics.NOTIFICATIONS.name(),
            Topics.DIRECTORY.name());

    private final int recentEvents;
    private final Map<String, Change.MoreEvents> events = new LinkedHashMap<>();
    private final Map<String, Map<String, Change.View>> views = new LinkedHashMap<>();
    private final Map<String, List<SinkRecord>> viewOrigins = new LinkedHashMap<>();
    private final Map<String, UserBadge> badges = new LinkedHashMap<>();
    private final Map<String, List<SinkRecord>> badgeOrigins = new LinkedHashMap<>();
    private final Map<String, Change.NewerProfile> profiles = new LinkedHashMap<>();
    private final List<PoisonRecord> poison = new ArrayList<>();

    private Changes(int recentEvents) {
        this.recentEvents = recentEvents;
    }

    static Changes of(Collection<SinkRecord> records, int recentEvents) {
        Changes changes = new Changes(recentEvents);
        for (SinkRecord record : records) {
            try {
                changes.add(record);
            } catch (InvalidProtocolBufferException | IllegalArgumentException | ClassCastException e) {
                changes.poison.add(new PoisonRecord(record, e));
            }
        }
        return changes;
    }

    List<PoisonRecord> poison() {
        return poison;
    }

    List<Change> all() {
        List<Change> all = new ArrayList<>();
        events.values().forEach(more -> all.add(newestOf(more)));
        views.forEach((userId, byConversation) -> all.add(new Change.NewerViews(
                userId, List.copyOf(byConversation.values()), viewOrigins.getOrDefault(userId, List.of()))));
        badges.forEach((userId, badge) ->
                all.add(new Change.NewerBadge(userId, badge, badgeOrigins.getOrDefault(userId, List.of()))));
        all.addAll(profiles.values());
        return all;
    }

    private void add(SinkRecord record) throws InvalidProtocolBufferException {
        byte[] value = (byte[]) record.value();
        if (value == null) {
            throw new IllegalArgumentException("the record has no value");
        }
        if (record.topic().equals(Topics.CONVERSATION_EVENTS.name())) {
            addEvent(record, value, ConversationEvent.parseFrom(value));
        } else if (record.topic().equals(Topics.DIRECTORY.name())) {
            addProfile(record, value, UserProfile.parseFrom(value));
        } else if (record.topic().equals(Topics.NOTIFICATIONS.name())) {
            Notification notification = Notification.parseFrom(value);
            UserBadge badge = UserBadge.newBuilder()
                    .setUnread(notification.getBadge())
                    .setVersion(notification.getBadgeVersion())
                    .build();
            addBadge(record, named(notification.getUserId(), "the notification names no user"), badge);
        } else {
            addUserEvent(record, UserEvent.parseFrom(value));
        }
    }

    private void addEvent(SinkRecord record, byte[] value, ConversationEvent event) {
        String conversationId = named(event.getConversationId(), "the event names no conversation");
        if (!EventFacts.isSequenced(event)) {
            return;
        }
        long changedSeq = changedSeq(event);
        Change.MoreEvents more = events.computeIfAbsent(
                conversationId, id -> new Change.MoreEvents(id, new ArrayList<>(), new ArrayList<>()));
        more.entries().add(new Change.Entry(event.getSeq(), changedSeq, value));
        more.origins().add(record);
    }

    /** The seq of the message that the event edits, recalls, pins or reacts to; 0: none. */
    private static long changedSeq(ConversationEvent event) {
        if (event.hasReactionChanged()) {
            return earlier(event.getReactionChanged().getSeq(), event);
        }
        if (event.hasPinChanged()) {
            return earlier(event.getPinChanged().getSeq(), event);
        }
        OptionalLong changedSeq = EventFacts.of(event).changedSeq();
        return changedSeq.isPresent() ? earlier(changedSeq.getAsLong(), event) : 0;
    }

    private static long earlier(long messageSeq, ConversationEvent event) {
        if (messageSeq < 1 || messageSeq >= event.getSeq()) {
            throw new IllegalArgumentException(
                    "the event with seq " + event.getSeq() + " changes a message at " + messageSeq);
        }
        return messageSeq;
    }

    private void addUserEvent(SinkRecord record, UserEvent event) {
        String userId = named(event.getUserId(), "the event names no user");
        switch (event.getBodyCase()) {
            case VIEW_CHANGED -> addView(record, userId, event.getViewChanged());
            case BADGE_CHANGED -> addBadge(record, userId, event.getBadgeChanged());
            case SESSION_OPENED, SESSION_CLOSED, PRESENCE_CHANGED, BODY_NOT_SET -> {
                // Redis keeps no sessions
            }
        }
    }

    private void addView(SinkRecord record, String userId, ConversationView view) {
        String conversationId = named(view.getConversationId(), "the view names no conversation");
        views.computeIfAbsent(userId, id -> new LinkedHashMap<>())
                .merge(
                        conversationId,
                        new Change.View(conversationId, view.getVersion(), view.toByteArray(), deleted(view)),
                        (old, now) -> now.version() >= old.version() ? now : old);
        viewOrigins.computeIfAbsent(userId, id -> new ArrayList<>()).add(record);
    }

    private static byte[] deleted(ConversationView view) {
        return ConversationView.newBuilder()
                .addAllDeleted(view.getDeletedList())
                .build()
                .toByteArray();
    }

    private void addBadge(SinkRecord record, String userId, UserBadge badge) {
        badges.merge(userId, badge, (old, now) -> now.getVersion() >= old.getVersion() ? now : old);
        badgeOrigins.computeIfAbsent(userId, id -> new ArrayList<>()).add(record);
    }

    private void addProfile(SinkRecord record, byte[] value, UserProfile profile) {
        String userId = named(profile.getUserId(), "the profile names no user");
        Change.NewerProfile before = profiles.get(userId);
        List<SinkRecord> origins = before == null ? new ArrayList<>() : before.origins();
        origins.add(record);
        if (before == null || profile.getVersion() >= before.version()) {
            profiles.put(userId, new Change.NewerProfile(userId, profile.getVersion(), value, origins));
        }
    }

    private Change.MoreEvents newestOf(Change.MoreEvents more) {
        int size = more.entries().size();
        List<Change.Entry> newest = more.entries().subList(Math.max(0, size - recentEvents), size);
        return new Change.MoreEvents(more.conversationId(), newest, more.origins());
    }

    private static String named(String id, String otherwise) {
        if (id.isEmpty()) {
            throw new IllegalArgumentException(otherwise);
        }
        return id;
    }
}
