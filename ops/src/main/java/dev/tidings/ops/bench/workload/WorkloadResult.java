package dev.tidings.ops.bench.workload;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tidings.schemas.serde.ProtoJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The results of a workload's steps, in their order.
 *
 * @param axis what the steps' {@code x} counts; null: they have none
 * @param shown the names of the figures that the table and the plots show
 */
public record WorkloadResult(
        String name, String description, @Nullable String axis, List<String> shown, List<StepResult> steps) {

    public WorkloadResult {
        shown = List.copyOf(shown);
        steps = List.copyOf(steps);
    }

    /** Returns what the steps violated, each with its step. Empty: all guarantees were kept. */
    public List<String> flaws() {
        return steps.stream()
                .flatMap(step -> step.flaws().stream().map(flaw -> step.label() + ": " + flaw))
                .toList();
    }

    public String toJson() {
        ListValue.Builder list = ListValue.newBuilder();
        steps.forEach(step -> list.addValues(Value.newBuilder().setStructValue(json(step))));
        Struct.Builder json = Struct.newBuilder()
                .putFields("name", text(name))
                .putFields("description", text(description))
                .putFields("shown", texts(shown))
                .putFields("steps", Value.newBuilder().setListValue(list).build());
        if (axis != null) {
            json.putFields("axis", text(axis));
        }
        return ProtoJson.print(json) + '\n';
    }

    private static Struct json(StepResult step) {
        Struct.Builder figures = Struct.newBuilder();
        step.figures().forEach((figure, value) -> figures.putFields(figure, number(value)));
        Struct.Builder json = Struct.newBuilder()
                .putFields("label", text(step.label()))
                .putFields("runs", number(step.runs()))
                .putFields("figures", Value.newBuilder().setStructValue(figures).build())
                .putFields("flaws", texts(step.flaws()));
        if (step.x() != null) {
            json.putFields("x", number(step.x()));
        }
        return json.build();
    }

    /** @throws WorkloadException if the file cannot be read, or was not written by {@code bench workload --json} */
    public static WorkloadResult read(Path file) {
        try {
            Struct json =
                    ProtoJson.parse(Files.readString(file), Struct.newBuilder()).build();
            return new WorkloadResult(
                    json.getFieldsOrThrow("name").getStringValue(),
                    json.getFieldsOrThrow("description").getStringValue(),
                    json.containsFields("axis") ? json.getFieldsOrThrow("axis").getStringValue() : null,
                    texts(json.getFieldsOrThrow("shown")),
                    json.getFieldsOrThrow("steps").getListValue().getValuesList().stream()
                            .map(step -> step(step.getStructValue()))
                            .toList());
        } catch (IOException e) {
            String reason = e instanceof InvalidProtocolBufferException ? "is not JSON: " : "cannot be read: ";
            throw new WorkloadException(file + ": " + reason + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new WorkloadException(file + " is no result of tidings bench workload: " + e.getMessage());
        }
    }

    private static StepResult step(Struct json) {
        Map<String, Double> figures = new LinkedHashMap<>();
        json.getFieldsOrThrow("figures")
                .getStructValue()
                .getFieldsMap()
                .forEach((figure, value) -> figures.put(figure, value.getNumberValue()));
        return new StepResult(
                json.getFieldsOrThrow("label").getStringValue(),
                json.containsFields("x") ? json.getFieldsOrThrow("x").getNumberValue() : null,
                (int) json.getFieldsOrThrow("runs").getNumberValue(),
                figures,
                texts(json.getFieldsOrThrow("flaws")));
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    private static Value number(double number) {
        return Value.newBuilder().setNumberValue(number).build();
    }

    private static Value texts(List<String> texts) {
        ListValue.Builder list = ListValue.newBuilder();
        texts.forEach(each -> list.addValues(text(each)));
        return Value.newBuilder().setListValue(list).build();
    }

    private static List<String> texts(Value list) {
        return list.getListValue().getValuesList().stream()
                .map(Value::getStringValue)
                .toList();
    }
}
