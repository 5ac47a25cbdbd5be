package dev.tidings.gateway.grpc;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.tidings.v1.AdminProto;
import dev.tidings.v1.ServiceProto;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Binds the methods of service.proto and admin.proto to their handlers. There is no generated code of the services: {@link
 * UnaryMethods} and {@link AdminMethods} are the tables of their methods.
 */
final class ServiceDefinition {

    /** The service for users. */
    static final ServiceDescriptor USERS = ServiceProto.getDescriptor().findServiceByName("Tidings");

    /** The service for operators. */
    static final ServiceDescriptor OPERATORS = AdminProto.getDescriptor().findServiceByName("TidingsAdmin");

    static final String CONNECT = "Connect";

    private ServiceDefinition() {}

    static ServerServiceDefinition ofUsers(UnaryCalls unary, ConnectCalls streams) {
        io.grpc.MethodDescriptor<byte[], ByteBuffer> connect =
                method(USERS, CONNECT, MethodType.BIDI_STREAMING, Marshallers.ENCODED);
        return unary(
                USERS,
                unary,
                UnaryMethods.ALL,
                List.<ServerMethodDefinition<?, ?>>of(ServerMethodDefinition.create(connect, streams)));
    }

    static ServerServiceDefinition ofOperators(UnaryCalls unary) {
        return unary(OPERATORS, unary, AdminMethods.ALL, List.of());
    }

    private static ServerServiceDefinition unary(
            ServiceDescriptor service,
            UnaryCalls calls,
            List<UnaryMethod<?>> unaryMethods,
            List<ServerMethodDefinition<?, ?>> others) {
        List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>(others);
        for (UnaryMethod<?> method : unaryMethods) {
            methods.add(ServerMethodDefinition.create(
                    method(service, method.name(), MethodType.UNARY, Marshallers.MESSAGE),
                    calls.handler(
                            method, service.findMethodByName(method.name()).getOutputType())));
        }
        io.grpc.ServiceDescriptor.Builder descriptor =
                io.grpc.ServiceDescriptor.newBuilder(service.getFullName()).setSchemaDescriptor(new Schema(service));
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(definition::addMethod);
        return definition.build();
    }

    private static <R> io.grpc.MethodDescriptor<byte[], R> method(
            ServiceDescriptor service, String name, MethodType type, Marshaller<R> replies) {
        return io.grpc.MethodDescriptor.newBuilder(Marshallers.BYTES, replies)
                .setType(type)
                .setFullMethodName(io.grpc.MethodDescriptor.generateFullMethodName(service.getFullName(), name))
                .build();
    }

    /** The schema, for the reflection service. */
    private record Schema(ServiceDescriptor service) implements ProtoServiceDescriptorSupplier {

        @Override
        public ServiceDescriptor getServiceDescriptor() {
            return service;
        }

        @Override
        public FileDescriptor getFileDescriptor() {
            return service.getFile();
        }
    }
}
