/** The retention of data in ClickHouse and the archive (decision 64): a policy without state. */
@NullMarked
package dev.tidings.connectors.retention;

import org.jspecify.annotations.NullMarked;
