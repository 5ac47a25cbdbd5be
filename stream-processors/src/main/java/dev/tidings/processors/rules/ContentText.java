package dev.tidings.processors.rules;

import dev.tidings.processors.moderation.ContentHash;
import dev.tidings.schemas.text.BlankText;
import dev.tidings.schemas.text.Graphemes;
import dev.tidings.v1.CardContent;
import dev.tidings.v1.Content;
import dev.tidings.v1.FileContent;
import dev.tidings.v1.ImageContent;
import dev.tidings.v1.LocationContent;
import dev.tidings.v1.MediaReference;
import dev.tidings.v1.VideoContent;
import java.util.List;
import java.util.function.UnaryOperator;

/** The readable texts of a content, and its media. Encrypted and custom content has none. */
public final class ContentText {

    private ContentText() {}

    /** A copy of the content with each readable text replaced. */
    static Content mapped(Content content, UnaryOperator<String> text) {
        return switch (content.getBodyCase()) {
            case TEXT ->
                content.toBuilder()
                        .setText(content.getText().toBuilder()
                                .setBody(text.apply(content.getText().getBody())))
                        .build();
            case IMAGE -> {
                ImageContent image = content.getImage();
                yield content.toBuilder()
                        .setImage(image.toBuilder().setCaption(text.apply(image.getCaption())))
                        .build();
            }
            case VIDEO -> {
                VideoContent video = content.getVideo();
                yield content.toBuilder()
                        .setVideo(video.toBuilder().setCaption(text.apply(video.getCaption())))
                        .build();
            }
            case FILE -> {
                FileContent file = content.getFile();
                yield content.toBuilder()
                        .setFile(file.toBuilder().setFileName(text.apply(file.getFileName())))
                        .build();
            }
            case LOCATION -> {
                LocationContent location = content.getLocation();
                yield content.toBuilder()
                        .setLocation(location.toBuilder()
                                .setName(text.apply(location.getName()))
                                .setAddress(text.apply(location.getAddress())))
                        .build();
            }
            case CARD -> {
                CardContent card = content.getCard();
                yield content.toBuilder()
                        .setCard(card.toBuilder()
                                .setTitle(text.apply(card.getTitle()))
                                .setDescription(text.apply(card.getDescription())))
                        .build();
            }
            case AUDIO, CUSTOM, ENCRYPTED, BODY_NOT_SET -> content;
        };
    }

    /** The readable texts, in a fixed order. */
    static List<String> texts(Content content) {
        return switch (content.getBodyCase()) {
            case TEXT -> List.of(content.getText().getBody());
            case IMAGE -> List.of(content.getImage().getCaption());
            case VIDEO -> List.of(content.getVideo().getCaption());
            case FILE -> List.of(content.getFile().getFileName());
            case LOCATION ->
                List.of(content.getLocation().getName(), content.getLocation().getAddress());
            case CARD ->
                List.of(
                        content.getCard().getTitle(),
                        content.getCard().getDescription(),
                        content.getCard().getUrl());
            case AUDIO, CUSTOM, ENCRYPTED, BODY_NOT_SET -> List.of();
        };
    }

    static List<MediaReference> media(Content content) {
        return switch (content.getBodyCase()) {
            case IMAGE -> both(content.getImage().getMedia(), content.getImage().getThumbnail());
            case AUDIO -> List.of(content.getAudio().getMedia());
            case VIDEO -> both(content.getVideo().getMedia(), content.getVideo().getThumbnail());
            case FILE -> List.of(content.getFile().getMedia());
            case TEXT, LOCATION, CARD, CUSTOM, ENCRYPTED, BODY_NOT_SET -> List.of();
        };
    }

    private static List<MediaReference> both(MediaReference media, MediaReference thumbnail) {
        return thumbnail.equals(MediaReference.getDefaultInstance()) ? List.of(media) : List.of(media, thumbnail);
    }

    /**
     * The beginning of the first text that is not blank, for quotes in replies.
     *
     * @return empty if there is none
     */
    public static String excerpt(Content content, int maxBytes) {
        for (String text : texts(content)) {
            if (!BlankText.isBlank(text)) {
                return Graphemes.firstBytes(text, maxBytes);
            }
        }
        return "";
    }

    /** Equal for contents with equal texts ({@link ContentHash}) and media URLs. */
    public static long hash(Content content) {
        StringBuilder text = new StringBuilder(content.getBodyCase().name());
        texts(content).forEach(part -> text.append('\n').append(part));
        media(content).forEach(medium -> text.append('\n').append(medium.getUrl()));
        return ContentHash.of(text.toString());
    }
}
