package dev.tidings.connectors.push;

import dev.tidings.v1.PushOutcome;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;

/** A record that was read, and how many of its deliveries are not settled yet. Not for several threads. */
final class Origin {

    private final SinkRecord record;
    private final List<PushOutcome> failures = new ArrayList<>();
    private int open;

    Origin(SinkRecord record) {
        this.record = record;
    }

    SinkRecord record() {
        return record;
    }

    /** It has one more delivery. */
    void opened() {
        open++;
    }

    void failed(PushOutcome failure) {
        failures.add(failure);
    }

    /** Counts a delivery as settled; whether it was the last one. */
    boolean settled() {
        open--;
        return open == 0;
    }

    /** At one or more targets. */
    List<PushOutcome> failures() {
        return failures;
    }
}
