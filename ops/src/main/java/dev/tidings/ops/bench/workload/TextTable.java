package dev.tidings.ops.bench.workload;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A table of texts with aligned columns: the first one to the left, all others to the right. Not thread-safe. */
final class TextTable {

    private final List<List<String>> rows = new ArrayList<>();

    /** @param cells as many as in every other row */
    void add(List<String> cells) {
        rows.add(List.copyOf(cells));
    }

    void print(PrintWriter out) {
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                String cell = row.get(column);
                String space = " ".repeat(width(column) - cell.length());
                line.append(column == 0 ? cell + space : "  " + space + cell);
            }
            out.println(line.toString().stripTrailing());
        }
        out.flush();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
