package dev.tidings.gateway.grpc;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import dev.tidings.v1.ServiceProto;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Binds the methods of service.proto to their handlers. There is no generated code of the service: {@link UnaryMethods} is the
 * table of its methods.
 */
final class ServiceDefinition {

    static final com.google.protobuf.Descriptors.ServiceDescriptor SERVICE =
            ServiceProto.getDescriptor().findServiceByName("Tidings");
    static final String CONNECT = "Connect";

    private ServiceDefinition() {}

    static ServerServiceDefinition of(UnaryCalls unary, ConnectCalls streams) {
        io.grpc.MethodDescriptor<byte[], ByteBuffer> connect =
                method(CONNECT, MethodType.BIDI_STREAMING, Marshallers.ENCODED);
        List<io.grpc.MethodDescriptor<byte[], Message>> methods = new ArrayList<>();
        for (UnaryMethod<?> method : UnaryMethods.ALL) {
            methods.add(method(method.name(), MethodType.UNARY, Marshallers.MESSAGE));
        }
        ServiceDescriptor.Builder service =
                ServiceDescriptor.newBuilder(SERVICE.getFullName()).setSchemaDescriptor(new Schema());
        service.addMethod(connect);
        methods.forEach(service::addMethod);
        ServerServiceDefinition.Builder definition =
                ServerServiceDefinition.builder(service.build()).addMethod(connect, streams);
        for (int i = 0; i < methods.size(); i++) {
            UnaryMethod<?> method = UnaryMethods.ALL.get(i);
            MethodDescriptor described = SERVICE.findMethodByName(method.name());
            definition.addMethod(methods.get(i), unary.handler(method, described.getOutputType()));
        }
        return definition.build();
    }

    private static <R> io.grpc.MethodDescriptor<byte[], R> method(String name, MethodType type, Marshaller<R> replies) {
        return io.grpc.MethodDescriptor.newBuilder(Marshallers.BYTES, replies)
                .setType(type)
                .setFullMethodName(io.grpc.MethodDescriptor.generateFullMethodName(SERVICE.getFullName(), name))
                .build();
    }

    /** The schema, for the reflection service. */
    private static final class Schema implements ProtoServiceDescriptorSupplier {

        @Override
        public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
            return SERVICE;
        }

        @Override
        public FileDescriptor getFileDescriptor() {
            return ServiceProto.getDescriptor();
        }
    }
}
