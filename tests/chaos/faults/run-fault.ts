import type { Fault } from '../plan/fault.ts';
import type { ChaosStage } from '../stage/chaos-stage.ts';
import {
  cutConnections,
  killDatabase,
  restartDatabase,
  slowDatabase,
  stallDatabase,
  takeConnections,
  terminateBackends,
} from './database-faults.ts';
import type { FaultOutcome } from './fault-outcome.ts';
import { deployAgain, runPoison, runTwice, useHands } from './hand-faults.ts';
import {
  freezeServer,
  killServer,
  partition,
  pickLeader,
  pickServer,
  reachCommitPoint,
  shiftServerClock,
  stopServer,
} from './server-faults.ts';
import { fillDisk, killTasks } from './task-faults.ts';

/** Has the fault happen, and lifts it. */
export async function runFault(stage: ChaosStage, fault: Fault): Promise<FaultOutcome> {
  switch (fault.kind) {
    case 'commit_point':
      return reachCommitPoint(stage, fault);
    case 'kill_server':
      return killServer(stage, pickServer(stage, fault.server), fault.ms);
    case 'kill_leader':
      return killServer(stage, await pickLeader(stage), fault.ms);
    case 'stop_server':
      return stopServer(stage, pickServer(stage, fault.server), fault.ms);
    case 'freeze_server':
      return freezeServer(stage, pickServer(stage, fault.server), fault.ms);
    case 'freeze_leader':
      return freezeServer(stage, await pickLeader(stage), fault.ms);
    case 'partition':
      return partition(stage, pickServer(stage, fault.server), fault.ms);
    case 'server_clock':
      return shiftServerClock(stage, fault);
    case 'full_disk':
      return fillDisk(stage, fault);
    case 'kill_tasks':
      return killTasks(stage, fault.what);
    case 'deploy':
      return deployAgain(stage, fault.ms);
    case 'run_twice':
      return runTwice(stage, fault.job);
    case 'poison':
      return runPoison(stage, fault.job);
    case 'hands':
      return useHands(stage, fault.steps);
    default:
      return runDatabaseFault(stage, fault);
  }
}

type DatabaseFaultKind =
  | 'stalled_database'
  | 'slow_database'
  | 'cut_connections'
  | 'terminate_backends'
  | 'too_many_connections'
  | 'restart_database'
  | 'kill_database';

function runDatabaseFault(
  stage: ChaosStage,
  fault: Extract<Fault, { readonly kind: DatabaseFaultKind }>,
): Promise<FaultOutcome> {
  switch (fault.kind) {
    case 'stalled_database':
      return stallDatabase(stage, fault.ms);
    case 'slow_database':
      return slowDatabase(stage, fault.delayMs, fault.ms);
    case 'cut_connections':
      return cutConnections(stage);
    case 'terminate_backends':
      return terminateBackends(stage);
    case 'too_many_connections':
      return takeConnections(stage, fault.ms);
    case 'restart_database':
      return restartDatabase(stage, fault.ms);
    case 'kill_database':
      return killDatabase(stage, fault.ms);
  }
}
