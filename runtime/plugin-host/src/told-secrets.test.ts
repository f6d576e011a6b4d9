import { OptimusError } from '@optimus/domain';
import { expect, test } from 'vitest';
import { RecordingLog } from './testing/recording-log.ts';
import { ToldSecrets } from './told-secrets.ts';

const request = {
  config: [],
  assets: [],
  project: { name: 'space', config: {}, secrets: [{ name: 'TASK_NEO', value: 'hush-hush' }] },
};

test('a secret that a plugin was told is in no entry of the log and in no failure', async () => {
  const told = new ToldSecrets();
  const log = new RecordingLog();
  const masked = told.maskLog(log).child({ plugin: 'neo' });
  const failure = new OptimusError('PLUGIN_REFUSED', { message: 'bad key hush-hush' });
  const call = told.during(request, () => Promise.reject(failure));
  await expect(call).rejects.toMatchObject({ code: 'PLUGIN_REFUSED', message: 'bad key ***' });
  masked.info('connecting with hush-hush', { args: ['key=hush-hush', { deep: 'hush-hush' }], count: 1 });
  expect(JSON.stringify(log)).not.toContain('hush-hush');
});

test('an answer is left as it is', async () => {
  const told = new ToldSecrets();
  expect(await told.during(request, () => Promise.resolve('bigquery://hush-hush'))).toBe(
    'bigquery://hush-hush',
  );
});
