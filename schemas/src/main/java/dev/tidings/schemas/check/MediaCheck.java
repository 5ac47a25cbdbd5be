package dev.tidings.schemas.check;

import static dev.tidings.schemas.check.Refusals.checkNotNegative;
import static dev.tidings.schemas.check.Refusals.checkRange;
import static dev.tidings.schemas.check.Refusals.first;
import static dev.tidings.schemas.check.Refusals.invalid;
import static dev.tidings.schemas.check.Refusals.quoted;

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

/** Checks URLs, media types, sizes and coordinates. The operator's media policy is separate: see {@link RulesCheck}. */
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
                checkRange("widthPixels", image.getWidthPixels(), 0, MAX_PIXELS),
                checkRange("heightPixels", image.getHeightPixels(), 0, MAX_PIXELS));
    }

    static @Nullable Refusal check(AudioContent audio) {
        return first(
                checkMedia("audio.media", audio.getMedia()),
                checkRange("durationMillis", audio.getDurationMillis(), 0, MAX_DURATION_MILLIS));
    }

    static @Nullable Refusal check(VideoContent video) {
        return first(
                checkMedia("video.media", video.getMedia()),
                video.hasThumbnail() ? checkMedia("video.thumbnail", video.getThumbnail()) : null,
                checkRange("durationMillis", video.getDurationMillis(), 0, MAX_DURATION_MILLIS),
                checkRange("widthPixels", video.getWidthPixels(), 0, MAX_PIXELS),
                checkRange("heightPixels", video.getHeightPixels(), 0, MAX_PIXELS));
    }

    static @Nullable Refusal check(LocationContent location) {
        return first(
                checkDegrees("latitude", location.getLatitude(), 90),
                checkDegrees("longitude", location.getLongitude(), 180));
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
                        : invalid(field + ".mimeType is " + quoted(media.getMimeType())
                                + "; a media type such as image/jpeg is allowed"),
                checkNotNegative(field + ".sizeBytes", media.getSizeBytes()),
                media.getSha256().isEmpty() || media.getSha256().size() == SHA256_BYTES
                        ? null
                        : invalid(field + ".sha256 has " + media.getSha256().size() + " bytes; 32 or 0 are allowed"));
    }

    static @Nullable Refusal checkOptionalUrl(String field, String url) {
        return url.isEmpty() ? null : checkUrl(field, url);
    }

    private static @Nullable Refusal checkUrl(String field, String url) {
        return first(
                Refusals.checkLength(field, url, MAX_URL_BYTES),
                isWebAddress(url)
                        ? null
                        : invalid(field + " is " + quoted(url)
                                + "; an absolute http or https URL without user and password is allowed"));
    }

    /** A user and a password in a URL can disguise its host. */
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

    private static @Nullable Refusal checkDegrees(String field, double value, int max) {
        return value >= -max && value <= max // false for NaN
                ? null
                : invalid(field + " is " + value + "; -" + max + " to " + max + " degrees is allowed");
    }
}
