import { OptimusError } from '@optimus/domain';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** The clear text of a secret's value, which travels as base64. The value itself is in no error. @throws OptimusError `SECRET_INVALID` */
export function fromSecretValue(name: string, value: string): string {
  const compact = value.replaceAll(/[\r\n]/g, '');
  if (!BASE64.test(compact)) throw invalid(name, 'is not base64', 'encode it, e.g. with: base64 -w0');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(compact, 'base64'));
  } catch {
    throw invalid(name, 'is not UTF-8 text', 'store binary values base64-encoded once more');
  }
}

function invalid(name: string, what: string, hint: string): OptimusError {
  return new OptimusError('SECRET_INVALID', {
    message: `the value of secret "${name}" ${what}`,
    hint,
    fields: { secret: name },
  });
}
