/**
 * TLS of the gateway's ports: reads certificates and keys from PEM files, and reads them again when they change. Writes nothing
 * but metrics.
 */
@NullMarked
package dev.tidings.gateway.tls;

import org.jspecify.annotations.NullMarked;
