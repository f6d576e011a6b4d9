export { type ContainerEngine, startContainerEngine } from './container-engine.ts';
