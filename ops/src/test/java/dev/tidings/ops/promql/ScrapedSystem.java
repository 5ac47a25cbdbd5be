package dev.tidings.ops.promql;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Scrapes the metrics of running processes, one scrape a minute of its own clock. {@link #passMinute} lets that clock run without a
 * scrape: what was found last counts as unchanged. So a rule that waits for ten minutes needs no ten minutes in a test.
 */
public final class ScrapedSystem {

    private static final long MINUTE = 60;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private record Target(String job, String instance) {}

    private final MetricSamples samples = new MetricSamples();
    private final AlertRules rules;
    private final Map<Target, URI> targets = new LinkedHashMap<>();
    private final Map<Target, Optional<String>> latest = new LinkedHashMap<>();
    private final long begin;
    private long now;

    /** Its clock begins at 0. */
    public ScrapedSystem(AlertRules rules) {
        this(rules, 0);
    }

    /** @param beginSeconds of its clock */
    public ScrapedSystem(AlertRules rules, long beginSeconds) {
        this.rules = rules;
        this.begin = beginSeconds;
        this.now = beginSeconds;
    }

    /** @param metrics where it answers */
    public ScrapedSystem with(String job, String instance, URI metrics) {
        targets.put(new Target(job, instance), metrics);
        return this;
    }

    /** Reads all targets, a minute after the last time. A target that does not answer is down. */
    public void scrape() {
        targets.forEach((target, url) -> latest.put(target, get(url)));
        passMinute();
    }

    /** Adds what was read last once more, a minute later. */
    public void passMinute() {
        now += MINUTE;
        latest.forEach((target, text) -> samples.scrape(now, target.job, target.instance, text.orElse(null)));
    }

    /** Returns the result of a query now. */
    public List<PromQl.Value> query(String expression) {
        return PromQl.evaluate(expression, samples, now);
    }

    /** Returns the result of a rule's expression now; empty: neither pending nor firing. */
    public List<PromQl.Value> condition(String alert) {
        return query(rules.expression(alert));
    }

    /** Whether this alert fires now. */
    public boolean fires(String alert) {
        return rules.fires(alert, samples, begin, now, MINUTE);
    }

    /** Reads one target now, without adding anything. Empty: it does not answer. */
    public static Optional<String> get(URI url) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(url).timeout(TIMEOUT).build();
            return Optional.of(
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
