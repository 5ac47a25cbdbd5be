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
 * The files in the data directory of the embedded ClickHouse: two configuration files, which each start rewrites, the passwords of
 * its two users, generated once, and the data.
 *
 * @param root absolute
 */
record ClickHouseFiles(Path root) {

    static final String USER = "app";

    /** Only reads {@code tidings}. */
    static final String ANALYST = "analyst";

    /**
     * @param user of {@link #USER}
     * @param analyst of {@link #ANALYST}
     */
    record Passwords(String user, String analyst) {}

    private static final int PASSWORD_BYTES = 24;

    /** Writes the configuration. Returns the passwords; the configuration has only their hashes. */
    Passwords prepare() throws IOException {
        Files.createDirectories(data());
        Files.createDirectories(root.resolve("backups"));
        Files.deleteIfExists(output());
        Passwords passwords = new Passwords(password("password"), password("analyst-password"));
        Files.writeString(config(), CONFIG.formatted(xml(engineLog()), xml(users()), xml(root.resolve("backups"))));
        Files.writeString(
                users(), USERS.formatted(USER, sha256(passwords.user()), ANALYST, sha256(passwords.analyst())));
        return passwords;
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

    private String password(String name) throws IOException {
        Path file = root.resolve(name);
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        // no other user may read it at any moment, and a kill here leaves no empty password
        Path fresh = root.resolve(name + ".new");
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
     * databases and tables and object storage, but not read files or other hosts, and not manage users. {@code analyst} only reads {@code tidings}; it may
     * set formats and the like, but not raise its limits: 60 s, 512 MB and four threads a query, four queries at once, 10 GB in an
     * hour.
     */
    private static final String USERS = """
            <clickhouse>
              <profiles>
                <default/>
                <analyst>
                  <readonly>2</readonly>
                  <max_execution_time>60</max_execution_time>
                  <max_memory_usage>536870912</max_memory_usage>
                  <max_threads>4</max_threads>
                  <max_concurrent_queries_for_user>4</max_concurrent_queries_for_user>
                  <max_result_rows>1000000</max_result_rows>
                  <constraints>
                    <max_execution_time><min>1</min><max>60</max></max_execution_time>
                    <max_memory_usage><min>1</min><max>536870912</max></max_memory_usage>
                    <max_threads><min>1</min><max>4</max></max_threads>
                    <max_concurrent_queries_for_user><const/></max_concurrent_queries_for_user>
                    <max_result_rows><min>1</min><max>1000000</max></max_result_rows>
                  </constraints>
                </analyst>
              </profiles>
              <quotas>
                <default/>
                <analyst>
                  <interval>
                    <duration>3600</duration>
                    <queries>10000</queries>
                    <read_bytes>10737418240</read_bytes>
                  </interval>
                </analyst>
              </quotas>
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
                    <query>GRANT S3 ON *.*</query>
                    <query>GRANT SYSTEM MERGES, SYSTEM FLUSH, SYSTEM RELOAD ON *.*</query>
                  </grants>
                </%1$s>
                <%3$s>
                  <password_sha256_hex>%4$s</password_sha256_hex>
                  <networks><ip>127.0.0.1</ip></networks>
                  <profile>analyst</profile>
                  <quota>analyst</quota>
                  <grants>
                    <query>GRANT SHOW, SELECT ON tidings.*</query>
                  </grants>
                </%3$s>
              </users>
            </clickhouse>
            """;
}
