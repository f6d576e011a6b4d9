export { startTestPlugin, type TestPlugin, type TestPluginInfo } from './test-plugin.ts';
