/**
 * The contract between the parts of Tidings: {@link dev.tidings.schemas.Topics} lists all topics in flow order, {@link
 * dev.tidings.schemas.Limits} all sizes. The records are the messages of {@code tidings/v1/*.proto}.
 */
@NullMarked
package dev.tidings.schemas;

import org.jspecify.annotations.NullMarked;
