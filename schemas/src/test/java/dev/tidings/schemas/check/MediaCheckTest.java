package dev.tidings.schemas.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.tidings.v1.AudioContent;
import dev.tidings.v1.CardContent;
import dev.tidings.v1.Content;
import dev.tidings.v1.FileContent;
import dev.tidings.v1.ImageContent;
import dev.tidings.v1.LocationContent;
import dev.tidings.v1.MediaReference;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.VideoContent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaCheckTest {

    private static final MediaReference MEDIA = MediaReference.newBuilder()
            .setUrl("https://media.example/1")
            .setMimeType("image/png")
            .setSizeBytes(1)
            .build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://media.example/1",
                "http://127.0.0.1:9000/bucket/a%20b?x=1#y",
                "HTTPS://bücher.example/ä",
                "https://[::1]/x"
            })
    void media_urls_are_absolute_web_addresses(String url) {
        assertNull(check(image(MEDIA.toBuilder().setUrl(url))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "javascript:alert(1)",
                "data:image/png;base64,AA==",
                "file:///etc/passwd",
                "ftp://media.example/1",
                "//media.example/1",
                "/1.png",
                "media.example/1",
                "https:/1",
                "https:///1",
                "https://user:secret@media.example/1",
                "https://media.example/a b",
                "https://media.example/\u0000"
            })
    void other_media_urls_are_refused(String url) {
        assertInvalid("image.media.url", image(MEDIA.toBuilder().setUrl(url)));
        assertInvalid(
                "image.thumbnail.url",
                Content.newBuilder()
                        .setImage(ImageContent.newBuilder()
                                .setMedia(MEDIA)
                                .setThumbnail(MEDIA.toBuilder().setUrl(url)))
                        .build());
        assertInvalid(
                "file.media.url",
                Content.newBuilder()
                        .setFile(FileContent.newBuilder()
                                .setMedia(MEDIA.toBuilder().setUrl(url)))
                        .build());
    }

    @Test
    void a_url_has_at_most_2048_bytes() {
        String url = "https://media.example/";
        String longest = url + "x".repeat(2_048 - url.length());
        assertNull(check(image(MEDIA.toBuilder().setUrl(longest))));
        assertInvalid("image.media.url", image(MEDIA.toBuilder().setUrl(longest + "x")));
    }

    @Test
    void a_card_has_no_url_or_a_valid_one() {
        assertNull(check(card("", "")));
        assertNull(check(card("https://a.example", "https://a.example/b.png")));
        assertInvalid("card.url", card("javascript:alert(1)", ""));
        assertInvalid("card.imageUrl", card("https://a.example", "data:image/png,x"));
    }

    @Test
    void a_media_type_is_a_type_and_a_subtype() {
        for (String type : List.of("", "image/png", "application/vnd.ms-excel", "IMAGE/svg+xml")) {
            assertNull(check(image(MEDIA.toBuilder().setMimeType(type))), type);
        }
        for (String type :
                List.of("png", "image/", "/png", "image/png; a=b", "image/*", "im age/png", "x".repeat(65) + "/y")) {
            assertInvalid("image.media.mimeType", image(MEDIA.toBuilder().setMimeType(type)));
        }
    }

    @Test
    void sizes_are_not_negative_and_hashes_are_whole() {
        assertNull(check(image(MEDIA.toBuilder().setSizeBytes(0).setSha256(ByteString.copyFrom(new byte[32])))));
        assertInvalid("sizeBytes", image(MEDIA.toBuilder().setSizeBytes(-1)));
        assertInvalid("sha256", image(MEDIA.toBuilder().setSha256(ByteString.copyFrom(new byte[31]))));
    }

    @Test
    void pixels_and_durations_are_in_range() {
        assertNull(check(video(0, 0, 0)));
        assertNull(check(video(86_400_000, 100_000, 100_000)));
        assertInvalid("durationMillis", video(86_400_001, 1, 1));
        assertInvalid("durationMillis", video(-1, 1, 1));
        assertInvalid("widthPixels", video(1, 100_001, 1));
        assertInvalid("heightPixels", video(1, 1, -1));
        assertInvalid(
                "durationMillis",
                Content.newBuilder()
                        .setAudio(AudioContent.newBuilder().setMedia(MEDIA).setDurationMillis(-1))
                        .build());
    }

    @Test
    void coordinates_are_in_range() {
        assertNull(check(location(-90, 180)));
        assertNull(check(location(0, 0)));
        assertInvalid("latitude", location(90.1, 0));
        assertInvalid("latitude", location(999, 0));
        assertInvalid("longitude", location(0, -180.1));
        assertInvalid("latitude", location(Double.NaN, 0));
        assertInvalid("longitude", location(0, Double.POSITIVE_INFINITY));
    }

    private static @Nullable Refusal check(Content content) {
        return ContentCheck.check(content);
    }

    private static void assertInvalid(String field, Content content) {
        Refusal refusal = check(content);
        assertNotNull(refusal, content.toString());
        assertEquals(Refusal.Reason.INVALID_ARGUMENT, refusal.getReason());
        assertTrue(refusal.getMessage().contains(field), refusal.getMessage());
    }

    private static Content image(MediaReference.Builder media) {
        return Content.newBuilder()
                .setImage(ImageContent.newBuilder().setMedia(media))
                .build();
    }

    private static Content card(String url, String imageUrl) {
        return Content.newBuilder()
                .setCard(CardContent.newBuilder().setTitle("a card").setUrl(url).setImageUrl(imageUrl))
                .build();
    }

    private static Content video(int millis, int width, int height) {
        return Content.newBuilder()
                .setVideo(VideoContent.newBuilder()
                        .setMedia(MEDIA)
                        .setDurationMillis(millis)
                        .setWidthPixels(width)
                        .setHeightPixels(height))
                .build();
    }

    private static Content location(double latitude, double longitude) {
        return Content.newBuilder()
                .setLocation(LocationContent.newBuilder().setLatitude(latitude).setLongitude(longitude))
                .build();
    }
}
