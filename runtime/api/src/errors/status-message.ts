import { create, createRegistry, type MessageInitShape, type MessageShape, toJson } from '@bufbuild/protobuf';
import { type AnySchema, anyPack } from '@bufbuild/protobuf/wkt';
import { grpc } from '@optimus/proto';
import type { CallStatus } from './call-status.ts';
import { STATUS_CODES } from './status-code.ts';

const MAX_MESSAGE_LENGTH = 4_000;
const registry = createRegistry(grpc.ErrorInfoSchema, grpc.HelpSchema);

/**
 * A status as `google.rpc.Status`: the code and fields of the error travel as `ErrorInfo`, its hint as `Help`.
 * The message is cut to what fits a header.
 */
export function toStatusMessage(status: CallStatus): MessageShape<typeof grpc.StatusSchema> {
  return create(grpc.StatusSchema, {
    code: STATUS_CODES[status.name],
    message: toHeaderText(status.message),
    details: [...toErrorInfo(status), ...toHelp(status)],
  });
}

/** The JSON body of a failed REST call: `{code, message, details}`. */
export function toStatusJson(status: CallStatus): unknown {
  return toJson(grpc.StatusSchema, toStatusMessage(status), { alwaysEmitImplicit: true, registry });
}

/** Text that survives a header: well-formed, and bounded because peers drop a connection whose headers are too large. */
function toHeaderText(text: string): string {
  const wellFormed = text.toWellFormed();
  return wellFormed.length <= MAX_MESSAGE_LENGTH
    ? wellFormed
    : `${wellFormed.slice(0, MAX_MESSAGE_LENGTH).toWellFormed()}…`;
}

function toErrorInfo({ reason, fields }: CallStatus): MessageInitShape<typeof AnySchema>[] {
  if (reason === '') return [];
  const metadata = Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, toHeaderText(value).slice(0, 1_000).toWellFormed()]),
  );
  return [
    anyPack(grpc.ErrorInfoSchema, create(grpc.ErrorInfoSchema, { reason, domain: 'optimus', metadata })),
  ];
}

function toHelp({ hint }: CallStatus): MessageInitShape<typeof AnySchema>[] {
  if (hint === '') return [];
  return [
    anyPack(
      grpc.HelpSchema,
      create(grpc.HelpSchema, { links: [{ description: toHeaderText(hint), url: '' }] }),
    ),
  ];
}
