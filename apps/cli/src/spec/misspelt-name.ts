/** The endings that are written where `.yaml` is meant: the other customary one, slips of the fingers, and what editors add. */
const ENDING = String.raw`\.(ya?ml|yalm|ymal|yam)(\.txt)?$`;

/** What a file is probably called that is meant to be called `name`, such as `job.yml`, `Jobs.yaml` or `job.yaml.txt`; also `name` itself. */
export function toMisspelling(name: string): RegExp {
  return new RegExp(`^${name.slice(0, -'.yaml'.length)}s?${ENDING}`, 'i');
}
