import type { ExecutionRequest, Log } from '@optimus/domain';
import type { AttemptFolder } from './attempt-folder.ts';
import { toTaskLimits } from './cgroup/task-limits.ts';
import { executorFailed } from './executor-failed.ts';
import { Launcher, LaunchFailure, SOURCE_LAUNCHER } from './launcher/launcher.ts';
import { LiveAttempt } from './live-attempt.ts';
import type { ProcessIdentity } from './process-identity.ts';
import type { CommandLine } from './process-image.ts';
import { toTaskEnvironment } from './supervisor.ts';
import { toTaskFiles } from './task-files.ts';
import { SOURCE_LOG_FILTER } from './task-output.ts';

/** What starting attempts needs. */
export interface AttemptStarterOptions {
  /** Absolute path; `attempts/` and `logs/` are made in it. One server at a time. */
  readonly dataDir: string;
  readonly log: Log;
  /** The program that masks secrets in output; default: the one in these sources. */
  readonly logFilter?: CommandLine;
  /** The program that starts processes; default: the one in these sources. */
  readonly launcher?: CommandLine;
  /** How large the log of an attempt with secrets grows before the middle of its output is left out; default 256 MiB. */
  readonly maxLogBytes?: number;
  /** Folder of a cgroup of version 2 below which attempts with limits get their own; default: the cgroups that this process is in. */
  readonly cgroup?: string;
}

const MAX_LOG_BYTES = 256 * 1024 * 1024;
/** Of no process there ever was. */
const NOBODY: ProcessIdentity = { pid: 0, startedAt: '', bootId: 'none' };

/** Has the launcher start attempts, and finds out what became of those over which it was killed. */
export class AttemptStarter {
  readonly #options: AttemptStarterOptions;
  readonly #launcher: Launcher;
  #hasToldUnlimited = false;

  /** @param onLost called when nobody tells any more of the ends of what was started */
  constructor(options: AttemptStarterOptions, onLost: () => void) {
    this.#options = options;
    // The data directory tells whoever lists processes whose it is.
    this.#launcher = new Launcher([...(options.launcher ?? SOURCE_LAUNCHER), options.dataDir], onLost);
  }

  warmUp(): void {
    this.#launcher.warmUp();
  }

  stop(): void {
    this.#launcher.stop();
  }

  /** Undefined when the attempt was started before. @throws OptimusError `EXECUTOR_FAILED`, and `LaunchFailure` */
  async start(
    request: ExecutionRequest,
    folder: AttemptFolder,
    command: CommandLine,
  ): Promise<LiveAttempt | undefined> {
    const { logFilter: filter = SOURCE_LOG_FILTER, maxLogBytes = MAX_LOG_BYTES, cgroup } = this.#options;
    const { attemptId, secrets = [] } = request;
    const { path, jobDir, logPath } = folder;
    const env = toTaskEnvironment(request.env, jobDir);
    const limits = toTaskLimits(request.resources);
    const bounds = { ...(limits && { limits }), ...(cgroup !== undefined && { cgroup }) };
    const laidDown = { folder: { path, jobDir, logPath }, files: toTaskFiles(request.files) };
    const rules = { filter, maxLogBytes, secrets };
    try {
      const launched = await this.#launcher.launch({
        attemptId,
        command,
        env,
        ...laidDown,
        ...rules,
        ...bounds,
      });
      if (!launched) return undefined;
      const { supervisor, unlimited, ended } = launched;
      if (unlimited !== '') this.#tellUnlimited(unlimited);
      if (supervisor.kind !== 'started') throw executorFailed(attemptId, 'was given up before it began');
      return new LiveAttempt(folder, { identity: supervisor.identity, ended });
    } catch (thrown) {
      if (thrown instanceof LaunchFailure && thrown.isUnknown) return findLaunched(folder);
      await folder.remove();
      throw thrown;
    }
  }

  /** Once: a system that does not allow limits allows them to no attempt. */
  #tellUnlimited(reason: string): void {
    if (this.#hasToldUnlimited) return;
    this.#hasToldUnlimited = true;
    this.#options.log.warn(
      'tasks run without the limits of metadata.resource: the system does not allow them',
      {
        reason,
        hint: 'docs/executors.md tells what limits of processes need',
      },
    );
  }
}

/** The attempt of a start over which the starting process was killed: the folder decides whether it runs, and it is lost when it does not. */
async function findLaunched(folder: AttemptFolder): Promise<LiveAttempt> {
  const record = await folder.findSupervisor();
  return new LiveAttempt(folder, { identity: record?.kind === 'started' ? record.identity : NOBODY });
}
