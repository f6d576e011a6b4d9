import {
  type KeyRotation,
  type NamespaceName,
  OptimusError,
  type ProjectName,
  type SecretName,
} from '@optimus/domain';
import { sql } from 'kysely';
import type { Database, StoreTransaction } from '../database/database.ts';
import type { SecretAddress, SecretCipher } from './secret-cipher.ts';

/** Rows of a transaction: at a mebibyte each they still fit, and nobody waits for them for long. */
const BATCH_ROWS = 50;
/** Any number that only this lock uses. */
const ROTATION_LOCK = 0x6b657973;

interface SealedRow {
  readonly id: string;
  readonly project: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly ciphertext: Buffer;
}

/** A secret in the clear, or undefined where no key opens it. */
interface OpenedRow {
  readonly id: string;
  readonly address: SecretAddress & { readonly name: SecretName };
  readonly value: string | undefined;
}

/**
 * Encrypts every secret under the present key, a transaction a batch, each under a lock: of two rotations at a time each batch
 * belongs to one. A row that somebody sets meanwhile is under a present key already, and is left alone.
 */
export async function rotateKey(database: Database, cipher: SecretCipher): Promise<KeyRotation> {
  let rotated = 0;
  const unreadable: KeyRotation['unreadable'][number][] = [];
  for (let after: string | undefined = '0'; after !== undefined; ) {
    const start: string = after;
    const batch = await database.transact((transaction) => rotateBatch(transaction, cipher, start));
    rotated += batch.filter(({ value }) => value !== undefined).length;
    unreadable.push(...batch.filter(({ value }) => value === undefined).map(({ address }) => address));
    after = batch.at(-1)?.id;
  }
  return { rotated, unreadable };
}

/** The rows behind an id that are under another key, as they were read; none when there are no more. */
async function rotateBatch(
  transaction: StoreTransaction,
  cipher: SecretCipher,
  after: string,
): Promise<readonly OpenedRow[]> {
  await sql`SELECT pg_advisory_xact_lock(${ROTATION_LOCK})`.execute(transaction);
  const rows = await selectBatch(transaction, cipher.prefix, after);
  const opened = rows.map((row) => open(cipher, row));
  for (const { id, address, value } of opened) {
    if (value === undefined) continue;
    const sealed = { ciphertext: cipher.encrypt(address, value), digest: cipher.digest(value) };
    await transaction.updateTable('secret').set(sealed).where('id', '=', id).execute();
  }
  return opened;
}

function selectBatch(
  transaction: StoreTransaction,
  prefix: Buffer,
  after: string,
): Promise<readonly SealedRow[]> {
  return transaction
    .selectFrom('secret')
    .innerJoin('project', 'project.id', 'secret.project_id')
    .leftJoin('namespace', 'namespace.id', 'secret.namespace_id')
    .select(['secret.id', 'secret.name', 'secret.ciphertext'])
    .select(['project.name as project', 'namespace.name as namespace'])
    .where(sql<Buffer>`substring(secret.ciphertext FROM 1 FOR ${prefix.length}::int)`, '<>', prefix)
    .where('secret.id', '>', after)
    .orderBy('secret.id')
    .limit(BATCH_ROWS)
    .forUpdate('secret')
    .execute();
}

function open(cipher: SecretCipher, row: SealedRow): OpenedRow {
  const address = toAddress(row);
  try {
    return { id: row.id, address, value: cipher.decrypt(address, row.ciphertext) };
  } catch (thrown) {
    if (!(thrown instanceof OptimusError) || thrown.code !== 'SECRET_UNREADABLE') throw thrown;
    return { id: row.id, address, value: undefined };
  }
}

function toAddress({ project, namespace, name }: SealedRow): OpenedRow['address'] {
  return {
    project: project as ProjectName,
    ...(namespace !== null && { namespace: namespace as NamespaceName }),
    name: name as SecretName,
  };
}
