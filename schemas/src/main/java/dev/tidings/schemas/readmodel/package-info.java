/** The keys and tables of the read models in Redis and ClickHouse. Connectors write them, gateways read them. */
@NullMarked
package dev.tidings.schemas.readmodel;

import org.jspecify.annotations.NullMarked;
