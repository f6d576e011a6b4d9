export { type CronSchedule, parseCron, parseTickRule, type TickRule } from './cron-schedule.ts';
export { formatInstant } from './format-instant.ts';
export { listNextTicks } from './next-ticks.ts';
export { planFirstTick, planTicks, type TickPlan, type TickPlanInput } from './plan-runs.ts';
