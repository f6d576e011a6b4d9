import { OptimusError } from '@optimus/domain';

/** A plugin that runs already, in the form that go-plugin prints and Terraform made known. */
export interface Reattachment {
  readonly network: 'unix' | 'tcp';
  readonly address: string;
  readonly pid: number;
}

export const reattachVariable = 'OPTIMUS_REATTACH_PLUGINS';

const example =
  '{"neo":{"Protocol":"grpc","ProtocolVersion":1,"Pid":123,"Test":true,"Addr":{"Network":"unix","String":"/tmp/p"}}}';

/**
 * The plugins of `OPTIMUS_REATTACH_PLUGINS` by name: the host connects to them instead of starting their file.
 * @throws OptimusError `CONFIG_INVALID`
 */
export function parseReattachments(text: string | undefined): ReadonlyMap<string, Reattachment> {
  if (!text) return new Map();
  const entries = Object.entries(readRecord(parseJson(text)) ?? fail('it is no JSON object'));
  return new Map(entries.map(([name, value]) => [name, parseReattachment(name, readRecord(value))]));
}

function parseReattachment(name: string, value: Readonly<Record<string, unknown>> | undefined): Reattachment {
  const address = readRecord(value?.['Addr']);
  const { Network: network, String: text } = address ?? {};
  const pid = value?.['Pid'];
  if (value?.['Protocol'] !== 'grpc') return fail(`"${name}" has another Protocol than grpc`);
  if (value['ProtocolVersion'] !== 1) return fail(`"${name}" has another ProtocolVersion than 1`);
  if (typeof pid !== 'number' || !Number.isInteger(pid) || pid < 1) return fail(`"${name}" has no Pid`);
  if ((network !== 'unix' && network !== 'tcp') || typeof text !== 'string' || text === '') {
    return fail(`"${name}" has no Addr with Network (unix or tcp) and String`);
  }
  return { network, address: text, pid };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function fail(problem: string): never {
  throw new OptimusError('CONFIG_INVALID', {
    message: `${reattachVariable} cannot be used: ${problem}`,
    hint: `write it as ${example}`,
  });
}
