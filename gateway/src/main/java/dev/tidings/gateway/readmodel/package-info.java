/**
 * The read models: reads what the connectors have written to Redis and ClickHouse. Holds one connection to Redis and a pool of
 * connections to ClickHouse; the packages that use them decide what to read, and what to do while one of them does not answer.
 */
@NullMarked
package dev.tidings.gateway.readmodel;

import org.jspecify.annotations.NullMarked;
