/** A parsed cron expression, in UTC. Source: the grammar of robfig/cron's standard parser. */
export interface CronSchedule {
  /** The first tick strictly after the instant; undefined when there is none within five years. */
  next(after: Date): Date | undefined;
  /** The last tick strictly before the instant; undefined when there is none within five years. */
  previous(before: Date): Date | undefined;
}

/** Parses five fields or a descriptor (`@hourly`, `@daily`, …). @throws OptimusError `SCHEDULE_INVALID` naming the field and the value */
export declare function parseCron(expression: string): CronSchedule;
