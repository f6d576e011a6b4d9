import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import type { DatabaseProxy } from '../proxy/database-proxy.ts';
import type { ChaosStage } from '../stage/chaos-stage.ts';
import { type FaultOutcome, lifted } from './fault-outcome.ts';

/** Does something while no server reaches the database. */
async function whileAway(stage: ChaosStage, work: () => Promise<void>): Promise<FaultOutcome> {
  for (const { home } of stage.servers) stage.cutOffs.begin(home);
  await work();
  for (const server of stage.servers) if (server.isUp) stage.cutOffs.end(server.home);
  return lifted();
}

async function eachProxy(stage: ChaosStage, act: (proxy: DatabaseProxy) => void, ms: number): Promise<void> {
  for (const { proxy } of stage.servers) act(proxy);
  await delay(ms);
  for (const { proxy } of stage.servers) proxy.mend();
}

/** Statements wait, and so do all who want a connection. */
export function stallDatabase(stage: ChaosStage, ms: number): Promise<FaultOutcome> {
  return whileAway(stage, () => eachProxy(stage, (proxy) => proxy.stall(), ms));
}

/** Every message to and from the database takes longer. */
export async function slowDatabase(stage: ChaosStage, delayMs: number, ms: number): Promise<FaultOutcome> {
  await eachProxy(stage, (proxy) => proxy.slow(delayMs), ms);
  return lifted();
}

/** All connections break at once. */
export async function cutConnections(stage: ChaosStage): Promise<FaultOutcome> {
  for (const { proxy } of stage.servers) proxy.cut();
  return lifted();
}

const TERMINATE = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'optimus'`;

/** The database ends all connections of the servers. */
export async function terminateBackends(stage: ChaosStage): Promise<FaultOutcome> {
  await stage.query(TERMINATE, [stage.database]);
  return lifted();
}

/** Others take all the connections that the database has. */
export function takeConnections(stage: ChaosStage, ms: number): Promise<FaultOutcome> {
  return whileAway(stage, async () => {
    const first = await stage.cluster.connect(stage.database);
    const taken = await takeAll(stage);
    await first.query(TERMINATE, [stage.database]).catch(() => undefined);
    taken.push(first, ...(await takeAll(stage)));
    await delay(ms);
    await Promise.all(taken.map((client) => client.end().catch(() => undefined)));
  });
}

async function takeAll(stage: ChaosStage): Promise<Client[]> {
  const taken: Client[] = [];
  for (;;) {
    const client = await stage.cluster.connect(stage.database).catch(() => undefined);
    if (!client) return taken;
    taken.push(client);
  }
}

/** The database stops in order and starts again. */
export function restartDatabase(stage: ChaosStage, ms: number): Promise<FaultOutcome> {
  return whileAway(stage, async () => {
    await stage.cluster.stop();
    await delay(ms);
    await stage.cluster.start();
  });
}

/** The database is killed, and recovers when it starts again. */
export function killDatabase(stage: ChaosStage, ms: number): Promise<FaultOutcome> {
  return whileAway(stage, async () => {
    await stage.cluster.kill();
    await delay(ms);
    await stage.cluster.start();
  });
}
