import { create, type DescMethod, type DescService, type Message } from '@bufbuild/protobuf';
import { OptimusError } from '@optimus/domain';
import type { Access, BoundMethod, CallContext, CallIo, ServiceHandlers } from './call.ts';

type Handle = BoundMethod['handle'];
type AnyHandler = (request: unknown, context: CallContext) => unknown;

/** Who may call the rpcs of a service, all of them or by name; one that is not named needs a token. */
type AccessTo<S extends DescService> = Access | { readonly [K in keyof S['method']]?: Access };

/** Binds each rpc of a service to its handler. */
export function bindService<S extends DescService>(
  service: S,
  handlers: ServiceHandlers<S>,
  access: AccessTo<S> = 'token',
): readonly BoundMethod[] {
  const named = new Map<string, Access | undefined>(typeof access === 'string' ? [] : Object.entries(access));
  const accessTo = (name: string): Access =>
    typeof access === 'string' ? access : (named.get(name) ?? 'token');
  return service.methods.map((desc) => {
    // The mapped type has checked each handler against its descriptor; from here on they are alike.
    const handler = handlers[desc.localName as keyof typeof handlers] as AnyHandler;
    return { desc, access: accessTo(desc.localName), handle: toHandle(desc, handler) };
  });
}

/** Binds every rpc of a service to a refusal that says what is missing. */
export function bindUnsupported(service: DescService, missing: string): readonly BoundMethod[] {
  return service.methods.map((desc) => ({
    desc,
    access: 'token',
    handle: () => Promise.reject(toUnsupported(desc, missing)),
  }));
}

/** The refusal of an rpc, or of a part of it, that this version does not carry out. */
export function toUnsupported(desc: Pick<DescMethod, 'name' | 'parent'>, missing: string): OptimusError {
  return new OptimusError('FEATURE_UNSUPPORTED', {
    message: `${desc.parent.name}.${desc.name}: ${missing} not supported by this version of Optimus`,
    fields: { method: `${desc.parent.typeName}/${desc.name}` },
  });
}

function toHandle(desc: DescMethod, handler: AnyHandler): Handle {
  switch (desc.methodKind) {
    case 'unary':
      return async (io, context) => {
        await io.send(create(desc.output, (await handler(await io.request(), context)) as Message));
      };
    case 'server_streaming':
      return async (io, context) => {
        await sendAll(desc, io, handler(await io.request(), context));
      };
    default:
      return (io, context) => sendAll(desc, io, handler(io.requests(), context));
  }
}

async function sendAll(desc: DescMethod, io: CallIo, answers: unknown): Promise<void> {
  for await (const answer of answers as AsyncIterable<Message>) await io.send(create(desc.output, answer));
}
