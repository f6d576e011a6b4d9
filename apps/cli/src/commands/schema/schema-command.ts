import type { NounSpec } from '../../command-line/command-spec.ts';

/** `optimus schema …`. */
export const schemaCommand: NounSpec = {
  name: 'schema',
  description: 'print the JSON Schemas of files, for editors',
  verbs: [
    {
      name: 'job',
      description: 'print the JSON Schema of job.yaml',
      flags: [],
      example: 'optimus schema job > job.schema.json',
      load: () => import('./job.ts'),
    },
    {
      name: 'this',
      description: 'print the JSON Schema of this.yaml',
      flags: [],
      example: 'optimus schema this > this.schema.json',
      load: () => import('./this.ts'),
    },
    {
      name: 'resource',
      description: 'print the JSON Schema of resource.yaml',
      flags: [],
      example: 'optimus schema resource > resource.schema.json',
      load: () => import('./resource.ts'),
    },
    {
      name: 'config',
      description: 'print the JSON Schema of optimus.yaml',
      flags: [],
      example: 'optimus schema config > optimus.schema.json',
      load: () => import('./config.ts'),
    },
    {
      name: 'presets',
      description: 'print the JSON Schema of the file at project.preset_path',
      flags: [],
      example: 'optimus schema presets > presets.schema.json',
      load: () => import('./presets.ts'),
    },
  ],
};
