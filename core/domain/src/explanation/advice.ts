import type { JobKey } from '../job/job.ts';
import type { RunKey } from '../run/run.ts';
import { formatInstant } from '../schedule/format-instant.ts';

/** A command that helps, and what it is for. */
export interface Advice {
  readonly command: string;
  /** What it does here, as an imperative. */
  readonly purpose: string;
}

/** Commands for a run of the project that the question was asked in; a run of another project is addressed with it. */
export interface Adviser {
  rerun(run: RunKey, purpose?: string): Advice;
  rerunNewest(run: RunKey, purpose: string): Advice;
  markSuccess(run: RunKey, purpose?: string): Advice;
  cancel(run: RunKey, purpose: string): Advice;
  logs(run: RunKey, instance: string): Advice;
  followLogs(run: RunKey, instance: string): Advice;
  why(run: RunKey, purpose: string): Advice;
  resume(job: JobKey): Advice;
  runNow(job: JobKey): Advice;
  inspect(job: JobKey, purpose: string): Advice;
  history(job: JobKey, purpose: string): Advice;
  render(run: RunKey): Advice;
  describeNamespace(namespace: string): Advice;
  listActive(purpose: string): Advice;
  listJobs(): Advice;
  listPlugins(): Advice;
  deploy(purpose: string): Advice;
  deployAgain(): Advice;
  serve(purpose?: string): Advice;
}

/** Who advises people that asked within the project. */
export function createAdviser(project: string): Adviser {
  const of = (job: JobKey): string =>
    job.project === project ? job.job : `${job.job} --project-name ${job.project}`;
  const at = (run: RunKey): string => `${of(run)} --scheduled-at ${formatInstant(run.scheduledAt)}`;
  const toAdvice = (command: string, purpose: string): Advice => ({ command: `optimus ${command}`, purpose });
  return {
    rerun: (run, purpose = 'run it again') => toAdvice(`job rerun ${at(run)}`, purpose),
    rerunNewest: (run, purpose) => toAdvice(`job rerun ${at(run)} --newest`, purpose),
    markSuccess: (run, purpose = 'go on without it, when its data is there all the same') =>
      toAdvice(`job mark ${at(run)} --as success`, purpose),
    cancel: (run, purpose) => toAdvice(`job cancel ${at(run)}`, purpose),
    logs: (run, instance) => toAdvice(`job logs ${at(run)} --instance ${instance}`, 'read all of its log'),
    followLogs: (run, instance) =>
      toAdvice(`job logs ${at(run)} --instance ${instance} --follow`, 'watch it work'),
    why: (run, purpose) => toAdvice(`job why ${at(run)}`, purpose),
    resume: (job) => toAdvice(`job resume ${of(job)}`, 'let it run'),
    runNow: (job) => toAdvice(`job run ${of(job)}`, 'run it once, now'),
    inspect: (job, purpose) => toAdvice(`job inspect ${of(job)}`, purpose),
    history: (job, purpose) => toAdvice(`job history ${of(job)}`, purpose),
    render: (run) => toAdvice(`job render ${at(run)} --server`, 'see what its runs would see, and mend it'),
    describeNamespace: (namespace) =>
      toAdvice(`namespace describe --name ${namespace}`, 'see the limit in its configuration'),
    listActive: (purpose) => toAdvice('run list --state running,up_for_retry', purpose),
    listJobs: () => toAdvice('job list', 'see which jobs are deployed'),
    listPlugins: () => toAdvice('plugin list', 'see which plugins are installed here'),
    deploy: (purpose) => toAdvice('deploy', purpose),
    deployAgain: () => toAdvice('deploy', 'deploy it again: it goes on where it was'),
    serve: (purpose = 'start a server on this database') => toAdvice('serve', purpose),
  };
}
