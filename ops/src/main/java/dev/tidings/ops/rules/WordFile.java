package dev.tidings.ops.rules;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** A list of words: UTF-8, one on each line. Blank lines and blanks around a word say nothing. */
public final class WordFile {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private WordFile() {}

    /** @throws IOException where it cannot be read, is no UTF-8 or holds no word; the message says so in a sentence */
    public static List<String> read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not UTF-8", e);
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
        String marked = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        List<String> words = marked.lines()
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
        if (words.isEmpty()) {
            throw new IOException(file + " holds no word");
        }
        return words;
    }
}
