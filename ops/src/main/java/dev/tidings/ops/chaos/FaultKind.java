package dev.tidings.ops.chaos;

import java.util.Set;

/** The ways in which a process, or its network, fails. */
enum FaultKind {
    /** SIGKILL: no hook runs, nothing is flushed. Starts again after the downtime. */
    KILL(Set.of(ClusterRole.values())),
    /** SIGSTOP for the downtime, then SIGCONT: the process does not know that time has passed. */
    PAUSE(Set.of(ClusterRole.values())),
    /** SIGTERM, as for an upgrade. Starts again after the downtime, which begins when the process has ended. */
    RESTART(Set.of(ClusterRole.values())),
    /** No byte passes between the process and the others for the downtime. Connections stay open. */
    PARTITION(Set.of(ClusterRole.values())),
    /** Each read of up to 16 kB takes 100 ms longer on the way between the process and the others, for the downtime. */
    SLOW(Set.of(ClusterRole.values())),
    /** Files of the process cannot grow for the downtime, as on a full disk. A process that ends because of it starts again. */
    DISK(Set.of(ClusterRole.BROKER, ClusterRole.PROCESSORS)),
    /** SIGTERM, and a start with a clock that is up to a minute off. The next start corrects it. */
    CLOCK(Set.of(ClusterRole.BROKER, ClusterRole.PROCESSORS, ClusterRole.CONNECTORS, ClusterRole.GATEWAY)),
    /** SIGTERM and start of every process, one after the other: the next one when all others are ready. */
    ROLL(Set.of());

    private final Set<ClusterRole> roles;

    FaultKind(Set<ClusterRole> roles) {
        this.roles = roles;
    }

    /** Whether it makes one process of this role fail. */
    boolean affects(ClusterRole role) {
        return roles.contains(role);
    }
}
