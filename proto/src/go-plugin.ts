// The services that go-plugin puts beside a plugin's own: its output, its end, and its further listeners.
export * from './gen/plugin/grpc_broker_pb.ts';
export * from './gen/plugin/grpc_controller_pb.ts';
export * from './gen/plugin/grpc_stdio_pb.ts';
