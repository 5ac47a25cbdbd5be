package dev.tidings.ops.run;

import java.time.Duration;

/** Hears how starting and stopping goes; from several threads. */
public interface Progress {

    void started(String part, Duration took);

    void note(String text);

    void stopping(String part);

    /** Nobody watches. */
    static Progress silent() {
        return new Progress() {
            @Override
            public void started(String part, Duration took) {
                // nobody watches
            }

            @Override
            public void note(String text) {
                // nobody watches
            }

            @Override
            public void stopping(String part) {
                // nobody watches
            }
        };
    }
}
