import { describe, expect, it } from 'vitest';
import { writeTemporaryFile } from '../testing/temporary-folder.ts';
import { loadServerConfig } from './load-server-config.ts';
import { redactConfig } from './redact-config.ts';

function redact(dsn: string): string {
  const keys = { app_key: 'hush-'.repeat(8), previous_app_keys: ['hush-hush'] };
  const serve = { ...keys, auth: { tokens: ['hush'] }, db: { dsn } };
  const executor = { docker: { credentials: { 'ghcr.io': 'me:hush' } } };
  const west = { host: 'http://west:9100', headers: { Authorization: 'Bearer hush' } };
  const managers = [{ name: 'west', type: 'optimus', config: west }];
  const telemetry = { otlp_endpoint: 'http://collector:4318', otlp_headers: { 'x-key': 'hush' } };
  const config = { serve, executor, resource_managers: managers, telemetry };
  const file = writeTemporaryFile('config.yaml', JSON.stringify(config));
  return JSON.stringify(redactConfig(loadServerConfig({ file, env: {} }).config));
}

describe('the logged configuration', () => {
  it.each([
    'postgres://user:hush@db:5432/optimus?sslmode=require',
    'postgres://db/optimus?password=hush&user=u',
    'postgres://db/optimus?sslpassword=hush',
    'postgres://user:hu%73h@db/optimus',
  ])('holds no secret of %s', (dsn) => {
    const logged = redact(dsn);
    expect(logged).not.toMatch(/hush|hu%73h/);
    expect(logged).toContain('"appKey":"set"');
    expect(logged).toContain('"previousAppKeys":1');
    expect(logged).toContain('"tokens":1');
    expect(logged).toContain('"credentials":["ghcr.io"]');
    expect(logged).toContain('"otlpHeaders":["x-key"]');
    expect(logged).toContain('"name":"west","host":"http://west:9100","headers":["Authorization"]');
  });

  it('still tells which database it is', () => {
    expect(redact('postgres://user:hush@db:5432/optimus')).toContain('postgres://user:***@db:5432/optimus');
  });
});
