export { type Api, type ApiOptions, createApi } from './api.ts';
export type { ApiDeps } from './api-deps.ts';
export {
  type Authenticator,
  type AuthenticatorOptions,
  createAuthenticator,
  OPEN_ACCESS,
} from './call/authenticator.ts';
export type { Caller } from './call/call.ts';
export { MAX_MESSAGE_BYTES } from './grpc/grpc-server.ts';
export type { Address } from './listener/listener.ts';
