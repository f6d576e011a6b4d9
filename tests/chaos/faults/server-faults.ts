import { setTimeout as delay } from 'node:timers/promises';
import { findLead, watchDeath } from '../health/watch-death.ts';
import type { Fault } from '../plan/fault.ts';
import type { ChaosServer } from '../stage/chaos-server.ts';
import type { ChaosStage } from '../stage/chaos-stage.ts';
import { type FaultOutcome, lifted, missed } from './fault-outcome.ts';

type Of<K extends Fault['kind']> = Extract<Fault, { readonly kind: K }>;

/** How long a trap waits for its server to come there. */
const TRAP_PATIENCE_MS = 10_000;

/** The server of a fault; of fewer servers than it thinks of, another one. */
export function pickServer(stage: ChaosStage, index: number): ChaosServer {
  const server = stage.servers[index % stage.servers.length];
  if (!server) throw new Error('a seed has at least one server');
  return server;
}

/** The server that plans, or the first one while nobody does. */
export async function pickLeader(stage: ChaosStage): Promise<ChaosServer> {
  const lead = await findLead(stage).catch(() => undefined);
  return stage.servers.find(({ hostId }) => hostId === lead?.holder) ?? pickServer(stage, 0);
}

/** Kills the server and starts it again after a while. */
export async function killServer(stage: ChaosStage, server: ChaosServer, ms: number): Promise<FaultOutcome> {
  await stage.kill(server);
  const watching = watchDeath(stage, server);
  await delay(ms);
  await stage.start(server);
  return lifted(await watching);
}

/** Has the server stop in order, which is no reason to fail, and starts it again. */
export async function stopServer(stage: ChaosStage, server: ChaosServer, ms: number): Promise<FaultOutcome> {
  stage.cutOffs.begin(server.home);
  const code = await server.stop();
  await delay(ms);
  await stage.start(server);
  if (code !== 0)
    throw new Error(`a server that was asked to stop ended with ${code}:\n${server.output.slice(-2_000)}`);
  return lifted();
}

/** The server stands still, as a machine that sleeps. */
export async function freezeServer(
  stage: ChaosStage,
  server: ChaosServer,
  ms: number,
): Promise<FaultOutcome> {
  stage.cutOffs.begin(server.home);
  server.signal('SIGSTOP');
  await delay(ms);
  server.signal('SIGCONT');
  stage.cutOffs.end(server.home);
  return lifted();
}

/** The server lives and does not reach the database. */
export async function partition(stage: ChaosStage, server: ChaosServer, ms: number): Promise<FaultOutcome> {
  stage.cutOffs.begin(server.home);
  server.proxy.refuse();
  await delay(ms);
  server.proxy.mend();
  stage.cutOffs.end(server.home);
  return lifted();
}

/** Something happens to the server, or to its connection, at exactly this point of a commit. */
export async function reachCommitPoint(stage: ChaosStage, fault: Of<'commit_point'>): Promise<FaultOutcome> {
  const server = pickServer(stage, fault.server);
  const { action, ms } = fault;
  let outcome: Promise<FaultOutcome> | undefined;
  const isReached = await server.proxy.trap(
    fault.point,
    async (connection) => {
      if (action === 'freeze') {
        outcome = freezeServer(stage, server, ms);
        await outcome;
        return 'pass';
      }
      if (action === 'kill') outcome = killServer(stage, server, ms);
      connection.cut();
      return 'drop';
    },
    TRAP_PATIENCE_MS,
  );
  if (!isReached) return missed('not reached');
  return (await outcome) ?? lifted();
}

/** The clock of the server's machine is set, and set back. */
export async function shiftServerClock(stage: ChaosStage, fault: Of<'server_clock'>): Promise<FaultOutcome> {
  const server = pickServer(stage, fault.server);
  await server.shiftClock(fault.shiftMs);
  await delay(fault.ms);
  await server.shiftClock(0);
  return lifted();
}
