/** Encoding and decoding of frames in both subprotocols. An event that goes to many sessions is encoded once. */
@NullMarked
package dev.tidings.gateway.frame;

import org.jspecify.annotations.NullMarked;
