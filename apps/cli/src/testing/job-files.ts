/** A configuration of one namespace, `team_a`. */
export const OPTIMUS_YAML = `version: 1
host: localhost:9100
project:
  name: neo
namespaces:
  - name: team_a
    job: { path: team_a/jobs }
`;

/** A good job of that name. */
export function toJobYaml(name: string): string {
  return `version: 1
name: ${name}
owner: kush
schedule:
  start_date: 2022-09-18
  interval: 0 2 * * *
task:
  name: neo
  config:
    RANGE_START: "{{.DSTART}}"
  window:
    size: 24h
    offset: "0"
    truncate_to: d
`;
}
