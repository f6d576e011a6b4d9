import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { computeWindow } from '@optimus/compiler';
import { OptimusError, type Preset, type Presets, parsePresets, toErrorMessage } from '@optimus/domain';
import { createFilesError, type FileProblem, locateProblems, parseYaml, type YamlFile } from '@optimus/spec';
import type { ClientConfig } from '../config/client-config.ts';
import { type PresetsFile, presetsSchema } from './presets-schema.ts';

/** The presets of the project, from the file at `project.preset_path`; none when the configuration names no file. @throws OptimusError `CONFIG_INVALID` */
export async function readPresets({ project }: ClientConfig, cwd: string): Promise<Presets> {
  const { presetPath } = project;
  if (presetPath === undefined) return {};
  const file = path.relative(cwd, presetPath) || presetPath;
  return parsePresetsFile({ file, text: await readPresetsFile(presetPath, file) });
}

/** Parses a file of presets, each with a window that can be. @throws OptimusError `CONFIG_INVALID` naming each place */
export function parsePresetsFile(source: YamlFile): Presets {
  const parsed = parseYaml(source, presetsSchema);
  if (!parsed.ok) throw createFilesError('CONFIG_INVALID', parsed.problems);
  const presets = Object.entries(parsed.value.presets).map(
    ([name, preset]) => [name, toPreset(preset)] as const,
  );
  const problems = presets.flatMap(([name, preset]) => findPresetProblems(source, name, preset));
  if (problems.length > 0) throw createFilesError('CONFIG_INVALID', problems);
  try {
    return parsePresets(Object.fromEntries(presets), computeWindow);
  } catch (thrown) {
    // What is left to be wrong concerns several presets, none of which is the one at fault.
    throw createFilesError('CONFIG_INVALID', [
      { file: source.file, line: 1, column: 1, message: toErrorMessage(thrown) },
    ]);
  }
}

function findPresetProblems(source: YamlFile, name: string, preset: Preset): readonly FileProblem[] {
  try {
    parsePresets({ [name]: preset }, computeWindow);
    return [];
  } catch (thrown) {
    const field = findField(thrown);
    const place = ['presets', name, ...(field === undefined ? [] : ['window', field])];
    const what = field === undefined ? 'key' : 'value';
    return locateProblems([source], [{ path: place, what, message: toErrorMessage(thrown) }]);
  }
}

/** The part of the window that is wrong, when it is one. */
function findField(thrown: unknown): string | undefined {
  const cause = thrown instanceof OptimusError ? thrown.cause : undefined;
  const field = cause instanceof OptimusError ? cause.fields['field'] : undefined;
  return field;
}

function toPreset({ description, window }: PresetsFile['presets'][string]): Preset {
  const { size, truncate_to: truncateTo = '', shift_by: shiftBy = '', location = '' } = window;
  return {
    description,
    size,
    truncateTo,
    ...(shiftBy === '' ? {} : { shiftBy }),
    ...(location === '' ? {} : { location }),
  };
}

async function readPresetsFile(file: string, shown: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new OptimusError('CONFIG_INVALID', {
      message: `project.preset_path: ${shown} cannot be read`,
      hint: 'the path is relative to the folder of optimus.yaml',
      cause,
    });
  }
}
