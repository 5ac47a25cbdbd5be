package dev.tidings.ops.chaos;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * A Java agent that shifts the wall clock of a whole process, as a wrongly set machine does. It rewrites the classes of
 * Tidings and of its libraries so that they ask this class for the time. {@link System#nanoTime} stays as it is, and so do
 * the classes of the JDK itself.
 */
public final class ShiftedClock {

    private static final ClassDesc SHIFTED = ClassDesc.of(ShiftedClock.class.getName());

    /** The methods without arguments that tell the time. This class has one of the same name for each. */
    private static final Set<String> TELLING_THE_TIME = Set.of(
            "java/lang/System.currentTimeMillis",
            "java/time/Instant.now",
            "java/time/Clock.systemUTC",
            "java/time/InstantSource.system");

    private static Duration shift = Duration.ZERO;

    private ShiftedClock() {}

    /**
     * Returns the JVM option for a process whose clock is off.
     *
     * @param directory gets the agent's JAR file
     * @param shift positive: ahead; negative: behind
     */
    public static String jvmOption(Path directory, Duration shift) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", ShiftedClock.class.getName());
        Path jar = directory.resolve("shifted-clock.jar");
        if (!Files.exists(jar)) {
            // the class itself is on the class path of the process
            new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        }
        return "-javaagent:" + jar + '=' + shift;
    }

    /** Called by the JVM before {@code main}. */
    public static void premain(String argument, Instrumentation instrumentation) {
        shift = Duration.parse(argument);
        instrumentation.addTransformer(new ClassFileTransformer() {
            @Override
            public byte @Nullable [] transform(
                    @Nullable ClassLoader loader,
                    String name,
                    @Nullable Class<?> redefined,
                    @Nullable ProtectionDomain domain,
                    byte[] bytes) {
                return loader == null || loader == ClassLoader.getPlatformClassLoader() ? null : rewritten(bytes);
            }
        });
    }

    public static long currentTimeMillis() {
        return System.currentTimeMillis() + shift.toMillis();
    }

    public static Instant now() {
        return Instant.now().plus(shift);
    }

    public static Clock systemUTC() {
        return Clock.offset(Clock.systemUTC(), shift);
    }

    public static InstantSource system() {
        return systemUTC();
    }

    /** Null where the class does not ask for the time. A failure ends the process: it must not run on the true time. */
    private static byte @Nullable [] rewritten(byte[] bytes) {
        try {
            String constants = new String(bytes, StandardCharsets.ISO_8859_1);
            if (TELLING_THE_TIME.stream()
                    .noneMatch(method -> constants.contains(method.substring(0, method.indexOf('.')))
                            && constants.contains(method.substring(method.indexOf('.') + 1)))) {
                return null;
            }
            ClassFile classFile = ClassFile.of();
            ClassModel model = classFile.parse(bytes);
            if (model.thisClass().asSymbol().equals(SHIFTED)
                    || model.methods().stream().noneMatch(ShiftedClock::asksForTheTime)) {
                return null;
            }
            CodeTransform code = (builder, element) -> {
                switch (element) {
                    case InvokeInstruction call
                    when asksForTheTime(call) ->
                        builder.invokestatic(SHIFTED, call.name().stringValue(), call.typeSymbol());
                    case InvokeDynamicInstruction call
                    when asksForTheTime(call) ->
                        builder.invokedynamic(DynamicCallSiteDesc.of(
                                call.bootstrapMethod(),
                                call.name().stringValue(),
                                call.typeSymbol(),
                                call.bootstrapArgs().stream()
                                        .map(ShiftedClock::shifted)
                                        .toArray(ConstantDesc[]::new)));
                    default -> builder.with(element);
                }
            };
            return classFile.transformClass(
                    model, ClassTransform.transformingMethodBodies(ShiftedClock::asksForTheTime, code));
        } catch (RuntimeException | Error e) {
            System.err.println("the clock of a class cannot be shifted: " + e);
            Runtime.getRuntime().halt(1);
            return null;
        }
    }

    private static boolean asksForTheTime(MethodModel method) {
        Optional<CodeModel> code = method.code();
        return code.isPresent() && code.get().elementStream().anyMatch(ShiftedClock::asksForTheTime);
    }

    private static boolean asksForTheTime(CodeElement element) {
        return switch (element) {
            case InvokeInstruction call ->
                call.opcode() == Opcode.INVOKESTATIC
                        && call.typeSymbol().parameterCount() == 0
                        && TELLING_THE_TIME.contains(call.owner().asInternalName()
                                + '.'
                                + call.name().stringValue());
            case InvokeDynamicInstruction call -> call.bootstrapArgs().stream().anyMatch(ShiftedClock::asksForTheTime);
            default -> false;
        };
    }

    /** Whether it is a method reference such as {@code System::currentTimeMillis}. */
    private static boolean asksForTheTime(ConstantDesc argument) {
        return argument instanceof DirectMethodHandleDesc method
                && method.kind() == DirectMethodHandleDesc.Kind.STATIC
                && method.invocationType().parameterCount() == 0
                && TELLING_THE_TIME.contains(internalName(method.owner()) + '.' + method.methodName());
    }

    private static ConstantDesc shifted(ConstantDesc argument) {
        if (argument instanceof DirectMethodHandleDesc method && asksForTheTime(argument)) {
            MethodTypeDesc type = method.invocationType();
            return MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, SHIFTED, method.methodName(), type);
        }
        return argument;
    }

    private static String internalName(ClassDesc type) {
        String descriptor = type.descriptorString();
        return descriptor.substring(1, descriptor.length() - 1);
    }
}
