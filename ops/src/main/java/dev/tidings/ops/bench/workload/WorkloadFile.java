package dev.tidings.ops.bench.workload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads a workload from YAML. Refuses unknown keys and wrong values, and names them. */
public final class WorkloadFile {

    static final int MAX_BYTES = 1_048_576;

    private static final Set<String> KEYS =
            Set.of("name", "description", "command", "axis", "repeat", "figures", "options", "steps");
    private static final Set<String> STEP_KEYS = Set.of("label", "x", "options");
    private static final Set<String> COMMANDS = Set.of("bench", "mixed", "storm", "connect", "reads", "send-to-many");

    /** Options that belong to the whole workload. */
    private static final Set<String> RESERVED = Set.of("json", "help", "version", "find-rate");

    private static final List<String> DEFAULT_FIGURES = List.of(
            "achievedRate",
            "sendToDeliveredMillis.p50",
            "sendToDeliveredMillis.p99",
            "serverCpuMicrosPerMessage",
            "recordsPerMessage",
            "bytesPerMessage");

    private final Path file;

    private WorkloadFile(Path file) {
        this.file = file;
    }

    /** @throws WorkloadException if the file cannot be read, or is not a workload */
    public static Workload read(Path file) {
        return new WorkloadFile(file).read();
    }

    private Workload read() {
        Map<String, Object> root = map("the file", load());
        allow("the file", root.keySet(), KEYS);
        String command = text("command", root.getOrDefault("command", "bench"));
        if (!COMMANDS.contains(command)) {
            throw wrong("command is " + command + "; bench, mixed, storm, connect, reads and send-to-many are allowed");
        }
        String axis = root.containsKey("axis") ? text("axis", root.get("axis")) : null;
        int repeat = (int) number("repeat", root.getOrDefault("repeat", 1), 1, Workload.MAX_REPEAT);
        Map<String, String> common = options("options", root.getOrDefault("options", Map.of()));
        List<?> steps = list("steps", root.get("steps"));
        if (steps.isEmpty() || steps.size() > Workload.MAX_STEPS) {
            throw wrong("steps has " + steps.size() + " entries; 1 to " + Workload.MAX_STEPS + " are allowed");
        }
        List<Workload.Step> read = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            read.add(step("steps[" + i + "]", steps.get(i), axis, common));
        }
        List<String> figures = root.containsKey("figures") ? texts("figures", root.get("figures")) : DEFAULT_FIGURES;
        return new Workload(
                text("name", root.get("name")),
                text("description", root.getOrDefault("description", "")),
                command,
                axis,
                repeat,
                figures,
                read);
    }

    private @Nullable Object load() {
        LoaderOptions limits = new LoaderOptions();
        limits.setAllowDuplicateKeys(false);
        limits.setCodePointLimit(MAX_BYTES);
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw wrong("it has " + Files.size(file) + " bytes; at most " + MAX_BYTES + " are allowed");
            }
            return new Yaml(new SafeConstructor(limits)).load(Files.readString(file));
        } catch (IOException e) {
            throw wrong("cannot be read: " + e);
        } catch (YAMLException e) {
            throw wrong("is not YAML: " + e.getMessage());
        }
    }

    private Workload.Step step(
            String place, @Nullable Object value, @Nullable String axis, Map<String, String> common) {
        Map<String, Object> step = map(place, value);
        allow(place, step.keySet(), STEP_KEYS);
        if ((axis != null) != step.containsKey("x")) {
            throw wrong(place + (axis == null ? " has an x, but there is no axis" : " has no x; the axis needs one"));
        }
        Double x = axis == null ? null : number(place + ".x", step.get("x"), 0, Double.MAX_VALUE);
        Object label = step.getOrDefault("label", step.get("x"));
        Map<String, String> options = new LinkedHashMap<>(common);
        options.putAll(options(place + ".options", step.getOrDefault("options", Map.of())));
        return new Workload.Step(text(place + ".label", label), x, options);
    }

    private Map<String, String> options(String place, @Nullable Object value) {
        Map<String, String> options = new LinkedHashMap<>();
        map(place, value).forEach((name, option) -> {
            if (RESERVED.contains(name)) {
                throw wrong(place + "." + name + " is not allowed in a workload");
            }
            options.put(name, text(place + "." + name, option));
        });
        return options;
    }

    private void allow(String place, Set<String> keys, Set<String> allowed) {
        for (String key : keys) {
            if (!allowed.contains(key)) {
                throw wrong(place + " has the unknown key \"" + key + "\"; allowed are "
                        + String.join(", ", new TreeSet<>(allowed)));
            }
        }
    }

    private Map<String, Object> map(String place, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(place + " must be a map of names to values");
        }
        Map<String, Object> named = new LinkedHashMap<>();
        map.forEach((key, entry) -> named.put(String.valueOf(key), entry));
        return named;
    }

    private List<?> list(String place, @Nullable Object value) {
        if (!(value instanceof List<?> list)) {
            throw wrong(place + " must be a list");
        }
        return list;
    }

    private List<String> texts(String place, @Nullable Object value) {
        return list(place, value).stream().map(entry -> text(place, entry)).toList();
    }

    private String text(String place, @Nullable Object value) {
        if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
            throw wrong(place + " must be a text or a number");
        }
        return value.toString();
    }

    private double number(String place, @Nullable Object value, double min, double max) {
        if (!(value instanceof Number number) || number.doubleValue() < min || number.doubleValue() > max) {
            throw wrong(place + " is " + value + "; a number of at least " + (long) min
                    + (max == Double.MAX_VALUE ? "" : " and at most " + (long) max) + " is needed");
        }
        return number.doubleValue();
    }

    private WorkloadException wrong(String reason) {
        return new WorkloadException(file + ": " + reason);
    }
}
