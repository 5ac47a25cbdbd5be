package dev.tidings.processors.inbox;

import dev.tidings.processors.parts.StateStore;
import dev.tidings.processors.parts.StoreKey;
import dev.tidings.schemas.serde.ProtoSerde;
import dev.tidings.state.v1.UserRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationView;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** Users and their views as they stand in the topology's state stores. */
final class InboxStores {

    private static final StateStore<String, UserRecord> USERS =
            new StateStore<>("users", Serdes.String(), ProtoSerde.of(UserRecord.parser()));
    private static final StateStore<String, ViewRecord> VIEWS =
            new StateStore<>("views", Serdes.String(), ProtoSerde.of(ViewRecord.parser()));

    static final List<StateStore<?, ?>> ALL = List.of(USERS, VIEWS);

    private final KeyValueStore<String, UserRecord> users;
    private final KeyValueStore<String, ViewRecord> views;

    InboxStores(ProcessorContext<?, ?> context) {
        this.users = USERS.in(context);
        this.views = VIEWS.in(context);
    }

    /** All zero for a user never heard of. */
    UserRecord user(String userId) {
        UserRecord stored = users.get(userId);
        return stored == null ? UserRecord.getDefaultInstance() : stored;
    }

    void putUser(String userId, UserRecord user) {
        users.put(userId, user);
    }

    /** All zero for a conversation the user has not heard of. */
    ViewRecord view(String userId, String conversationId) {
        ViewRecord stored = views.get(StoreKey.of(userId, conversationId));
        return stored == null ? ViewRecord.getDefaultInstance() : stored;
    }

    void putView(String userId, String conversationId, ViewRecord view) {
        views.put(StoreKey.of(userId, conversationId), view);
    }

    /** The user's views that changed after this version, in the order of conversation ids. */
    List<ConversationView> viewsSince(String userId, long version) {
        List<ConversationView> found = new ArrayList<>();
        try (KeyValueIterator<String, ViewRecord> all =
                views.range(StoreKey.firstOf(userId), StoreKey.lastOf(userId))) {
            all.forEachRemaining(entry -> {
                if (entry.value.getVersion() > version) {
                    found.add(InboxDecider.shown(StoreKey.second(entry.key), entry.value));
                }
            });
        }
        return found;
    }
}
