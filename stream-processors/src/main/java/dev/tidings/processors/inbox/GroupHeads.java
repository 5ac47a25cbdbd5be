package dev.tidings.processors.inbox;

import dev.tidings.state.v1.EditedPreview;
import dev.tidings.state.v1.GroupHeadRecord;
import dev.tidings.state.v1.RecalledMessage;
import dev.tidings.state.v1.ViewRecord;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.GroupView;
import dev.tidings.v1.MessageEdited;
import dev.tidings.v1.MessagePreview;
import dev.tidings.v1.MessageRecalled;
import java.util.ArrayList;
import java.util.List;

/**
 * What every member of a large group sees and is told to nobody by name: its profile, whether it is dissolved or muted, and
 * which messages were recalled or edited. Kept once for each partition; a member's view is joined with it when it is read.
 * Pure functions. Decision 28.
 */
final class GroupHeads {

    /** More recalled messages than these, and the oldest are forgotten. */
    static final int MAX_RECALLED = 1_024;

    /** More edited messages than these, and the oldest are forgotten. */
    static final int MAX_EDITED = 32;

    private GroupHeads() {}

    /**
     * The head after an event; the very same where the event has been taken up before or changes nothing that members share.
     *
     * @param version of what the event changes
     */
    static GroupHeadRecord apply(GroupHeadRecord head, ConversationEvent event, long version) {
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

    /** The newest version that a member's view can have by this head; 0: the head changes no view. */
    static long version(GroupHeadRecord head) {
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

    /** Whether the group is large from this event on: what was said before may stand in members' views. */
    static boolean becameLarge(ConversationEvent event) {
        return event.getMembersAdded().getBecameLarge()
                || event.getGroupCreated().getLarge();
    }

    /**
     * The view as the user sees it. What the user is not part of any more does not show, but for messages that were recalled
     * or edited. The version is that of the newest change that shows.
     */
    static ViewRecord joined(ViewRecord view, GroupHeadRecord head) {
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
            boolean counted = recalled.getMessageIndex() > Unread.countedIndex(view)
                    && recalled.getMessageIndex() <= view.getLastIndex();
            boolean last = recalled.getSeq() == view.getLastMessage().getSeq();
            if (counted || last) {
                MessageRecalled recall = MessageRecalled.newBuilder()
                        .setSeq(recalled.getSeq())
                        .setMessageIndex(recalled.getMessageIndex())
                        .setCountable(recalled.getMessageIndex() > 0)
                        .build();
                Unread.recall(view, recall);
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
