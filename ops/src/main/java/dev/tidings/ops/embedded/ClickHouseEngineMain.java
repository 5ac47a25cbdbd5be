package dev.tidings.ops.embedded;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * The main class of the small JVM that runs the ClickHouse engine, so that a native crash ends only this process. Runs as long as
 * its standard input is open, which its owner holds. Uses only the JDK: its class path has nothing else.
 *
 * <p>Arguments: library, configuration file, data directory, port (0: any), file to write the port to, lock file.
 */
@SuppressWarnings("restricted")
final class ClickHouseEngineMain {

    private static final int READ_WRITE = 2;
    private static final int NO_CONTROLLING_TERMINAL = 256;
    private static final long ENGINE_STACK_BYTES = 16L << 20;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private static final Arena FOREVER = Arena.global();
    private static final Linker LINKER = Linker.nativeLinker();

    public static void main(String[] args) throws Throwable {
        int session = (int)
                libc("setsid", FunctionDescriptor.of(ValueLayout.JAVA_INT)).invokeExact();
        if (session < 0) {
            report("setsid failed: a Ctrl-C of the owner reaches this process");
        }
        InputStream lifetime = moveStandardInput();
        int terminal = becomeInteractive();
        Thread engine = new Thread(null, () -> runEngine(args), "engine", ENGINE_STACK_BYTES);
        engine.setDaemon(true);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(terminal, engine), "leave"));
        // a predecessor whose owner was killed takes a moment to end; the lock is released when this process ends
        FileChannel.open(Path.of(args[5]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                .lock();
        engine.start();
        awaitEnd(lifetime);
        leave(terminal, engine);
    }

    /** Duplicates the owner's pipe to another descriptor: the engine needs descriptor 0. */
    private static InputStream moveStandardInput() throws Throwable {
        int moved = (int) libc("dup", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                .invokeExact(0);
        return new FileInputStream("/proc/self/fd/" + moved);
    }

    /**
     * Gives the engine a terminal as standard input. Without one it treats a malformed connection as a failed script, and ends.
     *
     * @return the other end of the terminal; the engine reads what is written there as typed
     */
    private static int becomeInteractive() throws Throwable {
        FunctionDescriptor intOfInt = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        int terminal = (int) libc("posix_openpt", intOfInt).invokeExact(READ_WRITE | NO_CONTROLLING_TERMINAL);
        int granted = (int) libc("grantpt", intOfInt).invokeExact(terminal);
        int unlocked = (int) libc("unlockpt", intOfInt).invokeExact(terminal);
        if (terminal < 0 || granted < 0 || unlocked < 0) {
            throw new IOException("no pseudo-terminal available");
        }
        MemorySegment name =
                (MemorySegment) libc("ptsname", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT))
                        .invokeExact(terminal);
        MethodHandle open = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("open"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        int engineSide = (int) open.invokeExact(name, READ_WRITE | NO_CONTROLLING_TERMINAL, 0);
        FunctionDescriptor intOfTwo =
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        int replaced = (int) libc("dup2", intOfTwo).invokeExact(engineSide, 0);
        if (engineSide < 0 || replaced < 0) {
            throw new IOException("the pseudo-terminal cannot be opened");
        }
        return terminal;
    }

    /** Runs the server. Ends this process when the server ends. */
    private static void runEngine(String[] args) {
        try {
            SymbolLookup library = SymbolLookup.libraryLookup(Path.of(args[0]), FOREVER);
            // its signal handlers would catch faults that the JVM raises and handles in normal operation
            LINKER.downcallHandle(
                            library.findOrThrow("chdb_set_signal_handlers_enabled"),
                            FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT))
                    .invokeExact(0);
            MethodHandle run = LINKER.downcallHandle(
                    library.findOrThrow("chdb_query_cmdline"),
                    FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
            String[] command = command(args);
            MemorySegment result = (MemorySegment) run.invokeExact(command.length, pointers(command));
            MethodHandle error = LINKER.downcallHandle(
                    library.findOrThrow("chdb_result_error"),
                    FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
            MemorySegment message = (MemorySegment) error.invokeExact(result);
            if (!message.equals(MemorySegment.NULL)) {
                report(message.reinterpret(Long.MAX_VALUE).getString(0));
            }
            Runtime.getRuntime().halt(1);
        } catch (Throwable e) {
            report(e.toString());
            Runtime.getRuntime().halt(1);
        }
    }

    private static String[] command(String[] args) {
        String portFile = args[4].replace("\\", "\\\\").replace("'", "\\'");
        return new String[] {
            "clickhouse-local",
            "--config-file=" + args[1],
            "--path=" + args[2],
            "--listen_host=127.0.0.1",
            "--http_port=" + args[3],
            "--interactive",
            "--disable_suggestion",
            "--history_file=/dev/null",
            "--query",
            "SYSTEM START LISTEN HTTP; SELECT getServerPort('http_port') INTO OUTFILE '" + portFile
                    + "' TRUNCATE FORMAT TSV"
        };
    }

    private static MemorySegment pointers(String[] strings) {
        MemorySegment array = FOREVER.allocate(ValueLayout.ADDRESS, strings.length + 1L);
        for (int i = 0; i < strings.length; i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, FOREVER.allocateFrom(strings[i]));
        }
        return array;
    }

    private static void awaitEnd(InputStream lifetime) {
        try {
            while (lifetime.read() >= 0) {
                // the owner writes nothing
            }
        } catch (IOException e) {
            // the owner has ended
        }
    }

    /** Types {@code exit}, waits up to 5 s until the engine has written its data, and ends this process. */
    private static void leave(int terminal, Thread engine) {
        try {
            byte[] exit = "exit\n".getBytes(StandardCharsets.US_ASCII);
            MemorySegment bytes = FOREVER.allocateFrom(ValueLayout.JAVA_BYTE, exit);
            long written = (long) libc(
                            "write",
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_LONG))
                    .invokeExact(terminal, bytes, (long) exit.length);
            if (written == exit.length) {
                engine.join(STOP_TIMEOUT);
            }
        } catch (Throwable e) {
            report(e.toString());
        }
        Runtime.getRuntime().halt(0);
    }

    private static MethodHandle libc(String function, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(function), descriptor);
    }

    /** Writes to standard error, which the owner redirects to a file. */
    private static void report(String message) {
        System.err.println("engine: " + message);
    }

    private ClickHouseEngineMain() {}
}
