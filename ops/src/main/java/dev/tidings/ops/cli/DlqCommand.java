package dev.tidings.ops.cli;

import picocli.CommandLine.Command;

/** {@code tidings dlq}: lists, shows and retries dead letters. */
@Command(
        name = "dlq",
        description =
                "Lists, shows and retries dead letters: records that could not be processed, in tidings.dead-letters.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DlqListCommand.class, DlqShowCommand.class, DlqRetryCommand.class})
final class DlqCommand {}
