export { parsePoolSize, toPoolKey } from './pool.ts';
export {
  type Preset,
  type PresetChange,
  type Presets,
  type PresetUse,
  parsePresetName,
  parsePresets,
  planPresetChange,
  toPresetName,
} from './preset.ts';
export { type Project, type ProjectName, parseProjectName } from './project.ts';
export {
  getProject,
  listProjects,
  type RegisteredProject,
  registerProject,
  toUpperCaseKeys,
} from './register-project.ts';
