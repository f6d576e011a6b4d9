export { pause, toBackOffMs } from './back-off.ts';
export { type Turn, WorkLoop } from './work-loop.ts';
