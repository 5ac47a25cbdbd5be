package dev.tidings.schemas.check;

import dev.tidings.schemas.text.BlankText;
import dev.tidings.v1.Content;
import dev.tidings.v1.Refusal;
import org.jspecify.annotations.Nullable;

/** Checks the content of a message: its size, that it is not empty, and the values in it. */
final class ContentCheck {

    static final int MAX_CONTENT_BYTES = 65_536;

    private ContentCheck() {}

    static @Nullable Refusal check(Content content) {
        int size = content.getSerializedSize();
        if (size > MAX_CONTENT_BYTES) {
            return Refusals.of(
                    Refusal.Reason.CONTENT_TOO_LARGE,
                    "content has " + size + " bytes; at most " + MAX_CONTENT_BYTES + " are allowed");
        }
        return isEmpty(content)
                ? Refusals.of(Refusal.Reason.CONTENT_EMPTY, "content must not be empty or blank")
                : checkValues(content);
    }

    private static @Nullable Refusal checkValues(Content content) {
        return switch (content.getBodyCase()) {
            case IMAGE -> MediaCheck.check(content.getImage());
            case AUDIO -> MediaCheck.check(content.getAudio());
            case VIDEO -> MediaCheck.check(content.getVideo());
            case FILE -> MediaCheck.checkMedia("file.media", content.getFile().getMedia());
            case LOCATION -> MediaCheck.check(content.getLocation());
            case CARD -> MediaCheck.check(content.getCard());
            case TEXT, CUSTOM, ENCRYPTED, BODY_NOT_SET -> null;
        };
    }

    private static boolean isEmpty(Content content) {
        return switch (content.getBodyCase()) {
            case TEXT -> BlankText.isBlank(content.getText().getBody());
            case IMAGE -> !content.getImage().hasMedia();
            case AUDIO -> !content.getAudio().hasMedia();
            case VIDEO -> !content.getVideo().hasMedia();
            case FILE -> !content.getFile().hasMedia();
            case LOCATION -> false;
            case CARD -> BlankText.isBlank(content.getCard().getTitle());
            case CUSTOM -> BlankText.isBlank(content.getCustom().getType());
            case ENCRYPTED -> content.getEncrypted().getPayload().isEmpty();
            case BODY_NOT_SET -> true;
        };
    }
}
