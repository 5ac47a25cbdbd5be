package dev.tidings.gateway.history;

/** Which end of a range a read begins with. The events of every reply are ascending by seq. */
public enum ReadOrder {
    NEWEST_FIRST,
    OLDEST_FIRST
}
