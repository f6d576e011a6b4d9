import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { DigestMemory } from './digest-memory.ts';
import { keepChanged } from './read-server.ts';

const JOBS = [
  { namespace: 'sky', name: 'one', contentHash: 'a' },
  { namespace: 'sea', name: 'two', contentHash: 'b' },
];

let folder: string;

beforeEach(async () => {
  folder = await createTemporaryFolder();
});

const open = (project = 'lake', server = 'host:1') => new DigestMemory(folder, { server, project });

it('knows what was kept of a project on a server, and nothing of others', () => {
  open().keep({ revision: '7', jobs: JOBS });
  expect(open().find()).toEqual({ revision: '7', jobs: JOBS });
  expect(open('moon').find()).toBeUndefined();
  expect(open('lake', 'host:2').find()).toBeUndefined();
});

it('knows a project without jobs', () => {
  open().keep({ revision: '0', jobs: [] });
  expect(open().find()).toEqual({ revision: '0', jobs: [] });
});

it('knows nothing once its file is damaged', () => {
  open().keep({ revision: '7', jobs: JOBS });
  const file = path.join(folder, readdirSync(folder)[0] ?? '');
  writeFileSync(file, readFileSync(file, 'utf8').replace('one', 'eno'));
  expect(open().find()).toBeUndefined();
});

const FOUND = { registered: undefined, stored: JOBS, revision: '7' };
const SUMMARY = { isStored: true, revision: '8', revisionBefore: '7' };

it('follows a change of its own: what is deleted, what is new', () => {
  const deletions = [{ namespace: 'sky', name: 'one', basis: 'a' }];
  keepChanged(open(), FOUND, { upserts: [], deletions, summary: SUMMARY });
  expect(open().find()).toEqual({ revision: '8', jobs: JOBS.slice(1) });
});

it('forgets nothing and believes nothing when somebody else changed the project in between, or nothing was stored', () => {
  open().keep({ revision: '7', jobs: JOBS });
  const made = { upserts: [], deletions: [{ namespace: 'sky', name: 'one', basis: 'a' }] };
  keepChanged(open(), FOUND, { ...made, summary: { ...SUMMARY, revisionBefore: '7.5' } });
  keepChanged(open(), FOUND, { ...made, summary: { ...SUMMARY, isStored: false } });
  keepChanged(open(), FOUND, { ...made, summary: undefined });
  expect(open().find()).toEqual({ revision: '7', jobs: JOBS });
});
