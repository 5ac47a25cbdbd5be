package dev.tidings.processors.inbox.view;

import dev.tidings.processors.store.StoreKey;
import dev.tidings.schemas.event.EventFacts;
import dev.tidings.state.v1.EditedPreview;
import dev.tidings.state.v1.GroupHeadRecord;
import dev.tidings.state.v1.RecalledMessage;
import dev.tidings.state.v1.SharedEventsRecord;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.GroupView;
import dev.tidings.v1.InboxRecord;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.MessageRecalled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the state that the members of a group share, once for each partition; a member's view is joined with it when it
 * is read. For a large group that is its profile, whether it is dissolved or muted, and its recalled and edited
 * messages; for another group what its events change for all ({@link SharedEvents}). Pure functions. See decisions 28 and 61.
 */
public final class GroupHeads {

    /** The largest number of recalled messages; beyond it, the oldest are dropped. */
    public static final int MAX_RECALLED = 1_024;

    /** The largest number of edited messages; beyond it, the oldest are dropped. */
    public static final int MAX_EDITED = 32;

    private GroupHeads() {}

    /**
     * Returns the head of a large group after an event, or the same instance if the event has been applied before or
     * changes no shared state.
     *
     * @param version given to the changed state
     */
    public static GroupHeadRecord apply(GroupHeadRecord head, ConversationEvent event, long version) {
        if (event.getSeq() <= head.getLastSeq()) {
            return head;
        }
        GroupHeadRecord.Builder next = head.toBuilder().setLastSeq(event.getSeq());
        if (event.hasGroupUpdated()) {
            next.setProfile(event.getGroupUpdated().getProfile())
                    .setProfileSeq(event.getSeq())
                    .setProfileVersion(version);
        } else if (event.hasGroupDissolved()) {
            next.setDissolvedVersion(version);
        } else if (event.hasAllMuted()) {
            next.setAllMuted(event.getAllMuted().getMuted())
                    .setAllMutedSeq(event.getSeq())
                    .setAllMutedVersion(version);
        } else if (event.hasMessageRecalled()) {
            recalled(next, event.getMessageRecalled(), version);
        } else if (event.hasMessageEdited()) {
            edited(next, event.getMessageEdited(), version);
        } else if (becameLarge(event)) {
            next.setLargeSeq(event.getSeq());
        } else {
            return head;
        }
        return next.build();
    }

    /** Returns the newest version that the head can give to a member's view; 0 if it changes no view. */
    public static long version(GroupHeadRecord head) {
        long version =
                Math.max(head.getProfileVersion(), Math.max(head.getAllMutedVersion(), head.getDissolvedVersion()));
        for (RecalledMessage recalled : head.getRecalledList()) {
            version = Math.max(version, recalled.getVersion());
        }
        for (EditedPreview edited : head.getEditedList()) {
            version = Math.max(version, edited.getVersion());
        }
        return version;
    }

    /** Returns true if the group becomes large with this event; earlier messages may be in members' views. */
    public static boolean becameLarge(ConversationEvent event) {
        return event.getMembersAdded().getBecameLarge()
                || event.getGroupCreated().getLarge();
    }

    /**
     * Returns the head with a further shared event of a group that is not large, or the same instance if it was applied
     * before.
     */
    public static GroupHeadRecord share(GroupHeadRecord head, ConversationEvent event, long version) {
        SharedEventsRecord shared = SharedEvents.apply(head.getShared(), event, version);
        return shared == head.getShared()
                ? head
                : head.toBuilder().setShared(shared).build();
    }

    /**
     * Returns true if the head may have words that the event recalls or replaces: then it is written, even if the event is
     * written to all views.
     */
    public static boolean mayHaveWordsChangedBy(ConversationEvent event, GroupHeadRecord head) {
        return head.hasShared() && EventFacts.of(event).changedSeq().isPresent();
    }

    /**
     * Returns the head after an event is written to the views of all recipients: without the shared events before it, if
     * they {@linkplain SharedEvents#ends end} with it; otherwise the same instance.
     */
    public static GroupHeadRecord withoutEnded(GroupHeadRecord head, InboxRecord inbox) {
        return head.hasShared() && SharedEvents.ends(head.getShared(), inbox)
                ? head.toBuilder().clearShared().build()
                : head;
    }

    /** Returns the key of the record that has the profile of a group that is not large. */
    public static String profileKey(String conversationId) {
        return StoreKey.of(conversationId, "profile");
    }

    /** Returns true if the profile of the group is in the record with {@link #profileKey}. */
    private static boolean hasOwnProfileRecord(GroupHeadRecord head) {
        return head.getShared().getProfileSeq() > 0;
    }

    /** Returns the record of the profile; the default instance if the head has none. */
    public static GroupHeadRecord profileRecord(GroupHeadRecord head) {
        return hasOwnProfileRecord(head)
                ? GroupHeadRecord.newBuilder()
                        .setShared(SharedEventsRecord.newBuilder()
                                .setProfile(head.getShared().getProfile()))
                        .build()
                : GroupHeadRecord.getDefaultInstance();
    }

    /**
     * Returns the head of a group from its records: that of the conversation, and that of the profile if it has one.
     *
     * @param records returns a record by its key, and null if there is none
     */
    public static GroupHeadRecord of(String conversationId, Function<String, @Nullable GroupHeadRecord> records) {
        GroupHeadRecord head = records.apply(conversationId);
        if (head == null || !hasOwnProfileRecord(head)) {
            return head == null ? GroupHeadRecord.getDefaultInstance() : head;
        }
        GroupHeadRecord profile = records.apply(profileKey(conversationId));
        GroupHeadRecord.Builder next = head.toBuilder();
        if (profile != null) {
            next.getSharedBuilder().setProfile(profile.getShared().getProfile());
        }
        return next.build();
    }

