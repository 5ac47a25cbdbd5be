/** How long ClickHouse and the archive keep data (decision 64): a policy without state. */
@NullMarked
package dev.tidings.connectors.retention;

import org.jspecify.annotations.NullMarked;
