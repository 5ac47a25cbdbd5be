package dev.tidings.ops.promql;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Evaluates one query at one time. Knows selectors with = and =~, ranges, rate, increase, histogram_quantile, absent, time, sum, min, max,
 * count, the four operations, comparisons with a number, and {@code or}. Rejects everything else.
 */
public final class PromQl {

    private static final Pattern TOKEN = Pattern.compile(
            "\\s*([A-Za-z_:][\\w:]*|\\d+(?:\\.\\d+)?[smhd]?|\"[^\"]*\"|=~|==|!=|>=|<=|[-+*/(){}\\[\\],=<>])");
    private static final Set<String> AGGREGATIONS = Set.of("sum", "min", "max", "count");
    private static final Set<String> COMPARISONS = Set.of("==", "!=", ">", "<", ">=", "<=");
    private static final Map<Character, Long> SECONDS = Map.of('s', 1L, 'm', 60L, 'h', 3_600L, 'd', 86_400L);

    /** A series without a sample in this time has no value. */
    private static final long LOOKBACK_SECONDS = 300;

    /** One element of a result. A number has no labels. */
    public record Value(SortedMap<String, String> labels, double value) {}

    private record LabelMatcher(String label, String value, boolean isPattern) {

        boolean fits(Map<String, String> labels) {
            String found = labels.getOrDefault(label, "");
            return isPattern ? found.matches(value) : found.equals(value);
        }
    }

    /** A result; {@code isNumber}: one value without labels that stands for every series. */
    private record Result(boolean isNumber, List<Value> values) {

        static Result number(double value) {
            return new Result(true, List.of(new Value(new TreeMap<>(), value)));
        }

        static Result vector(List<Value> values) {
            return new Result(false, values);
        }
    }

    private final MetricSamples samples;
    private final long now;
    private final List<String> tokens = new ArrayList<>();
    private final String query;
    private int next;

