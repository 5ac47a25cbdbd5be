package dev.tidings.connectors.clickhouse;

import com.clickhouse.client.api.ClickHouseException;
import com.clickhouse.client.api.ClientMisconfigurationException;
import com.clickhouse.client.api.ConnectionInitiationException;
import com.clickhouse.client.api.DataTransferException;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.client.api.TransportException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Classifies a failure of ClickHouse: whether the batch may succeed later, a row is at fault, or an operator must act. */
enum FailureKind {
    /** The same batch may well succeed later: unreachable, out of time, of memory, of disk, too busy merging. */
    MAY_PASS,
    /** ClickHouse understood the insert, and some row in it cannot be stored. */
    BAD_DATA,
    /** An error code that no list classifies. */
    UNLISTED,
    /** A missing table, missing rights or a wrong password: an operator must act. */
    BROKEN;

    /** ClickHouse's error codes for temporary conditions. */
    private static final Set<Integer> PASSING_CODES = Set.of(
            32, // ATTEMPT_TO_READ_AFTER_EOF: the insert broke off on its way
            33, // CANNOT_READ_ALL_DATA: likewise
            74, // CANNOT_READ_FROM_FILE_DESCRIPTOR
            75, // CANNOT_WRITE_TO_FILE_DESCRIPTOR
            76, // CANNOT_OPEN_FILE
            159, // TIMEOUT_EXCEEDED
            160, // TOO_SLOW
            164, // READONLY
            173, // CANNOT_ALLOCATE_MEMORY
            198, // DNS_ERROR
            201, // QUOTA_EXCEEDED
            202, // TOO_MANY_SIMULTANEOUS_QUERIES
            203, // NO_FREE_CONNECTION
            209, // SOCKET_TIMEOUT
            210, // NETWORK_ERROR
            225, // NO_ZOOKEEPER
            236, // ABORTED
            241, // MEMORY_LIMIT_EXCEEDED
            242, // TABLE_IS_READ_ONLY
            243, // NOT_ENOUGH_SPACE
            252, // TOO_MANY_PARTS
            285, // TOO_FEW_LIVE_REPLICAS
            286, // UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE
            319, // UNKNOWN_STATUS_OF_INSERT
            394, // QUERY_WAS_CANCELLED
            425, // SYSTEM_ERROR
            439, // CANNOT_SCHEDULE_TASK
            499, // S3_ERROR
            999); // KEEPER_EXCEPTION

    /** ClickHouse's error codes for values that it cannot store. */
    private static final Set<Integer> DATA_CODES = Set.of(
            6, // CANNOT_PARSE_TEXT
            26, // CANNOT_PARSE_QUOTED_STRING
            27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
            38, // CANNOT_PARSE_DATE
            41, // CANNOT_PARSE_DATETIME
            53, // TYPE_MISMATCH
            69, // ARGUMENT_OUT_OF_BOUND
            70, // CANNOT_CONVERT_TYPE
            72, // CANNOT_PARSE_NUMBER
            117, // INCORRECT_DATA
            128, // TOO_LARGE_ARRAY_SIZE
            131, // TOO_LARGE_STRING_SIZE
            321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
            349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
            395, // FUNCTION_THROW_IF_VALUE_IS_NON_ZERO
            469, // VIOLATED_CONSTRAINT
            691); // UNKNOWN_ELEMENT_OF_ENUM

    /** ClickHouse's error codes for a wrong setup. */
    private static final Set<Integer> SETUP_CODES = Set.of(
            10, // NOT_FOUND_COLUMN_IN_BLOCK
            16, // NO_SUCH_COLUMN_IN_TABLE
            20, // NUMBER_OF_COLUMNS_DOESNT_MATCH
            36, // BAD_ARGUMENTS
            46, // UNKNOWN_FUNCTION
            47, // UNKNOWN_IDENTIFIER
            48, // NOT_IMPLEMENTED
            50, // UNKNOWN_TYPE
            57, // TABLE_ALREADY_EXISTS
            60, // UNKNOWN_TABLE
            62, // SYNTAX_ERROR
            73, // UNKNOWN_FORMAT
            81, // UNKNOWN_DATABASE
            115, // UNKNOWN_SETTING
            192, // UNKNOWN_USER
            193, // WRONG_PASSWORD
            194, // REQUIRED_PASSWORD
            195, // IP_ADDRESS_NOT_ALLOWED
            291, // DATABASE_ACCESS_DENIED
            452, // SETTING_CONSTRAINT_VIOLATION
            497, // ACCESS_DENIED
            516); // AUTHENTICATION_FAILED

    static FailureKind of(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case ServerException server -> {
                    return ofServer(server);
                }
                case ClientMisconfigurationException wrong -> {
                    return BROKEN;
                }
                case ConnectionInitiationException unreachable -> {
                    return MAY_PASS;
                }
                case DataTransferException interrupted -> {
                    return MAY_PASS;
                }
                case TransportException broken -> {
                    return MAY_PASS;
                }
                case IOException broken -> {
                    return MAY_PASS;
                }
                case TimeoutException late -> {
                    return MAY_PASS;
                }
                case ClickHouseException other
                when other.isRetryable() -> {
                    return MAY_PASS;
                }
                default -> {
                    // the next cause may say more
                }
            }
        }
        return BROKEN;
    }

    private static FailureKind ofServer(ServerException failure) {
        if (DATA_CODES.contains(failure.getCode())) {
            return BAD_DATA;
        }
        if (failure.isRetryable() || PASSING_CODES.contains(failure.getCode())) {
            return MAY_PASS;
        }
        return SETUP_CODES.contains(failure.getCode()) ? BROKEN : UNLISTED;
    }
}
