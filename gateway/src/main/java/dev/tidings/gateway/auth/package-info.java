/** Who is it? JSON Web Tokens, verified with a shared secret or the keys of an identity provider. Keeps no accounts. */
@NullMarked
package dev.tidings.gateway.auth;

import org.jspecify.annotations.NullMarked;
