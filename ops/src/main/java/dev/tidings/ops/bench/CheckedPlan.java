package dev.tidings.ops.bench;

/** A load, and what it checks. */
public record CheckedPlan(LoadPlan plan, LoadChecks checks) {}
