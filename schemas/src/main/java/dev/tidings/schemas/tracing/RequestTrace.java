package dev.tidings.schemas.tracing;

/** The trace of the HTTP request that the current thread carries out. Bound only if the request names a sampled trace. */
public final class RequestTrace {

    static final ScopedValue<TraceParent> CURRENT = ScopedValue.newInstance();

    private RequestTrace() {}

    /**
     * Carries out a request. Records that it sends from this thread belong to the trace.
     *
     * @param traceparent the request's header; an invalid or unsampled one has no effect
     */
    public static void run(String traceparent, Runnable request) {
        TraceParent parent = TraceParent.parse(traceparent);
        if (parent != null && parent.isSampled()) {
            ScopedValue.where(CURRENT, parent).run(request);
        } else {
            request.run();
        }
    }
}
