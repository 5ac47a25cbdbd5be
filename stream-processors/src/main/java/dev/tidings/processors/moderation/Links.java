package dev.tidings.processors.moderation;

import dev.tidings.processors.moderation.Folding.Kind;
import java.net.IDN;
import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the hosts that a text links to.
 *
 * <ul>
 *   <li>After {@code http://}, {@code https://} and {@code ftp://}: any name, number or {@code [IPv6]} address, without user and port.
 *       Ideographs directly after a known top-level domain are text, as in {@code http://example.com看看}.
 *   <li>With {@code www.} in front: a name of three labels or more.
 *   <li>Elsewhere: a name with a known top-level domain, such as {@code example.com}. A top-level domain that can be a word or a file
 *       extension ({@code it}, {@code py}) counts only before a path or a port, as in {@code youtu.be/x}. Not {@code 1.5}, {@code
 *       e.g.this}, {@code notes.txt}, mail addresses, and names in the path of another link. Not names in ideographs or Hangul,
 *       because their beginning is unknown.
 * </ul>
 */
public final class Links {

    /** The maximum length of a name; longer ones are ignored. */
    private static final int MAX_HOST = 255;

    private static final int LONGEST_SCHEME = 5;
    private static final String WWW = "www.";
    private static final Set<String> SCHEMES = Set.of("http", "https", "ftp");
    private static final String QUOTES_AND_BRACKETS = "<>\"'()[]{}`|\\";

    private final String text;
    private final Set<String> hosts = new LinkedHashSet<>();

    private Links(String text) {
        this.text = text;
    }

    /**
     * The distinct hosts in the order of the text: in lower case, in Unicode ({@code xn--} labels decoded, full-width letters
     * narrowed), without a final dot. Linear time.
     */
    public static List<String> hosts(String text) {
        Links links = new Links(text);
        links.find();
        return List.copyOf(links.hosts);
    }

    /** Scans the runs of characters that are allowed in names. Reads each char a constant number of times. */
    private void find() {
        boolean isInLink = false;
        int at = 0;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            if (!isOfBareName(codePoint)) {
                isInLink &= isOfPath(codePoint);
                at += Character.charCount(codePoint);
                continue;
            }
            int end = endOfBareName(at);
            if (text.startsWith("://", end) && isScheme(at, end)) {
                at = findAfterScheme(end + "://".length());
                isInLink = true;
            } else {
                isInLink = isInLink || (findBare(at, end) && isFollowedByPathOrPort(end));
                at = end;
            }
        }
    }

    private boolean isScheme(int from, int to) {
        return to - from <= LONGEST_SCHEME
                && SCHEMES.contains(text.substring(from, to).toLowerCase(Locale.ROOT));
    }

    /** @return the position to continue at */
    private int findAfterScheme(int from) {
        int start = from;
        int end = from;
        while (end < text.length() && isOfAuthority(text.charAt(end))) {
            end++;
            if (text.charAt(end - 1) == '@') {
                start = end;
            }
        }
        if (start < end && text.charAt(start) == '[') {
            return findAddress(start, end);
        }
        int hostEnd = endOfName(start, end);
        add(normalized(start, hostEnd));
        return hostEnd;
    }

    /** An IPv6 address in brackets. */
    private int findAddress(int start, int end) {
        int closing = text.indexOf(']', start, end);
        if (closing < 0) {
            return start + 1;
        }
        String address = text.substring(start + 1, closing).toLowerCase(Locale.ROOT);
        if (!address.isEmpty() && address.chars().allMatch(c -> "0123456789abcdef:.".indexOf(c) >= 0)) {
            hosts.add("[" + address + "]");
        }
        return closing + 1;
    }

    /** A name ends at the first character that is not allowed in it, or where ideographs follow a known top-level domain. */
    private int endOfName(int start, int limit) {
        int label = start;
        int at = start;
        while (at < limit) {
            int codePoint = text.codePointAt(at);
            if (!isOfName(codePoint)) {
                return at;
            }
            if (isDot(codePoint)) {
                label = at + 1;
            } else if (!isOfBareName(codePoint) && label > start && TopLevelDomains.isKnown(small(label, at))) {
                return at;
            }
            at += Character.charCount(codePoint);
        }
        return at;
    }

    /** @return whether the run is a host */
    private boolean findBare(int from, int to) {
        boolean isOfMailAddress =
                (from > 0 && text.charAt(from - 1) == '@') || (to < text.length() && text.charAt(to) == '@');
        int start = from;
        int end = to;
        while (start < end && !Character.isLetterOrDigit(text.codePointAt(start))) {
            start++;
        }
        while (start < end && (isDot(text.charAt(end - 1)) || text.charAt(end - 1) == '-')) {
            end--;
        }
        if (isOfMailAddress || end - start > MAX_HOST || start == end) {
            return false;
        }
        int lastDot = lastDot(start, end);
        if (lastDot < 0) {
            return false;
        }
        String ending = text.substring(lastDot + 1, end);
        String small = ending.toLowerCase(Locale.ROOT);
        // "That was live.Work begins": a capital begins a sentence
        boolean isOneCase = ending.equals(small) || ending.equals(ending.toUpperCase(Locale.ROOT));
        boolean isHost = small(start, Math.min(end, start + WWW.length())).equals(WWW)
                ? lastDot >= start + WWW.length() && small.codePoints().allMatch(Character::isLetter)
                : (TopLevelDomains.isClear(normalizedLabel(small)) && isOneCase)
                        || (TopLevelDomains.isKnown(normalizedLabel(small)) && isFollowedByPathOrPort(end));
        return isHost && add(normalized(start, end));
    }

    private int lastDot(int start, int end) {
        for (int at = end - 1; at > start; at--) {
            if (isDot(text.charAt(at))) {
                return at;
            }
        }
        return -1;
    }

    private boolean isFollowedByPathOrPort(int end) {
        if (end == text.length()) {
            return false;
        }
        return switch (text.charAt(end)) {
            case '/', '?', '#' -> true;
            case ':' -> end + 1 < text.length() && Character.isDigit(text.charAt(end + 1));
            default -> false;
        };
    }

    private boolean add(@Nullable String host) {
        if (host == null) {
            return false;
        }
        hosts.add(host);
        return true;
    }

    /** The canonical form of a name, or null if it is not valid. */
    private @Nullable String normalized(int from, int to) {
        int end = to;
        while (from < end && isDot(text.charAt(end - 1))) {
            end--;
        }
        if (from == end || end - from > MAX_HOST) {
            return null;
        }
        try {
            String ascii = IDN.toASCII(text.substring(from, end), IDN.ALLOW_UNASSIGNED);
            return IDN.toUnicode(ascii, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException noName) {
            return null;
        }
    }

    private static String normalizedLabel(String label) {
        return Normalizer.normalize(label, Normalizer.Form.NFKC);
    }

    /** In lower case, cut to the maximum length of a host. */
    private String small(int from, int to) {
        return text.substring(from, Math.min(to, from + MAX_HOST)).toLowerCase(Locale.ROOT);
    }

    private int endOfBareName(int from) {
        int at = from;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            if (!isOfBareName(codePoint)) {
                break;
            }
            at += Character.charCount(codePoint);
        }
        return at;
    }

    private static boolean isOfBareName(int codePoint) {
        return isOfName(codePoint) && (!Character.isLetterOrDigit(codePoint) || Folding.kind(codePoint) == Kind.SPACED);
    }

    private static boolean isOfName(int codePoint) {
        return Character.isLetterOrDigit(codePoint)
                || Character.getType(codePoint) == Character.NON_SPACING_MARK
                || Character.getType(codePoint) == Character.COMBINING_SPACING_MARK
                || codePoint == '-'
                || codePoint == '_'
                || isDot(codePoint);
    }

    /** Not the ideographic full stop, which can end a sentence after a host. */
    private static boolean isDot(int codePoint) {
        return codePoint == '.' || codePoint == '．';
    }

    private static boolean isOfAuthority(char unit) {
        return unit > ' ' && "/?#\\<>\"".indexOf(unit) < 0 && !Character.isWhitespace(unit);
    }

    private static boolean isOfPath(int codePoint) {
        return codePoint > ' ' && codePoint < 0x7F && QUOTES_AND_BRACKETS.indexOf(codePoint) < 0;
    }
}
