import type { ServerAddress } from './server-address.ts';

/**
 * The `authorization` header of every call: the bearer token of `OPTIMUS_AUTH_BEARER_TOKEN`, else the `user:password` of
 * `OPTIMUS_AUTH_BASIC_TOKEN` or of the address itself; undefined when there is none.
 */
export function findAuthorization(
  env: Readonly<Record<string, string | undefined>>,
  { userInfo }: Pick<ServerAddress, 'userInfo'>,
): string | undefined {
  const bearer = env['OPTIMUS_AUTH_BEARER_TOKEN'];
  if (bearer) return `Bearer ${bearer}`;
  const basic = env['OPTIMUS_AUTH_BASIC_TOKEN'] || userInfo;
  return basic ? `Basic ${Buffer.from(basic).toString('base64')}` : undefined;
}
