package dev.tidings.gateway.admin;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of the last entry of a page, newest first.
 *
 * @param id tells apart entries of one time
 */
record PageCursor(long atMillis, String id) {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,15})_(.{1,300})");

    /** @throws IllegalArgumentException if the text is not a cursor */
    static PageCursor parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("cursor is not one of an earlier page");
        }
        return new PageCursor(Long.parseLong(matcher.group(1)), matcher.group(2));
    }

    @Override
    public String toString() {
        return atMillis + "_" + id;
    }
}
