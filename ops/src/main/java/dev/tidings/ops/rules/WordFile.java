package dev.tidings.ops.rules;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads a list of words: UTF-8, one on each line. Ignores blank lines and blanks around a word. */
public final class WordFile {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private WordFile() {}

    /** @throws IOException if the file cannot be read, is not UTF-8 or has no word; the message is a sentence for the operator */
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
            throw new IOException(file + " has no word");
        }
        return words;
    }
}
