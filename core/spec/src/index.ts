export { addHook, type NewHook } from './edit/add-hook.ts';
export { formatDuration, parseDurationMs } from './job/duration.ts';
export type { JobRules } from './job/find-job-problems.ts';
export { formatJob, toJobDocument } from './job/job-document.ts';
export { inheritedSchema, jobSchema } from './job/job-schema.ts';
export { type Inheritance, type ParsedInheritance, parseInherited } from './job/parse-inherited.ts';
export {
  type JobSource,
  locateJobProblems,
  locateJobRemark,
  type ParsedJob,
  parseJob,
} from './job/parse-job.ts';
export { resourceSchema } from './resource/resource-schema.ts';
export {
  createFilesError,
  type FileProblem,
  formatProblem,
  sortProblems,
} from './yaml/file-problem.ts';
export { type JsonSchema, toJsonSchema } from './yaml/json-schema.ts';
export { locateProblems } from './yaml/locate-problems.ts';
export { type ParsedYaml, parseYaml } from './yaml/parse-yaml.ts';
export { count, flag, listOf, oneOf, optionalText, section, text, textMap } from './yaml/scalar-text.ts';
export type { PathProblem, YamlFile } from './yaml/yaml-file.ts';
