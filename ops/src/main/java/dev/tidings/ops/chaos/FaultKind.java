package dev.tidings.ops.chaos;

/** The ways in which a process fails. */
enum FaultKind {
    /** SIGKILL: no hook runs, nothing is flushed. Starts again after the downtime. */
    KILL,
    /** SIGSTOP for the downtime, then SIGCONT: the process does not know that time has passed. */
    PAUSE,
    /** SIGTERM, as for an upgrade. Starts again after the downtime, which begins when the process has ended. */
    RESTART
}
