package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.Decision.Happened;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.rules.Inspection;
import dev.tidings.v1.Content;
import dev.tidings.v1.ConversationEvent;
import dev.tidings.v1.Finding;
import dev.tidings.v1.GroupProfile;
import dev.tidings.v1.ModerationCase;
import dev.tidings.v1.TextContent;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Applies the rules of moderation to the texts of one command that are no messages: names, descriptions, notes, remarks,
 * reactions. What an operator writes passes as it is, as in messages.
 */
final class ModeratedTexts {

    private final Asked asked;
    private final List<Finding> findings = new ArrayList<>();
    private final StringJoiner flagged = new StringJoiner("\n");
    private @Nullable Refused refused;

    ModeratedTexts(Asked asked) {
        this.asked = asked;
    }

    /** @return the text as it may be shown, masked where the rules say so */
    String text(String text) {
        if (asked.asSystem() || text.isEmpty()) {
            return text;
        }
        Inspection inspection = Inspection.of(asked.rules(), content(text));
        if (inspection.refusal() != null && refused == null) {
            refused = new Refused(inspection.refusal());
        }
        if (inspection.flagged()) {
            flagged.add(text);
            findings.addAll(inspection.findings());
        }
        return inspection.content().getText().getBody();
    }

    GroupProfile profile(GroupProfile profile) {
        return profile.toBuilder()
                .setName(text(profile.getName()))
                .setDescription(text(profile.getDescription()))
                .setAnnouncement(text(profile.getAnnouncement()))
                .build();
    }

    /** Why one of the texts may not be shown, or null. */
    @Nullable
    Refused refused() {
        return refused;
    }

    /** With a case for a person to look at, where there is something to. Only of events in the sequence: cases are found by seq. */
    Happened happened(ConversationEvent.Builder builder) {
        ConversationEvent event = builder.build();
        if (findings.isEmpty() || event.getSeq() == 0) {
            return new Happened(event);
        }
        return new Happened(
                event,
                ModerationCase.newBuilder()
                        .setConversationId(asked.command().getConversationId())
                        .setSeq(event.getSeq())
                        .setSender(asked.actor())
                        .setContent(content(flagged.toString()))
                        .addAllFindings(findings)
                        .setAt(asked.time())
                        .build());
    }

    private static Content content(String text) {
        return Content.newBuilder()
                .setText(TextContent.newBuilder().setBody(text))
                .build();
    }
}
