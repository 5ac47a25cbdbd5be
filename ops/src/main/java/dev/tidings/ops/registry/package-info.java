/**
 * Publishes the schemas of the public topics in a schema registry, for tools that read them there. Tidings itself reads nothing from it:
 * its records have no schema ids.
 */
@NullMarked
package dev.tidings.ops.registry;

import org.jspecify.annotations.NullMarked;
