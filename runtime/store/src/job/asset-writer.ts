import { createHash } from 'node:crypto';
import type { JobSpec } from '@optimus/domain';
import { sql } from 'kysely';
import type { StoreTransaction } from '../database/database.ts';

/** Which content a version's asset has. */
export interface AssetLink {
  readonly name: string;
  /** SHA-256 of the content, hex. */
  readonly hash: string;
}

/** Contents are sent in portions of about this size. */
const PORTION_BYTES = 8 * 1024 * 1024;

/** The assets of a specification by hash. */
export function toAssetLinks(spec: JobSpec): readonly AssetLink[] {
  return Object.entries(spec.assets).map(([name, content]) => ({ name, hash: toAssetHash(content) }));
}

/** Stores the contents that the database does not have yet, each once. */
export async function writeAssets(transaction: StoreTransaction, specs: readonly JobSpec[]): Promise<void> {
  const contents = new Map(
    specs.flatMap((spec) => Object.values(spec.assets)).map((content) => [toAssetHash(content), content]),
  );
  const known = await listKnown(transaction, [...contents.keys()]);
  // Two deploys that store the same contents in one order cannot wait for each other in a circle.
  const missing = [...contents].filter(([hash]) => !known.has(hash)).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const portion of toPortions(missing)) await insertContents(transaction, portion);
}

function toAssetHash(content: string): string {
  return createHash('sha256').update(content, 'utf8').digest('hex');
}

async function listKnown(
  transaction: StoreTransaction,
  hashes: readonly string[],
): Promise<ReadonlySet<string>> {
  if (hashes.length === 0) return new Set();
  const { rows } = await sql<{ hash: string }>`
    SELECT encode(asset.hash, 'hex') AS hash FROM asset
    JOIN unnest(${hashes}::text[]) wanted ON asset.hash = decode(wanted, 'hex')`.execute(transaction);
  return new Set(rows.map((row) => row.hash));
}

async function insertContents(
  transaction: StoreTransaction,
  portion: readonly (readonly [string, string])[],
): Promise<void> {
  const hashes = portion.map(([hash]) => Buffer.from(hash, 'hex'));
  const contents = portion.map(([, content]) => Buffer.from(content, 'utf8'));
  await sql`
    INSERT INTO asset (hash, content) SELECT * FROM unnest(${hashes}::bytea[], ${contents}::bytea[])
    ON CONFLICT (hash) DO NOTHING`.execute(transaction);
}

function* toPortions(
  contents: readonly (readonly [string, string])[],
): Generator<readonly (readonly [string, string])[]> {
  let portion: (readonly [string, string])[] = [];
  let bytes = 0;
  for (const entry of contents) {
    portion.push(entry);
    bytes += entry[1].length;
    if (bytes < PORTION_BYTES) continue;
    yield portion;
    [portion, bytes] = [[], 0];
  }
  if (portion.length > 0) yield portion;
}
