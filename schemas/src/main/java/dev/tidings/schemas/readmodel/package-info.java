/** Where read models stand in Redis and ClickHouse: agreed between the connectors that write and the gateways that read. */
@NullMarked
package dev.tidings.schemas.readmodel;

import org.jspecify.annotations.NullMarked;
