package dev.tidings.ops.cli;

import dev.tidings.ops.rules.WordFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Words as arguments or in a file. */
final class WordsArguments {

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "WORD", arity = "0..*", description = "The words.")
    private List<String> words = List.of();

    @Option(names = "--file", paramLabel = "FILE", description = "UTF-8 text file with one word on each line.")
    private @Nullable Path file;

    /** @throws ParameterException if both or none are given, or the file cannot be read */
    List<String> words() {
        if (words.isEmpty() == (file == null)) {
            throw new ParameterException(spec.commandLine(), "either WORD… or --file is needed, not both");
        }
        if (file == null) {
            return words;
        }
        try {
            return WordFile.read(file);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "--file: " + e.getMessage(), e);
        }
    }
}
