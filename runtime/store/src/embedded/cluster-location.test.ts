import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locateCluster, makeSocketFolder, toName } from './cluster-location.ts';
import { findClusterOwner, isReachable } from './cluster-owner.ts';

const NOBODY = { uid: 65534, gid: 65534 };
const isRoot = process.geteuid?.() === 0;

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'optimus-location-')));
  chmodSync(folder, 0o755);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a cluster', () => {
  it('lies in its data directory', () => {
    expect(locateCluster(folder)).toMatchObject({
      cluster: join(folder, 'cluster'),
      entry: join(folder, 'cluster'),
    });
  });

  it('stays where the link of its data directory points, made or not', () => {
    const elsewhere = join(folder, 'elsewhere');
    const dataDir = join(folder, 'data');
    mkdirSync(dataDir);
    symlinkSync(elsewhere, join(dataDir, 'cluster'));
    expect(locateCluster(dataDir)).toMatchObject({ cluster: elsewhere, entry: join(dataDir, 'cluster') });
    mkdirSync(elsewhere);
    expect(locateCluster(dataDir).cluster).toBe(elsewhere);
  });

  it.runIf(isRoot)('of a temporary data directory that nobody cannot enter is temporary too', () => {
    chmodSync(folder, 0o700);
    const { cluster } = locateCluster(folder);
    expect(dirname(cluster)).toBe(realpathSync(tmpdir()));
    expect(cluster).toContain(toName(folder));
    expect(locateCluster(folder).cluster).not.toBe(cluster);
  });

  it.runIf(isRoot)('is run by the account that owns it', () => {
    const cluster = join(folder, 'cluster');
    mkdirSync(cluster);
    expect(findClusterOwner(cluster)).toEqual(NOBODY);
    chownSync(cluster, 12_345, 54_321);
    expect(findClusterOwner(cluster)).toEqual({ uid: 12_345, gid: 54_321 });
  });
});

describe('a path', () => {
  it.runIf(isRoot)('is out of reach when one of its folders is closed to the account', () => {
    const inner = join(folder, 'a', 'b');
    mkdirSync(inner, { recursive: true });
    expect(isReachable(inner, NOBODY)).toBe(true);
    chmodSync(join(folder, 'a'), 0o750);
    expect(isReachable(inner, NOBODY)).toBe(false);
    chownSync(join(folder, 'a'), 0, NOBODY.gid);
    expect(isReachable(inner, NOBODY)).toBe(true);
    chownSync(join(folder, 'a'), NOBODY.uid, 0);
    expect(isReachable(inner, NOBODY)).toBe(true);
  });

  it('that does not exist yet is judged by the folders above it', () => {
    expect(isReachable(join(folder, 'not', 'yet'), NOBODY)).toBe(true);
  });

  it('is always in reach of the account that makes everything', () => {
    chmodSync(folder, 0o700);
    expect(isReachable(folder, undefined)).toBe(true);
  });
});

describe('the folder of a socket', () => {
  it('is private, and found again', () => {
    const location = locateCluster(folder);
    const path = makeSocketFolder(location);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(makeSocketFolder(location)).toBe(path);
  });

  it('is refused when somebody else may enter it, for he could listen in the server’s place', () => {
    const location = locateCluster(folder);
    chmodSync(makeSocketFolder(location), 0o755);
    expect(() => makeSocketFolder(location)).toThrow('is not private to this server');
  });

  it('is refused when somebody has put a link in its place', () => {
    symlinkSync(folder, join(folder, 'socket'));
    expect(() => makeSocketFolder(locateCluster(folder))).toThrow('is not private to this server');
  });
});
