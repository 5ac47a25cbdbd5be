/**
 * The rows that the ClickHouse sink writes: one type per table, with each column's name beside its value, and their encoding in
 * ClickHouse's format RowBinary.
 */
@NullMarked
package dev.tidings.connectors.clickhouse.row;

import org.jspecify.annotations.NullMarked;
