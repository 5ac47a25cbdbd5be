package dev.tidings.ops.cli;

import dev.tidings.v1.Rate;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** So many in so much time: 10/10s, 3/1m; or off. */
final class RateConverter implements ITypeConverter<Rate> {

    private final SpanConverter spans = new SpanConverter();

    @Override
    public Rate convert(String text) {
        if (text.equals("off")) {
            return Rate.getDefaultInstance();
        }
        int slash = text.indexOf('/');
        if (slash < 1 || !text.substring(0, slash).matches("[1-9][0-9]{0,8}")) {
            throw new TypeConversionException('"' + text + "\" is no rate such as 10/10s, nor off");
        }
        long seconds = spans.convert(text.substring(slash + 1)).toSeconds();
        if (seconds > Integer.MAX_VALUE) {
            throw new TypeConversionException('"' + text + "\" is too long a time");
        }
        return Rate.newBuilder()
                .setMessages(Integer.parseInt(text.substring(0, slash)))
                .setSeconds((int) seconds)
                .build();
    }
}
