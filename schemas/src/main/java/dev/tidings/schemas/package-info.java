/**
 * What is said in Tidings: {@link dev.tidings.schemas.Topics}, in flow order. The words themselves are the messages of
 * {@code tidings/v1/*.proto}.
 */
@NullMarked
package dev.tidings.schemas;

import org.jspecify.annotations.NullMarked;
