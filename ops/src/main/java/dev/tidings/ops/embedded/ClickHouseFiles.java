package dev.tidings.ops.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The files in the data directory of the embedded ClickHouse: two configuration files, which each start rewrites, the password of
 * its user, generated once, and the data.
 *
 * @param root absolute
 */
record ClickHouseFiles(Path root) {

    static final String USER = "app";

    private static final int PASSWORD_BYTES = 24;

    /** Writes the configuration. Returns the user's password; the configuration has only its hash. */
    String prepare() throws IOException {
        Files.createDirectories(data());
        Files.createDirectories(root.resolve("backups"));
        Files.deleteIfExists(output());
        String password = password();
        Files.writeString(config(), CONFIG.formatted(xml(engineLog()), xml(users()), xml(root.resolve("backups"))));
        Files.writeString(users(), USERS.formatted(USER, sha256(password)));
        return password;
    }

    Path config() {
        return root.resolve("config.xml");
    }

    Path users() {
        return root.resolve("users.xml");
    }

    Path data() {
        return root.resolve("data");
    }

    Path portFile() {
        return root.resolve("port");
    }

    Path engineLock() {
        return root.resolve("engine.lock");
    }

    Path engineLog() {
        return root.resolve("engine.log");
    }

    /** The output of the child process, such as why it did not start. */
    Path output() {
        return root.resolve("output.log");
    }

    private String password() throws IOException {
        Path file = root.resolve("password");
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        // no other user may read it at any moment, and a kill here leaves no empty password
        Path fresh = root.resolve("password.new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, password + "\n", StandardOpenOption.WRITE);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        return password;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String xml(Path path) {
        return path.toString().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /**
     * Caches and pools for one small machine, in bytes. Logs fatal errors only: the text of a failed query may contain a message.
     */
    private static final String CONFIG = """
            <clickhouse>
              <log-level>fatal</log-level>
              <logger><level>fatal</level><log>%s</log><size>10M</size><count>2</count></logger>
              <users_config>%s</users_config>
              <timezone>UTC</timezone>
              <max_server_memory_usage>1073741824</max_server_memory_usage>
              <mark_cache_size>67108864</mark_cache_size>
              <index_mark_cache_size>16777216</index_mark_cache_size>
              <uncompressed_cache_size>0</uncompressed_cache_size>
              <index_uncompressed_cache_size>0</index_uncompressed_cache_size>
              <mmap_cache_size>64</mmap_cache_size>
              <compiled_expression_cache_size>16777216</compiled_expression_cache_size>
              <max_concurrent_queries>100</max_concurrent_queries>
              <background_pool_size>2</background_pool_size>
              <background_schedule_pool_size>4</background_schedule_pool_size>
              <background_common_pool_size>2</background_common_pool_size>
              <merge_tree>
                <number_of_free_entries_in_pool_to_execute_mutation>1</number_of_free_entries_in_pool_to_execute_mutation>
                <number_of_free_entries_in_pool_to_lower_max_size_of_merge>1</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
                <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>1</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
              </merge_tree>
              <backups><allowed_path>%s</allowed_path></backups>
            </clickhouse>
            """;

    /**
     * {@code default} is the engine's own session, which cannot have a password, so it may only open the port. {@code app} may use
     * databases and tables, but not read files or other hosts, and not manage users.
     */
    private static final String USERS = """
            <clickhouse>
              <profiles><default/></profiles>
              <quotas><default/></quotas>
              <users>
                <default>
                  <password></password>
                  <networks><ip>127.0.0.1</ip></networks>
                  <profile>default</profile>
                  <quota>default</quota>
                  <grants><query>GRANT SYSTEM LISTEN ON *.*</query></grants>
                </default>
                <%1$s>
                  <password_sha256_hex>%2$s</password_sha256_hex>
                  <networks><ip>127.0.0.1</ip></networks>
                  <profile>default</profile>
                  <quota>default</quota>
                  <grants>
                    <query>GRANT SHOW, SELECT, INSERT, ALTER, CREATE, DROP, TRUNCATE, OPTIMIZE, BACKUP, KILL QUERY, dictGet ON *.*</query>
                    <query>GRANT TABLE ENGINE ON *</query>
                    <query>GRANT SYSTEM MERGES, SYSTEM FLUSH, SYSTEM RELOAD ON *.*</query>
                  </grants>
                </%1$s>
              </users>
            </clickhouse>
            """;
}
