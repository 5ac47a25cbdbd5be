/**
 * The user directory as clients read it: profiles from Redis, from ClickHouse where Redis does not have them, through a cache.
 * Reads only; DIRECTORY writes the profiles, and a changed one is visible when the sinks have written it and the cached one is
 * {@link dev.tidings.gateway.directory.CachedDirectory#MAX_AGE} old.
 */
@NullMarked
package dev.tidings.gateway.directory;

import org.jspecify.annotations.NullMarked;
