package dev.tidings.schemas.check;

import static dev.tidings.schemas.check.CommandCheck.abbreviated;
import static dev.tidings.schemas.check.CommandCheck.first;
import static dev.tidings.schemas.check.CommandCheck.invalid;
import static dev.tidings.schemas.check.CommandCheck.isAtMost;

import dev.tidings.v1.AudioContent;
import dev.tidings.v1.CardContent;
import dev.tidings.v1.ImageContent;
import dev.tidings.v1.LocationContent;
import dev.tidings.v1.MediaReference;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.VideoContent;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What can be said against URLs, media types, sizes and places, whatever the policy of media is. */
final class MediaCheck {

    static final int MAX_URL_BYTES = 2_048;
    static final int MAX_PIXELS = 100_000;
    static final int MAX_DURATION_MILLIS = 24 * 60 * 60 * 1000;

    private static final int SHA256_BYTES = 32;
    private static final Pattern MIME_TYPE = Pattern.compile("[A-Za-z0-9!#$&^_.+-]{1,64}/[A-Za-z0-9!#$&^_.+-]{1,64}");

    private MediaCheck() {}

    static @Nullable Refusal check(ImageContent image) {
        return first(
                checkMedia("image.media", image.getMedia()),
                image.hasThumbnail() ? checkMedia("image.thumbnail", image.getThumbnail()) : null,
                range("widthPixels", image.getWidthPixels(), MAX_PIXELS),
                range("heightPixels", image.getHeightPixels(), MAX_PIXELS));
    }

    static @Nullable Refusal check(AudioContent audio) {
        return first(
                checkMedia("audio.media", audio.getMedia()),
                range("durationMillis", audio.getDurationMillis(), MAX_DURATION_MILLIS));
    }

    static @Nullable Refusal check(VideoContent video) {
        return first(
                checkMedia("video.media", video.getMedia()),
                video.hasThumbnail() ? checkMedia("video.thumbnail", video.getThumbnail()) : null,
                range("durationMillis", video.getDurationMillis(), MAX_DURATION_MILLIS),
                range("widthPixels", video.getWidthPixels(), MAX_PIXELS),
                range("heightPixels", video.getHeightPixels(), MAX_PIXELS));
    }

    static @Nullable Refusal check(LocationContent location) {
        return first(
                degrees("latitude", location.getLatitude(), 90), degrees("longitude", location.getLongitude(), 180));
    }

    static @Nullable Refusal check(CardContent card) {
        return first(
                checkOptionalUrl("card.url", card.getUrl()), checkOptionalUrl("card.imageUrl", card.getImageUrl()));
    }

    static @Nullable Refusal checkMedia(String field, MediaReference media) {
        boolean knownType = media.getMimeType().isEmpty()
                || MIME_TYPE.matcher(media.getMimeType()).matches();
        return first(
                checkUrl(field + ".url", media.getUrl()),
                knownType
                        ? null
                        : invalid(field + ".mimeType must be such as image/jpeg; it is \""
                                + abbreviated(media.getMimeType()) + '"'),
                media.getSizeBytes() >= 0
                        ? null
                        : invalid(field + ".sizeBytes must not be negative; it is " + media.getSizeBytes()),
                media.getSha256().isEmpty() || media.getSha256().size() == SHA256_BYTES
                        ? null
                        : invalid(
                                field + ".sha256 has " + media.getSha256().size() + " bytes; 32 or none are allowed"));
    }

    static @Nullable Refusal checkOptionalUrl(String field, String url) {
        return url.isEmpty() ? null : checkUrl(field, url);
    }

    private static @Nullable Refusal checkUrl(String field, String url) {
        return isAtMost(url, MAX_URL_BYTES) && isWebAddress(url)
                ? null
                : invalid(field + " must be an absolute http or https URL of at most " + MAX_URL_BYTES
                        + " bytes; it is \"" + abbreviated(url) + '"');
    }

    /** Without user and password: they hide which host it is. */
    private static boolean isWebAddress(String url) {
        try {
            URI uri = new URI(url);
            String authority = uri.getRawAuthority();
            return ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()))
                    && authority != null
                    && !authority.isEmpty()
                    && authority.indexOf('@') < 0;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static @Nullable Refusal range(String field, int value, int most) {
        return value >= 0 && value <= most ? null : invalid(field + " must be 0 to " + most + "; it is " + value);
    }

    private static @Nullable Refusal degrees(String field, double value, int most) {
        return value >= -most && value <= most // no number is in no range
                ? null
                : invalid(field + " must be -" + most + " to " + most + " degrees; it is " + value);
    }
}
