package dev.tidings.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the documents to the repository: links lead somewhere, and types that a document names exist. */
class DocumentsTest {

    private static final Path ROOT = RepositoryFiles.ROOT;
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|mailto:)([^)#\\s]*)(?:#([^)\\s]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern FENCED = Pattern.compile("(?s)```.*?```");

    /** A type in backticks, alone or before a member: {@code `CommandLog`}, {@code `ClientApi.command`}. */
    private static final Pattern TYPE = Pattern.compile("`([A-Z][a-z]+[A-Za-z]*)(?:\\.[a-z][A-Za-z_]*(?:\\(\\))?)?`");

    private static final Pattern DECLARED =
            Pattern.compile("\\b(?:class|record|interface|enum|message|@interface|function)\\s+([A-Z][A-Za-z0-9]*)");

    private static final Pattern MBEAN_ATTRIBUTE = Pattern.compile("\\bget([A-Z][A-Za-z0-9]*)\\(");

    private static final Pattern ALERT = Pattern.compile("\\balert: ([A-Z][A-Za-z0-9]*)");

    /** Names of Kafka's, which documents may use like our own. */
    private static final Set<String> FOREIGN = Set.of("ByteArrayConverter", "DescribeConfigs");

    @Test
    void everyRelativeLinkLeadsToAFileAndAHeading() {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            String text = FENCED.matcher(RepositoryFiles.read(document)).replaceAll("");
            Matcher link = LINK.matcher(text);
            while (link.find()) {
                Path target = link.group(1).isEmpty()
                        ? document
                        : document.resolveSibling(link.group(1)).normalize();
                if (!Files.exists(target)) {
                    broken.add(ROOT.relativize(document) + ": " + link.group());
                } else if (link.group(2) != null
                        && !link.group(2).isEmpty()
                        && target.toString().endsWith(".md")
                        && !anchors(target).contains(link.group(2))) {
                    broken.add(ROOT.relativize(document) + ": no heading for " + link.group());
                }
            }
        }
        assertEquals(List.of(), broken);
    }

    /** Decision records tell of their day; all other documents of today. */
    @Test
    void everyTypeThatADocumentNamesExists() {
        Set<String> declared = declaredTypes();
        List<String> unknown = new ArrayList<>();
        for (Path document : documents()) {
            if (document.toString().contains("/decisions/") || document.endsWith("CHANGELOG.md")) {
                continue;
            }
            TYPE.matcher(FENCED.matcher(RepositoryFiles.read(document)).replaceAll(""))
                    .results()
                    .map(name -> name.group(1))
                    .filter(name -> !declared.contains(name) && !FOREIGN.contains(name))
                    .distinct()
                    .forEach(name -> unknown.add(ROOT.relativize(document) + ": " + name));
        }
        assertEquals(List.of(), unknown);
    }

    private static Set<String> anchors(Path document) {
        Set<String> anchors = new HashSet<>();
        HEADING.matcher(FENCED.matcher(RepositoryFiles.read(document)).replaceAll(""))
                .results()
                .map(DocumentsTest::anchor)
                .forEach(anchors::add);
        return anchors;
    }

    /** As GitHub makes it: lower case, punctuation dropped, spaces as hyphens. */
    private static String anchor(MatchResult heading) {
        return heading.group(1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .strip()
                .replace(' ', '-');
    }

    private static Set<String> declaredTypes() {
        Set<String> declared = new HashSet<>();
        sources(".java", ".proto", ".js")
                .forEach(file -> DECLARED.matcher(RepositoryFiles.read(file))
                        .results()
                        .map(found -> found.group(1))
                        .forEach(declared::add));
        sources("MXBean.java")
                .forEach(file -> MBEAN_ATTRIBUTE
                        .matcher(RepositoryFiles.read(file))
                        .results()
                        .map(found -> found.group(1))
                        .forEach(declared::add));
        sources("alerts.yaml")
                .forEach(file -> ALERT.matcher(RepositoryFiles.read(file))
                        .results()
                        .map(found -> found.group(1))
                        .forEach(declared::add));
        return declared;
    }

    private static List<Path> documents() {
        return sources(".md");
    }

    private static List<Path> sources(String... endings) {
        return RepositoryFiles.below(ROOT, endings);
    }
}
