export { describeExecutor, type ExecutorHost } from './executor-conformance.ts';
