package dev.tidings.schemas.tracing;

import dev.tidings.schemas.settings.Settings;
import dev.tidings.schemas.settings.SettingsException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The configuration of traces. It travels as properties of Kafka's clients, so that their interceptors have it. Without {@code
 * tracing.otlp-endpoint} there are no interceptors, no spans and no headers.
 */
public final class Tracing {

    /** Base URL of the receiver. */
    static final String ENDPOINT = "tidings.tracing.endpoint";

    /** The service name of the spans. */
    static final String SERVICE = "tidings.tracing.service";

    /** Share of commands without a trace that get one; only the gateway has it. */
    static final String SAMPLE_RATIO = "tidings.tracing.sample-ratio";

    private static final String INTERCEPTORS = "interceptor.classes";
    private static final double DEFAULT_RATIO = 0.01;

    private Tracing() {}

    /**
     * Returns the properties of every Kafka client of a role, {@code kafka.client.*}, and those of traces if they are on.
     *
     * @param service the service name of its spans, such as {@code tidings-gateway}
     * @throws SettingsException if a setting of traces is wrong; names it
     */
    public static Map<String, String> clientProperties(Settings settings, String service) {
        Map<String, String> properties = new TreeMap<>(settings.under("kafka.client."));
        String endpoint = settings.find("tracing.otlp-endpoint");
        double ratio = ratio(settings.text("tracing.sample-ratio", Double.toString(DEFAULT_RATIO)));
        if (endpoint != null) {
            requireHttp(endpoint);
            properties.put(ENDPOINT, endpoint.replaceFirst("/+$", ""));
            properties.put(SERVICE, service);
            properties.put(SAMPLE_RATIO, Double.toString(ratio));
        }
        return properties;
    }

    /** Whether traces are on in these properties of a Kafka client. */
    public static boolean isOn(Map<String, ?> clientProperties) {
        return clientProperties.containsKey(ENDPOINT);
    }

    /** Returns the properties of a consumer: with the interceptor if traces are on. */
    public static Map<String, String> ofConsumer(Map<String, String> clientProperties) {
        if (!isOn(clientProperties)) {
            return clientProperties;
        }
        Map<String, String> properties = new TreeMap<>(clientProperties);
        properties.merge(INTERCEPTORS, TracingConsumerInterceptor.class.getName(), Tracing::join);
        return properties;
    }

    /** Adds the interceptor to the properties of a producer, if traces are on. */
    public static void addToProducer(Map<String, Object> properties) {
        addTo(properties, INTERCEPTORS, TracingProducerInterceptor.class);
    }

    /** Adds the interceptors to the properties of Kafka Streams, behind those that are there, if traces are on. */
    public static void addToStreams(Map<String, Object> properties) {
        addTo(properties, "main.consumer." + INTERCEPTORS, TracingConsumerInterceptor.class);
        addTo(properties, "producer." + INTERCEPTORS, TracingProducerInterceptor.class);
        properties.remove(SAMPLE_RATIO); // a topology starts no traces
    }

    private static void addTo(Map<String, Object> properties, String key, Class<?> interceptor) {
        if (isOn(properties)) {
            properties.merge(key, interceptor.getName(), Tracing::join);
        }
    }

    private static String join(Object before, Object added) {
        return before + "," + added;
    }

    private static double ratio(String text) {
        try {
            double ratio = Double.parseDouble(text);
            if (ratio >= 0 && ratio <= 1) {
                return ratio;
            }
        } catch (NumberFormatException e) {
            // reported below, with the range
        }
        throw new SettingsException("tracing.sample-ratio must be a number from 0 to 1; it is \"" + text + '"');
    }

    private static void requireHttp(String url) {
        try {
            URI uri = new URI(url);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return;
            }
        } catch (URISyntaxException e) {
            // reported below
        }
        throw new SettingsException("tracing.otlp-endpoint must be an http or https URL; it is \"" + url + '"');
    }
}
