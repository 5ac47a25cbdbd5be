package dev.tidings.ops.erasure;

import dev.tidings.v1.ErasedMessage;

/**
 * A message in ClickHouse.
 *
 * @param recalled whether its content is hidden already
 */
record StoredMessage(ErasedMessage id, boolean recalled) {}
