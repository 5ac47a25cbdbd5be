package dev.tidings.processors.rules;

import dev.tidings.processors.moderation.Action;
import dev.tidings.processors.moderation.Links;
import dev.tidings.processors.moderation.Verdict;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.v1.Content;
import dev.tidings.v1.Finding;
import dev.tidings.v1.LinkPolicy;
import dev.tidings.v1.MediaPolicy;
import dev.tidings.v1.MediaReference;
import dev.tidings.v1.ModerationAction;
import dev.tidings.v1.Refusal;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The result of applying the rules to a content.
 *
 * @param original the content as received
 * @param content the content with masked words
 * @param findings the matches of the rules
 * @param refusal the refusal if a match requires it, or null
 */
public record Inspection(
        Content original,
        Content content,
        List<Finding> findings,
        @Nullable Refusal refusal) {

    /** The maximum for one content; a text of 64 kB can have thousands of links. */
    static final int MAX_FINDINGS = 100;

    public static Inspection passed(Content content) {
        return new Inspection(content, content, List.of(), null);
    }

    public static Inspection of(Rules rules, Content content) {
        FindingList findings = new FindingList();
        boolean masks = false;
        if (!rules.words().isEmpty()) {
            masks = findWords(rules, content, findings);
        }
        findLinks(rules.policy().links(), content, findings);
        findMedia(rules.policy().media(), content, findings);
        if (findings.list().isEmpty()) {
            return passed(content);
        }
        List<Finding> refusing = findings.list().stream()
                .filter(finding -> finding.getAction() == ModerationAction.REFUSE)
                .toList();
        Content sent = masks && refusing.isEmpty() ? masked(rules, content) : content;
        return new Inspection(content, sent, findings.list(), refusing.isEmpty() ? null : refusal(refusing));
    }

    public boolean masked() {
        return !content.equals(original);
    }

    /** Whether the content needs a review. */
    public boolean flagged() {
        return findings.stream().anyMatch(finding -> finding.getAction() == ModerationAction.FLAG);
    }

    /** @return whether there are words to mask */
    private static boolean findWords(Rules rules, Content content, FindingList findings) {
        boolean masks = false;
        for (String text : ContentText.texts(content)) {
            if (rules.words().check(text) instanceof Verdict.Objectionable found) {
                masks |= !found.masked().equals(text);
                found.words().forEach(word -> findings.add(finding(Finding.Kind.WORD, word, action(found.action()))));
            }
        }
        return masks;
    }

    private static Content masked(Rules rules, Content content) {
        return ContentText.mapped(
                content,
                text -> rules.words().check(text) instanceof Verdict.Objectionable found ? found.masked() : text);
    }

    private static void findLinks(LinkPolicy policy, Content content, FindingList findings) {
        if (policy.getAction() == ModerationAction.MODERATION_ACTION_UNSPECIFIED) {
            return;
        }
        List<String> hosts = ContentText.texts(content).stream()
                .flatMap(text -> Links.hosts(text).stream())
                .toList();
        if (hosts.isEmpty()) {
            return;
        }
        Set<String> allowed = new HashSet<>(policy.getAllowedHostsList());
        for (String host : hosts) {
            if (!isWithin(host, allowed)) {
                findings.add(finding(Finding.Kind.LINK, host, flagInsteadOfMask(policy.getAction())));
            }
        }
    }

    /** Whether the host or one of its parent domains is in the set. One lookup for each label. */
    private static boolean isWithin(String host, Set<String> domains) {
        String domain = host;
        while (!domains.contains(domain)) {
            int dot = domain.indexOf('.');
            if (dot < 0) {
                return false;
            }
            domain = domain.substring(dot + 1);
        }
        return true;
    }

    private static void findMedia(MediaPolicy policy, Content content, FindingList findings) {
        if (policy.getAction() == ModerationAction.MODERATION_ACTION_UNSPECIFIED) {
            return;
        }
        for (MediaReference medium : ContentText.media(content)) {
            boolean tooLarge = policy.getMaxBytes() > 0 && medium.getSizeBytes() > policy.getMaxBytes();
            boolean wrongType = policy.getAllowedTypesCount() > 0
                    && policy.getAllowedTypesList().stream().noneMatch(type -> isOfType(medium.getMimeType(), type));
            if (tooLarge || wrongType) {
                findings.add(finding(
                        Finding.Kind.MEDIA,
                        medium.getMimeType() + ", " + medium.getSizeBytes() + " bytes",
                        flagInsteadOfMask(policy.getAction())));
            }
        }
    }

    private static boolean isOfType(String mimeType, String allowed) {
        String type = mimeType.toLowerCase(Locale.ROOT);
        String pattern = allowed.toLowerCase(Locale.ROOT);
        return pattern.endsWith("/*")
                ? type.startsWith(pattern.substring(0, pattern.length() - 1))
                : type.equals(pattern);
    }

    private static Refusal refusal(List<Finding> refusing) {
        String kinds = refusing.stream()
                .map(finding -> finding.getKind().name().toLowerCase(Locale.ROOT))
                .distinct()
                .collect(Collectors.joining(", "));
        // without the match itself, which would show how to evade the rule
        return Refusals.of(Refusal.Reason.CONTENT_REFUSED, "the rules do not allow this content: " + kinds);
    }

    private static Finding finding(Finding.Kind kind, String match, ModerationAction action) {
        return Finding.newBuilder()
                .setKind(kind)
                .setMatch(match)
                .setAction(action)
                .build();
    }

    private static ModerationAction flagInsteadOfMask(ModerationAction action) {
        return action == ModerationAction.MASK ? ModerationAction.FLAG : action;
    }

    private static ModerationAction action(Action action) {
        return switch (action) {
            case FLAG -> ModerationAction.FLAG;
            case MASK -> ModerationAction.MASK;
            case REFUSE -> ModerationAction.REFUSE;
        };
    }

    /** Distinct findings: the first {@value #MAX_FINDINGS}, and at least one of each action that occurs. */
    private static final class FindingList {

        private final LinkedHashSet<Finding> kept = new LinkedHashSet<>();
        private final EnumSet<ModerationAction> actions = EnumSet.noneOf(ModerationAction.class);

        void add(Finding finding) {
            boolean isFirstOfAction = actions.add(finding.getAction());
            if (isFirstOfAction || kept.size() < MAX_FINDINGS) {
                kept.add(finding);
            }
        }

        List<Finding> list() {
            return List.copyOf(kept);
        }
    }
}