    private PromQl(String query, MetricSamples samples, long now) {
        this.query = query;
        this.samples = samples;
        this.now = now;
        Matcher matcher = TOKEN.matcher(query);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            tokens.add(matcher.group(1));
            end = matcher.end();
        }
        if (!query.substring(end).isBlank()) {
            throw unknown(query.substring(end));
        }
    }

    /** Returns the elements of the result at this time. */
    public static List<Value> evaluate(String query, MetricSamples samples, long seconds) {
        PromQl evaluation = new PromQl(query, samples, seconds);
        List<Value> values = evaluation.or().values();
        if (evaluation.next < evaluation.tokens.size()) {
            throw evaluation.unknown(evaluation.peek());
        }
        return values;
    }

    private Result or() {
        Result left = comparison();
        while (accept("or")) {
            Result right = comparison();
            List<Value> all = new ArrayList<>(left.values);
            right.values.stream()
                    .filter(value -> all.stream().noneMatch(other -> sameSeries(other, value)))
                    .toList()
                    .forEach(all::add);
            left = Result.vector(all);
        }
        return left;
    }

    private Result comparison() {
        Result left = sum();
        if (!COMPARISONS.contains(peek())) {
            return left;
        }
        String operator = take();
        Result right = sum();
        if (!right.isNumber) {
            throw unknown("comparison of two vectors");
        }
        double bound = right.values.getFirst().value();
        return Result.vector(left.values.stream()
                .filter(value -> holds(value.value(), operator, bound))
                .toList());
    }

    private static boolean holds(double value, String operator, double bound) {
        return switch (operator) {
            case "==" -> value == bound;
            case "!=" -> value != bound;
            case ">" -> value > bound;
            case "<" -> value < bound;
            case ">=" -> value >= bound;
            default -> value <= bound;
        };
    }

    private Result sum() {
        Result left = product();
        while (peek().equals("+") || peek().equals("-")) {
            boolean plus = take().equals("+");
            left = combine(left, product(), plus ? Double::sum : (a, b) -> a - b);
        }
        return left;
    }

    private Result product() {
        Result left = operand();
        while (peek().equals("*") || peek().equals("/")) {
            boolean times = take().equals("*");
            left = combine(left, operand(), times ? (a, b) -> a * b : (a, b) -> a / b);
        }
        return left;
    }

    /** Series match if all labels except the name are the same. */
    private static Result combine(Result left, Result right, DoubleBinaryOperator operation) {
        if (left.isNumber && right.isNumber) {
            return Result.number(operation.applyAsDouble(
                    left.values.getFirst().value(), right.values.getFirst().value()));
        }
        List<Value> combined = new ArrayList<>();
        for (Value a : left.values) {
            for (Value b : right.values) {
                if (left.isNumber || right.isNumber || sameSeries(a, b)) {
                    combined.add(new Value(
                            withoutName(left.isNumber ? b : a), operation.applyAsDouble(a.value(), b.value())));
                }
            }
        }
        return Result.vector(combined);
    }

    private Result operand() {
        String token = take();
        if (token.equals("(")) {
            Result inner = or();
            expect(")");
            return inner;
        }
        if (Character.isDigit(token.charAt(0))) {
            return Result.number(Double.parseDouble(token));
        }
        if (AGGREGATIONS.contains(token)) {
            return aggregation(token);
        }
        return switch (token) {
            case "time" -> {
                expect("(");
                expect(")");
                yield Result.number(now);
            }
            case "absent" -> {
                expect("(");
                boolean isEmpty = or().values.isEmpty();
                expect(")");
                yield Result.vector(isEmpty ? List.of(new Value(new TreeMap<>(), 1)) : List.of());
            }
            case "rate", "increase" -> {
                expect("(");
                Result change = change(take(), token.equals("rate"));
                expect(")");
                yield change;
            }
            case "histogram_quantile" -> {
                expect("(");
                double quantile = Double.parseDouble(take());
                expect(",");
                Result buckets = or();
                expect(")");
                yield quantile(quantile, buckets);
            }
            default -> instant(token);
        };
    }

    private Result instant(String name) {
        List<Value> values = new ArrayList<>();
        List<LabelMatcher> matchers = matchers(name);
        samples.series().forEach((labels, all) -> {
            if (fits(matchers, labels)) {
                MetricSamples.Sample last = null;
                for (MetricSamples.Sample sample : all) {
                    last = sample.seconds() <= now ? sample : last;
                }
                if (last != null && last.value() != null && last.seconds() > now - LOOKBACK_SECONDS) {
                    values.add(new Value(labels, last.value()));
                }
            }
        });
        return Result.vector(values);
    }

    private List<LabelMatcher> matchers(String name) {
        List<LabelMatcher> matchers = new ArrayList<>(List.of(new LabelMatcher(MetricSamples.NAME, name, false)));
        if (accept("{")) {
            while (!accept("}")) {
                String label = take();
                boolean isPattern = take().equals("=~");
                String quoted = take();
                matchers.add(new LabelMatcher(label, quoted.substring(1, quoted.length() - 1), isPattern));
                accept(",");
            }
        }
        return matchers;
    }

    /** The increase of counters, extrapolated to the ends of the range as Prometheus does. */
    private Result change(String name, boolean perSecond) {
        List<LabelMatcher> matchers = matchers(name);
        expect("[");
        String length = take();
        expect("]");
        long range = Long.parseLong(length.substring(0, length.length() - 1))
                * Objects.requireNonNull(SECONDS.get(length.charAt(length.length() - 1)), length);
        List<Value> values = new ArrayList<>();
        samples.series().forEach((labels, all) -> {
            List<MetricSamples.Sample> within = all.stream()
                    .filter(sample ->
                            sample.value() != null && sample.seconds() >= now - range && sample.seconds() <= now)
                    .toList();
            if (fits(matchers, labels) && within.size() >= 2) {
                double increase = increase(within, range);
                values.add(new Value(withoutName(new Value(labels, 0)), perSecond ? increase / range : increase));
            }
        });
        return Result.vector(values);
    }

    private double increase(List<MetricSamples.Sample> within, long range) {
        double increase = 0;
        for (int i = 1; i < within.size(); i++) {
            double before = Objects.requireNonNull(within.get(i - 1).value());
            double value = Objects.requireNonNull(within.get(i).value());
            increase += value < before ? value : value - before;
        }
        double sampled = within.getLast().seconds() - within.getFirst().seconds();
        double average = sampled / (within.size() - 1);
        double toStart = within.getFirst().seconds() - (now - range);
        double first = Objects.requireNonNull(within.getFirst().value());
        if (increase > 0 && first >= 0) {
            toStart = Math.min(toStart, sampled * first / increase);
        }
        double toEnd = now - within.getLast().seconds();
        double threshold = average * 1.1;
        double extrapolated =
                sampled + (toStart < threshold ? toStart : average / 2) + (toEnd < threshold ? toEnd : average / 2);
        return increase * extrapolated / sampled;
    }

    private Result aggregation(String operator) {
        List<String> by = accept("by") ? names() : null;
        expect("(");
        Result inner = or();
        expect(")");
        List<String> kept = by != null ? by : accept("by") ? names() : List.of();
        Map<SortedMap<String, String>, List<Double>> groups = new LinkedHashMap<>();
        for (Value value : inner.values) {
            SortedMap<String, String> labels = new TreeMap<>(value.labels());
            labels.keySet().retainAll(kept);
            groups.computeIfAbsent(labels, added -> new ArrayList<>()).add(value.value());
        }
        List<Value> values = new ArrayList<>();
        groups.forEach((labels, members) -> values.add(new Value(labels, aggregate(operator, members))));
        return Result.vector(values);
    }

    private static double aggregate(String operator, List<Double> members) {
        return switch (operator) {
            case "sum" -> members.stream().mapToDouble(Double::doubleValue).sum();
            case "min" ->
                members.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
            case "max" ->
                members.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
            default -> members.size();
        };
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        expect("(");
        while (!accept(")")) {
            names.add(take());
            accept(",");
        }
        return names;
    }

    private static Result quantile(double quantile, Result buckets) {
        Map<SortedMap<String, String>, List<Value>> histograms = new HashMap<>();
        for (Value bucket : buckets.values) {
            SortedMap<String, String> labels = withoutName(bucket);
            labels.remove("le");
            histograms.computeIfAbsent(labels, added -> new ArrayList<>()).add(bucket);
        }
        List<Value> values = new ArrayList<>();
        histograms.forEach((labels, of) -> {
            of.sort(Comparator.comparingDouble(PromQl::bound));
            double rank = quantile * of.getLast().value();
            if (of.getLast().value() > 0) {
                values.add(new Value(labels, quantile(rank, of)));
            }
        });
        return Result.vector(values);
    }

    private static double quantile(double rank, List<Value> buckets) {
        int found = 0;
        while (buckets.get(found).value() < rank) {
            found++;
        }
        double upper = bound(buckets.get(found));
        double lower = found == 0 ? 0 : bound(buckets.get(found - 1));
        if (Double.isInfinite(upper)) {
            return lower;
        }
        double below = found == 0 ? 0 : buckets.get(found - 1).value();
        double within = buckets.get(found).value() - below;
        return within == 0 ? upper : lower + (upper - lower) * (rank - below) / within;
    }

    private static double bound(Value bucket) {
        String le = bucket.labels().getOrDefault("le", "+Inf");
        return le.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(le);
    }

    private static boolean fits(List<LabelMatcher> matchers, Map<String, String> labels) {
        return matchers.stream().allMatch(matcher -> matcher.fits(labels));
    }

    private static boolean sameSeries(Value a, Value b) {
        return withoutName(a).equals(withoutName(b));
    }

    static SortedMap<String, String> withoutName(Value value) {
        SortedMap<String, String> labels = new TreeMap<>(value.labels());
        labels.remove(MetricSamples.NAME);
        return labels;
    }

    private String peek() {
        return next < tokens.size() ? tokens.get(next) : "";
    }

    private String take() {
        String token = peek();
        if (token.isEmpty()) {
            throw unknown("the end");
        }
        next++;
        return token;
    }

    private boolean accept(String token) {
        boolean is = peek().equals(token);
        next += is ? 1 : 0;
        return is;
    }

    private void expect(String token) {
        if (!accept(token)) {
            throw unknown("\"" + peek() + "\" instead of \"" + token + '"');
        }
    }

    private IllegalArgumentException unknown(String what) {
        return new IllegalArgumentException(what + " is not known here: " + query);
    }
}
