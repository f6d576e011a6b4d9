import path from 'node:path';
import { Client } from 'pg';
import type { Stage } from './stage.ts';

/** Asks the embedded database of a running server directly, past everything of ours. */
export async function queryDatabase(stage: Stage, sql: string): Promise<readonly Record<string, unknown>[]> {
  const host = path.join(stage.dataDir, 'postgres', 'socket');
  const client = new Client({ host, port: 5432, user: 'optimus', database: 'optimus' });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
