package dev.tidings.schemas.tracing;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans to a receiver by OTLP over HTTP, in batches, from a thread of its own. Never blocks its callers: spans that do not fit
 * into the queue, or that the receiver does not accept, are dropped and counted. Thread-safe.
 */
final class SpanExporter implements SpanExporterMXBean, AutoCloseable {

    /** Spans that wait at most. */
    static final int QUEUE = 4_096;

    private static final Logger LOG = LoggerFactory.getLogger(SpanExporter.class);
    private static final int BATCH = 512;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    private static final String SCOPE = "dev.tidings";
    private static final AtomicLong INSTANCES = new AtomicLong();

    private final URI url;
    private final Resource resource;
    private final ObjectName name;
    private final BlockingQueue<Span> queue = new ArrayBlockingQueue<>(QUEUE);
    private final LongAdder exported = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(REQUEST_TIMEOUT).build();
    private final Thread sender;
    private volatile boolean isClosed;

    /**
     * Starts the thread, and registers the counts as an MBean.
     *
     * @param endpoint base URL; spans are posted to {@code /v1/traces} below it
     */
    SpanExporter(String endpoint, String service) {
        this.url = URI.create(endpoint + "/v1/traces");
        this.resource = Resource.newBuilder()
                .addAttributes(MessageSpan.text("service.name", service))
                .build();
        this.name = register(service);
        this.sender = Thread.ofVirtual().name("span-exporter").start(this::run);
    }

    /** Queues a span, or drops it if the queue is full. */
    void export(Span span) {
        if (isClosed || !queue.offer(span)) {
            dropped.increment();
        }
    }

    @Override
    public long getExportedSpans() {
        return exported.sum();
    }

    @Override
    public long getDroppedSpans() {
        return dropped.sum();
    }

    private void run() {
        while (true) {
            boolean isLast = isClosed; // what was queued before is still sent
            List<Span> batch = new ArrayList<>();
            queue.drainTo(batch, BATCH);
            if (!batch.isEmpty()) {
                send(batch);
            } else if (isLast) {
                return;
            } else {
                try {
                    Span first = queue.poll(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                    if (first != null) {
                        batch.add(first);
                        Thread.sleep(PAUSE);
                        queue.drainTo(batch, BATCH - 1);
                        send(batch);
                    }
                } catch (InterruptedException e) {
                    dropped.add(batch.size());
                }
            }
        }
    }

    private void send(List<Span> spans) {
        byte[] body = ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(resource)
                        .addScopeSpans(ScopeSpans.newBuilder()
                                .setScope(InstrumentationScope.newBuilder().setName(SCOPE))
                                .addAllSpans(spans)))
                .build()
                .toByteArray();
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(REQUEST_TIMEOUT)
                .header("Content-Type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status / 100 == 2) {
                exported.add(spans.size());
                return;
            }
            LOG.warn("spans dropped spans={} status={}", spans.size(), status);
        } catch (IOException e) {
            LOG.warn("spans dropped spans={} reason={}", spans.size(), e.toString());
        } catch (InterruptedException e) {
            LOG.debug("interrupted while sending spans", e);
        }
        dropped.add(spans.size());
    }

    private ObjectName register(String service) {
        try {
            ObjectName own = new ObjectName(
                    "dev.tidings:type=tracing,service=" + service + ",id=" + INSTANCES.getAndIncrement());
            ManagementFactory.getPlatformMBeanServer().registerMBean(this, own);
            return own;
        } catch (JMException e) {
            throw new IllegalStateException("the counts of spans cannot be registered", e);
        }
    }

    /** Sends the queued spans, for two seconds at most. */
    @Override
    public void close() {
        isClosed = true;
        try {
            if (!sender.join(CLOSE_TIMEOUT)) {
                sender.interrupt();
                dropped.add(queue.size());
            }
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (JMException e) {
            LOG.debug("the counts of spans were not registered", e);
        }
        client.shutdownNow();
    }
}
