package dev.tidings.processors.conversation;

import dev.tidings.processors.conversation.Decision.Accepted;
import dev.tidings.processors.conversation.Decision.Refused;
import dev.tidings.processors.rules.Inspection;
import dev.tidings.schemas.event.EventFacts;
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
 * Moderates the texts of one command other than messages: names, descriptions, notes, remarks, reactions. Texts of the operator
 * are not moderated.
 */
final class ModeratedTexts {

    private final CommandContext context;
    private final List<Finding> findings = new ArrayList<>();
    private final StringJoiner flagged = new StringJoiner("\n");
    private @Nullable Refused refused;

    ModeratedTexts(CommandContext context) {
        this.context = context;
    }

    /** Returns the text with words masked as the rules demand. A text that is refused sets {@link #refused}. */
    String text(String text) {
        if (context.asSystem() || text.isEmpty()) {
            return text;
        }
        Inspection inspection = Inspection.of(context.rules(), content(text));
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

    /** The refusal of the first text that the rules do not allow; null if all texts are allowed. */
    @Nullable
    Refused refused() {
        return refused;
    }

    /**
     * Accepts an event, with a case for moderators if a text was flagged. Events outside the sequence get no case: cases are
     * found by seq.
     */
    Accepted accepted(ConversationEvent.Builder builder) {
        ConversationEvent event = builder.build();
        if (findings.isEmpty() || !EventFacts.isSequenced(event)) {
            return new Accepted(event);
        }
        return new Accepted(
                event,
                ModerationCase.newBuilder()
                        .setConversationId(context.command().getConversationId())
                        .setSeq(event.getSeq())
                        .setSender(context.actor())
                        .setContent(content(flagged.toString()))
                        .addAllFindings(findings)
                        .setAt(context.time())
                        .build());
    }

    private static Content content(String text) {
        return Content.newBuilder()
                .setText(TextContent.newBuilder().setBody(text))
                .build();
    }
}
