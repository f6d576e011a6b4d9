import type { Registry } from 'prom-client';
import { type Authenticator, assertUnlimited } from '../call/authenticator.ts';

/** The content of a path outside the API. @throws OptimusError `UNAUTHENTICATED`, `PERMISSION_DENIED` */
export type Page = (
  authorization: string | undefined,
) => Promise<{ readonly contentType: string; readonly body: string }>;

/** `/ping` for whoever asks whether the server is there, `/metrics` for Prometheus. */
export function createPages(
  auth: Authenticator,
  metrics: Pick<Registry, 'contentType' | 'metrics'>,
): ReadonlyMap<string, Page> {
  return new Map<string, Page>([
    ['/ping', async () => ({ contentType: 'text/plain; charset=utf-8', body: 'pong' })],
    [
      '/metrics',
      async (authorization) => {
        assertUnlimited(await auth.authenticate(authorization), '/metrics');
        return { contentType: metrics.contentType, body: await metrics.metrics() };
      },
    ],
  ]);
}
