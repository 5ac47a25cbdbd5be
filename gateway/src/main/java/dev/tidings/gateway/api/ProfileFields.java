package dev.tidings.gateway.api;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import dev.tidings.v1.PatchUser;
import dev.tidings.v1.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fields of their own profile that users may change ({@code gateway.profile-fields}).
 *
 * @param names of fields of {@code PatchUser} in JSON; empty: users may change nothing
 */
public record ProfileFields(Set<String> names) {

    /** All fields but {@code custom}, which belongs to the application. */
    public static final String DEFAULT = "displayName,avatarUrl,locale,timeZone";

    private static final List<String> ALL = PatchUser.getDescriptor().getFields().stream()
            .map(FieldDescriptor::getJsonName)
            .toList();

    public ProfileFields {
        names = Set.copyOf(names);
    }

    public static ProfileFields from(Settings settings) {
        return parse(settings.text("gateway.profile-fields", DEFAULT));
    }

    /** @param list names, separated by commas */
    static ProfileFields parse(String list) {
        Set<String> names = Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
        for (String name : names) {
            if (!ALL.contains(name)) {
                throw new SettingsException(
                        "gateway.profile-fields contains \"" + name + "\"; allowed are " + String.join(", ", ALL));
            }
        }
        return new ProfileFields(names);
    }

    /** Returns the refusal of a change that has other fields, or null. */
    @Nullable
    Refusal check(PatchUser patch) {
        for (FieldDescriptor field : patch.getAllFields().keySet()) {
            if (!names.contains(field.getJsonName())) {
                return Refusals.of(
                        Refusal.Reason.NOT_ALLOWED,
                        "users may not change " + field.getJsonName() + " of their profile; "
                                + (names.isEmpty() ? "no field is" : String.join(", ", new TreeSet<>(names)) + " are")
                                + " allowed");
            }
        }
        return null;
    }
}
