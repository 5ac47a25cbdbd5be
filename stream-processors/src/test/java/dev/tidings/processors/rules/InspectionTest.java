package dev.tidings.processors.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tidings.processors.TestRecords;
import dev.tidings.v1.Content;
import dev.tidings.v1.Finding;
import dev.tidings.v1.ImageContent;
import dev.tidings.v1.LinkPolicy;
import dev.tidings.v1.MediaPolicy;
import dev.tidings.v1.MediaReference;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.Policy;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InspectionTest {

    @Test
    void an_allowed_host_includes_its_subdomains_only() {
        Rules rules = allowing("example.com", "b.example.org");

        assertNull(refusing(rules, "https://example.com https://www.example.com https://a.b.example.org"));
        assertNotNull(refusing(rules, "https://badexample.com"));
        assertNotNull(refusing(rules, "https://example.org"));
        assertNotNull(refusing(rules, "https://com"));
    }

    @Test
    void of_thousands_of_links_the_first_100_are_named() {
        String text = IntStream.range(0, 3_000)
                .mapToObj(i -> "http://h" + i + ".example")
                .collect(Collectors.joining(" "));
        Rules rules = allowing(IntStream.range(0, 1_000)
                .mapToObj(i -> "allowed" + i + ".example")
                .toArray(String[]::new));

        List<Finding> findings = Inspection.of(rules, TestRecords.text(text)).findings();

        assertEquals(Inspection.MAX_FINDINGS, findings.size());
        assertEquals("h0.example", findings.getFirst().getMatch());
    }

    @Test
    void a_refusing_finding_beyond_the_maximum_still_refuses() {
        Rules rules = FixedRules.of(Policy.newBuilder()
                .setLinks(LinkPolicy.newBuilder().setAction(ModerationAction.FLAG))
                .setMedia(MediaPolicy.newBuilder()
                        .setAction(ModerationAction.REFUSE)
                        .setMaxBytes(100)));
        String links = IntStream.range(0, 200)
                .mapToObj(i -> "http://h" + i + ".example")
                .collect(Collectors.joining(" "));

        Inspection inspection = Inspection.of(
                rules,
                Content.newBuilder()
                        .setImage(ImageContent.newBuilder()
                                .setCaption(links)
                                .setMedia(MediaReference.newBuilder().setSizeBytes(101)))
                        .build());

        assertNotNull(inspection.refusal());
        assertEquals(Inspection.MAX_FINDINGS + 1, inspection.findings().size());
    }

    @Test
    void thumbnails_are_checked_as_media() {
        Rules rules = FixedRules.of(Policy.newBuilder()
                .setMedia(MediaPolicy.newBuilder()
                        .setAction(ModerationAction.REFUSE)
                        .addAllowedTypes("image/*")
                        .setMaxBytes(100)));
        MediaReference.Builder fine =
                MediaReference.newBuilder().setUrl("https://a.example/1").setMimeType("image/png");

        assertNull(Inspection.of(rules, image(fine, fine.clone())).refusal());
        assertNotNull(Inspection.of(rules, image(fine, fine.clone().setSizeBytes(101)))
                .refusal());
        assertTrue(Inspection.of(rules, image(fine, fine.clone().setMimeType("text/html")))
                        .refusal()
                != null);
    }

    private static Content image(MediaReference.Builder media, MediaReference.Builder thumbnail) {
        return Content.newBuilder()
                .setImage(ImageContent.newBuilder().setMedia(media).setThumbnail(thumbnail))
                .build();
    }

    private static Rules allowing(String... hosts) {
        return FixedRules.of(Policy.newBuilder()
                .setLinks(LinkPolicy.newBuilder()
                        .setAction(ModerationAction.REFUSE)
                        .addAllAllowedHosts(List.of(hosts))));
    }

    private static @Nullable Object refusing(Rules rules, String text) {
        return Inspection.of(rules, TestRecords.text(text)).refusal();
    }
}