    /** Returns the head without the profile, which has a record of its own. */
    public static GroupHeadRecord withoutProfile(GroupHeadRecord head) {
        if (!head.getShared().hasProfile()) {
            return head;
        }
        GroupHeadRecord.Builder next = head.toBuilder();
        next.getSharedBuilder().clearProfile();
        return next.build();
    }

    /** Returns true if the view must be joined with the head of its group. */
    public static boolean isJoined(ViewRecord view) {
        return view.getLarge() || SharedEvents.isJoined(view);
    }

    /**
     * Returns the view as the user sees it. For a former member of a large group, only recalls and edits show. The
     * version is that of the newest visible change.
     */
    public static ViewRecord joined(ViewRecord view, GroupHeadRecord head) {
        return view.getLarge() ? joinedLarge(view, head) : SharedEvents.joined(view, head.getShared());
    }

    private static ViewRecord joinedLarge(ViewRecord view, GroupHeadRecord head) {
        if (head.getLastSeq() == 0 || !view.hasGroup()) {
            return view;
        }
        ViewRecord.Builder next = view.toBuilder();
        long version = Math.max(
                Membership.isMember(view) ? joinGroup(next, head) : 0,
                Math.max(joinRecalled(next, head), joinEdited(next, head)));
        return version == 0
                ? view
                : next.setVersion(Math.max(view.getVersion(), version)).build();
    }

    private static long joinGroup(ViewRecord.Builder view, GroupHeadRecord head) {
        GroupView.Builder group = view.getGroupBuilder();
        long version = 0;
        if (head.getProfileSeq() > group.getJoinedSeq()) {
            group.setProfile(head.getProfile());
            version = head.getProfileVersion();
        }
        if (head.getAllMutedSeq() > group.getJoinedSeq()) {
            group.setAllMuted(head.getAllMuted());
            version = Math.max(version, head.getAllMutedVersion());
        }
        if (head.getDissolvedVersion() > 0) {
            group.setDissolved(true);
            version = Math.max(version, head.getDissolvedVersion());
        }
        return version;
    }

    private static long joinRecalled(ViewRecord.Builder view, GroupHeadRecord head) {
        long version = 0;
        for (RecalledMessage recalled : head.getRecalledList()) {
            boolean counted = recalled.getMessageIndex() > UnreadCounts.countedIndex(view)
                    && recalled.getMessageIndex() <= view.getLastIndex();
            boolean last = recalled.getSeq() == view.getLastMessage().getSeq();
            if (counted || last) {
                MessageRecalled recall = MessageRecalled.newBuilder()
                        .setSeq(recalled.getSeq())
                        .setMessageIndex(recalled.getMessageIndex())
                        .setCountable(recalled.getMessageIndex() > 0)
                        .build();
                UnreadCounts.recall(view, recall);
                preview(view, ConversationEvent.newBuilder().setMessageRecalled(recall));
                version = Math.max(version, recalled.getVersion());
            }
        }
        return version;
    }

    private static long joinEdited(ViewRecord.Builder view, GroupHeadRecord head) {
        MessagePreview last = view.getLastMessage();
        if (last.getRecalled()) {
            return 0;
        }
        for (EditedPreview edited : head.getEditedList()) {
            if (edited.getSeq() == last.getSeq()) {
                view.setLastMessage(last.toBuilder().setText(edited.getText()));
                return edited.getVersion();
            }
        }
        return 0;
    }

    private static void preview(ViewRecord.Builder view, ConversationEvent.Builder event) {
        if (view.hasLastMessage()) {
            view.setLastMessage(Previews.after(view.getLastMessage(), event.build()));
        }
    }

    private static void recalled(GroupHeadRecord.Builder head, MessageRecalled recall, long version) {
        RecalledMessage recalled = RecalledMessage.newBuilder()
                .setSeq(recall.getSeq())
                .setMessageIndex(recall.getCountable() ? recall.getMessageIndex() : 0)
                .setVersion(version)
                .build();
        List<RecalledMessage> all = new ArrayList<>(head.getRecalledList());
        all.removeIf(other -> other.getSeq() == recall.getSeq());
        all.add(placeOf(all.stream().map(RecalledMessage::getSeq).toList(), recall.getSeq()), recalled);
        head.clearRecalled().addAllRecalled(newest(all, MAX_RECALLED));
    }

    private static void edited(GroupHeadRecord.Builder head, MessageEdited edit, long version) {
        if (edit.getSeq() >= head.getLargeSeq()) {
            return;
        }
        EditedPreview edited = EditedPreview.newBuilder()
                .setSeq(edit.getSeq())
                .setText(Previews.text(edit.getContent()))
                .setVersion(version)
                .build();
        List<EditedPreview> all = new ArrayList<>(head.getEditedList());
        all.removeIf(other -> other.getSeq() == edit.getSeq());
        all.add(placeOf(all.stream().map(EditedPreview::getSeq).toList(), edit.getSeq()), edited);
        head.clearEdited().addAllEdited(newest(all, MAX_EDITED));
    }

    private static int placeOf(List<Long> ascending, long seq) {
        int place = ascending.size();
        while (place > 0 && ascending.get(place - 1) > seq) {
            place--;
        }
        return place;
    }

    private static <T> List<T> newest(List<T> ascending, int count) {
        return ascending.size() <= count ? ascending : ascending.subList(ascending.size() - count, ascending.size());
    }
}
