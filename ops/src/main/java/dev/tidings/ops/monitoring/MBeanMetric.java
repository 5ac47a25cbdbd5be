package dev.tidings.ops.monitoring;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * An exported metric: the sum of an MBean attribute over all MBeans with equal labels.
 *
 * @param name without the suffix {@code _total} of a counter
 * @param beans a pattern of names of MBeans
 * @param attribute a number, or an array, whose length counts
 * @param scale factor from the attribute's unit to the metric's
 * @param labels the metric's labels
 */
record MBeanMetric(
        String name, boolean isCounter, ObjectName beans, String attribute, double scale, List<Label> labels) {

    static final double NANOS_TO_SECONDS = 1e-9;

    /**
     * A label with a value from the MBean's name.
     *
     * @param property a key property of the MBean's name
     * @param pattern an MBean whose property does not match is skipped; the first group is the value
     */
    record Label(String name, String property, Pattern pattern) {

        /** A label whose value is the whole property. */
        static Label of(String name, String property) {
            return new Label(name, property, Pattern.compile("(.+)"));
        }

        private @Nullable String value(ObjectName bean) {
            String property = bean.getKeyProperty(this.property);
            if (property == null) {
                return null;
            }
            Matcher matcher = pattern.matcher(property.startsWith("\"") ? ObjectName.unquote(property) : property);
            return matcher.matches() ? matcher.group(1) : null;
        }
    }

    static MBeanMetric counter(String name, String beans, String attribute, Label... labels) {
        return new MBeanMetric(name, true, name(beans), attribute, 1, List.of(labels));
    }

    static MBeanMetric gauge(String name, String beans, String attribute, Label... labels) {
        return new MBeanMetric(name, false, name(beans), attribute, 1, List.of(labels));
    }

    MBeanMetric scaledBy(double factor) {
        return new MBeanMetric(name, isCounter, beans, attribute, factor, labels);
    }

    /** Returns the label values of an MBean by label; null if the MBean does not belong to the metric. */
    @Nullable
    Map<String, String> labelsOf(ObjectName bean) {
        Map<String, String> values = new TreeMap<>();
        for (Label label : labels) {
            String value = label.value(bean);
            if (value == null) {
                return null;
            }
            values.put(label.name(), value);
        }
        return values;
    }

    private static ObjectName name(String pattern) {
        try {
            return new ObjectName(pattern);
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException(pattern + " is not a pattern of MBean names", e);
        }
    }
}
