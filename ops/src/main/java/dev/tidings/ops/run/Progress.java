package dev.tidings.ops.run;

import java.time.Duration;

/** Receives the progress of starting and stopping. Called by several threads. */
public interface Progress {

    void started(String part, Duration took);

    void note(String text);

    void stopping(String part);

    /** Returns a receiver that ignores everything. */
    static Progress silent() {
        return new Progress() {
            @Override
            public void started(String part, Duration took) {
                // ignored
            }

            @Override
            public void note(String text) {
                // ignored
            }

            @Override
            public void stopping(String part) {
                // ignored
            }
        };
    }
}
