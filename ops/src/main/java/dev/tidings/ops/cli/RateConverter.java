package dev.tidings.ops.cli;

import dev.tidings.v1.Rate;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses a rate limit: messages per time span, such as 10/10s or 3/1m, or {@code off}. */
final class RateConverter implements ITypeConverter<Rate> {

    private final SpanConverter spans = new SpanConverter();

    @Override
    public Rate convert(String text) {
        if (text.equals("off")) {
            return Rate.getDefaultInstance();
        }
        int slash = text.indexOf('/');
        if (slash < 1 || !text.substring(0, slash).matches("[1-9][0-9]{0,8}")) {
            throw new TypeConversionException('"' + text + "\" is neither a rate such as 10/10s nor off");
        }
        long seconds = spans.convert(text.substring(slash + 1)).toSeconds();
        if (seconds > Integer.MAX_VALUE) {
            throw new TypeConversionException('"' + text + "\" has too long a time span");
        }
        return Rate.newBuilder()
                .setMessages(Integer.parseInt(text.substring(0, slash)))
                .setSeconds((int) seconds)
                .build();
    }
}
