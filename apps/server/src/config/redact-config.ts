import type { ServerConfig } from './server-config.ts';

/** The configuration as the log may show it: keys, tokens and passwords replaced. */
export function redactConfig(config: ServerConfig): object {
  const { appKey, previousAppKeys, auth, db, ...serve } = config.serve;
  const { docker } = config.executor;
  return {
    ...config,
    serve: {
      ...serve,
      appKey: appKey === undefined ? 'not set' : 'set',
      previousAppKeys: previousAppKeys.length,
      auth: { tokens: auth.tokens.length },
      db: { dsn: db.dsn === undefined ? 'embedded' : redactDsn(db.dsn) },
    },
    executor: {
      ...config.executor,
      docker: { ...docker, credentials: Object.keys(docker.credentials) },
    },
    resourceManagers: config.resourceManagers.map(({ headers, ...server }) => ({
      ...server,
      headers: Object.keys(headers),
    })),
    telemetry: { ...config.telemetry, otlpHeaders: Object.keys(config.telemetry.otlpHeaders) },
  };
}

/** A password may stand in the user part, or among the parameters. */
function redactDsn(dsn: string): string {
  if (!URL.canParse(dsn)) return 'set';
  const url = new URL(dsn);
  if (url.password !== '') url.password = '***';
  for (const name of url.searchParams.keys()) {
    if (/password|key|secret/i.test(name)) url.searchParams.set(name, '***');
  }
  return url.href;
}
