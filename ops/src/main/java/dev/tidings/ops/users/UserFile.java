package dev.tidings.ops.users;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidings.schemas.check.DirectoryCheck;
import dev.tidings.schemas.check.Refusals;
import dev.tidings.schemas.serde.StrictJson;
import dev.tidings.v1.DisableUser;
import dev.tidings.v1.PutUser;
import dev.tidings.v1.Refusal;
import dev.tidings.v1.UserChange;
import dev.tidings.v1.UserProfile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of users: UTF-8, one {@code UserProfile} in JSON on each line, as {@code tidings users show} prints it. Ignores blank
 * lines, and the times and the version of a profile. A user with {@code "disabled": true} is put and then disabled.
 */
public final class UserFile {

    /** As in one {@code ChangeUsers}. */
    static final int MAX_CHANGES = 100;

    /** Serialized changes of one request, well below the largest value in {@code tidings.business}. */
    static final int MAX_BYTES = 256 * 1024;

    private UserFile() {}

    /** A line is not a valid profile; the message is a sentence for the operator. */
    private static final class WrongLineException extends Exception {

        private static final long serialVersionUID = 1L;

        WrongLineException(String message) {
            super(message);
        }
    }

    /**
     * Passes on the changes of the file in its order, in batches that fit into a request each. Skips lines that are not valid profiles.
     *
     * @param wrongLines takes a sentence for the operator about each skipped line
     * @throws IOException if the file cannot be read, or is not UTF-8; the message is a sentence for the operator, and the batches
     *     before have been passed on
     */
    public static void read(Path file, Consumer<List<UserChange>> batches, Consumer<String> wrongLines)
            throws IOException {
        List<UserChange> batch = new ArrayList<>();
        int bytes = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                for (UserChange change : changes(line, file + ":" + number, wrongLines)) {
                    if (batch.size() == MAX_CHANGES || bytes + change.getSerializedSize() > MAX_BYTES) {
                        batches.accept(List.copyOf(batch));
                        batch.clear();
                        bytes = 0;
                    }
                    batch.add(change);
                    bytes += change.getSerializedSize();
                }
            }
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not UTF-8", e);
        }
        if (!batch.isEmpty()) {
            batches.accept(List.copyOf(batch));
        }
    }

    private static List<UserChange> changes(String line, String place, Consumer<String> wrongLines) {
        try {
            return changes(line, place);
        } catch (WrongLineException e) {
            wrongLines.accept(String.valueOf(e.getMessage()));
            return List.of();
        }
    }

    private static List<UserChange> changes(String line, String place) throws WrongLineException {
        if (line.isBlank()) {
            return List.of();
        }
        UserProfile.Builder profile = UserProfile.newBuilder();
        try {
            StrictJson.parse(line.strip(), profile);
        } catch (InvalidProtocolBufferException e) {
            throw new WrongLineException(place + " is not a user in JSON: " + e.getMessage());
        }
        Refusal flaw = flaw(profile.build());
        if (flaw != null) {
            throw new WrongLineException(place + " is not a valid user: " + flaw.getMessage());
        }
        UserChange.Builder change = UserChange.newBuilder().setUserId(profile.getUserId());
        UserChange put = change.setPut(put(profile)).build();
        return profile.getDisabled()
                ? List.of(
                        put, change.setDisable(DisableUser.getDefaultInstance()).build())
                : List.of(put);
    }

    private static @Nullable Refusal flaw(UserProfile profile) {
        Refusal userId = Refusals.checkUser(profile.getUserId());
        return userId == null ? DirectoryCheck.check(profile) : userId;
    }

    private static PutUser put(UserProfile.Builder profile) {
        return PutUser.newBuilder()
                .setDisplayName(profile.getDisplayName())
                .setAvatarUrl(profile.getAvatarUrl())
                .setLocale(profile.getLocale())
                .setTimeZone(profile.getTimeZone())
                .setCustom(profile.getCustom())
                .build();
    }
}
