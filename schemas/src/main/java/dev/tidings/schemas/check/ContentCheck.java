package dev.tidings.schemas.check;

import static dev.tidings.schemas.check.CommandCheck.refusal;

import dev.tidings.v1.Content;
import dev.tidings.v1.Refusal;
import org.jspecify.annotations.Nullable;

/** What can be said against a content wherever it is said. */
final class ContentCheck {

    static final int MAX_CONTENT_BYTES = 65_536;

    private ContentCheck() {}

    static @Nullable Refusal check(Content content) {
        int size = content.getSerializedSize();
        if (size > MAX_CONTENT_BYTES) {
            return refusal(
                    Refusal.Reason.CONTENT_TOO_LARGE,
                    "content must be at most " + MAX_CONTENT_BYTES + " bytes; it is " + size);
        }
        return isEmpty(content) ? refusal(Refusal.Reason.CONTENT_EMPTY, "content must not be empty or blank") : null;
    }

    private static boolean isEmpty(Content content) {
        return switch (content.getBodyCase()) {
            case TEXT -> content.getText().getBody().isBlank();
            case IMAGE -> !content.getImage().hasMedia();
            case AUDIO -> !content.getAudio().hasMedia();
            case VIDEO -> !content.getVideo().hasMedia();
            case FILE -> !content.getFile().hasMedia();
            case LOCATION -> false;
            case CARD -> content.getCard().getTitle().isBlank();
            case CUSTOM -> content.getCustom().getType().isBlank();
            case ENCRYPTED -> content.getEncrypted().getPayload().isEmpty();
            case BODY_NOT_SET -> true;
        };
    }
}
