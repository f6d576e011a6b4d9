// Loaded before a server: shifts its clock to what a file says whenever SIGUSR2 arrives. Timers run by another clock, as they do
// when somebody sets the time of a machine.
import { readFileSync } from 'node:fs';

const RealDate = Date;
let shiftMs = 0;

const now = () => RealDate.now() + shiftMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now()] : args, made),
  apply: () => new RealDate(now()).toString(),
  get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
});

process.on('SIGUSR2', () => {
  shiftMs = Number(readFileSync(process.env.CHAOS_CLOCK_FILE ?? '', 'utf8'));
});
