package dev.tidings.connectors.clickhouse.row;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The columns that rows of one kind fill: each with its name and where its value comes from. */
final class Columns<R> {

    /** Writes one value of a row. */
    @FunctionalInterface
    private interface Value<R> {
        void write(R row, RowBinary out);
    }

    private final List<String> names;
    private final List<Value<R>> values;

    private Columns(List<String> names, List<Value<R>> values) {
        this.names = List.copyOf(names);
        this.values = List.copyOf(values);
    }

    static <R> Builder<R> builder() {
        return new Builder<>();
    }

    List<String> names() {
        return names;
    }

    void write(R row, RowBinary out) {
        for (Value<R> value : values) {
            value.write(row, out);
        }
    }

    /** Collects columns in the order in which they are written. */
    static final class Builder<R> {

        private final List<String> names = new ArrayList<>();
        private final List<Value<R>> values = new ArrayList<>();

        private Builder() {}

        Builder<R> string(String name, Function<R, String> value) {
            return add(name, (row, out) -> out.string(value.apply(row)));
        }

        Builder<R> bytes(String name, Function<R, byte[]> value) {
            return add(name, (row, out) -> out.string(value.apply(row)));
        }

        Builder<R> strings(String name, Function<R, List<String>> value) {
            return add(name, (row, out) -> out.strings(value.apply(row)));
        }

        Builder<R> int64(String name, ToLongFunction<R> value) {
            return add(name, (row, out) -> out.int64(value.applyAsLong(row)));
        }

        Builder<R> bool(String name, Predicate<R> value) {
            return add(name, (row, out) -> out.bool(value.test(row)));
        }

        Builder<R> nullableString(String name, Function<R, @Nullable String> value) {
            return add(name, (row, out) -> out.nullableString(value.apply(row)));
        }

        Builder<R> nullableInt64(String name, Function<R, @Nullable Long> value) {
            return add(name, (row, out) -> out.nullableInt64(value.apply(row)));
        }

        Builder<R> nullableBool(String name, Function<R, @Nullable Boolean> value) {
            return add(name, (row, out) -> out.nullableBool(value.apply(row)));
        }

        Columns<R> build() {
            return new Columns<>(names, values);
        }

        private Builder<R> add(String name, Value<R> value) {
            names.add(name);
            values.add(value);
            return this;
        }
    }
}
