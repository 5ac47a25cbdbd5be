package dev.tidings.connectors.clickhouse;

import java.util.ArrayList;
import java.util.List;

/** Splits a script at semicolons outside of quotes and drops comments that begin with two dashes. */
final class SqlScript {

    private SqlScript() {}

    static List<String> statements(String script) {
        List<String> statements = new ArrayList<>();
        StringBuilder statement = new StringBuilder();
        int at = 0;
        while (at < script.length()) {
            char c = script.charAt(at);
            int end = at + 1;
            if (c == '\'' || c == '"' || c == '`') {
                end = endOfQuoted(script, at, c);
                statement.append(script, at, end);
            } else if (script.startsWith("--", at)) {
                int newline = script.indexOf('\n', at);
                end = newline < 0 ? script.length() : newline;
            } else if (c == ';') {
                add(statement, statements);
            } else {
                statement.append(c);
            }
            at = end;
        }
        add(statement, statements);
        return statements;
    }

    /** A backslash escapes the character after it; a doubled quote begins the next quoted part. */
    private static int endOfQuoted(String script, int start, char quote) {
        int at = start + 1;
        while (at < script.length() && script.charAt(at) != quote) {
            at += script.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= script.length()) {
            throw new MigrationException("a quote that begins at character " + start + " never ends");
        }
        return at + 1;
    }

    private static void add(StringBuilder statement, List<String> statements) {
        String text = statement.toString().strip();
        if (!text.isEmpty()) {
            statements.add(text);
        }
        statement.setLength(0);
    }
}
