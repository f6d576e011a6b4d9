// One name per protocol, as messages of different packages share names. Each is also a subpath of its own
// (`@optimus/proto/core`), for programs that must start fast or know only one protocol.
export * as core from './core.ts';
export * as goPlugin from './go-plugin.ts';
export * as grpc from './grpc.ts';
export { type HttpBinding, type HttpRule, http, listHttpBindings } from './http-binding.ts';
export * as plugins from './plugins.ts';
