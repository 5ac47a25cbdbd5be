package dev.tidings.ops.cli;

import picocli.CommandLine.Command;

/** {@code tidings dlq}: what was put aside, and its way back. */
@Command(
        name = "dlq",
        description = "Looks into the dead letters: records that could not be read, in the topic tidings.dead-letters.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DlqListCommand.class, DlqShowCommand.class, DlqRetryCommand.class})
final class DlqCommand {}
