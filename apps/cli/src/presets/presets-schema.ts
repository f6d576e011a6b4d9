import { optionalText, section, text } from '@optimus/spec';
import { z } from 'zod';

const window = section({
  size: text,
  shift_by: optionalText,
  truncate_to: optionalText,
  location: optionalText,
});

/** The form of the file at `project.preset_path`. */
export const presetsSchema = section({
  presets: z.record(z.string(), section({ description: text, window }), 'must be a map of names to presets'),
});

/** The file as it stands. */
export type PresetsFile = z.output<typeof presetsSchema>;
