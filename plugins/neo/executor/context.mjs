import { fetchText } from './http.mjs';

/** A run is not to fail because its server is being started again. */
const patienceMs = 30_000;

/** Asks the server for everything that this run may see: `{envs, files, secrets}`. */
export async function fetchContext(env) {
  const { url, headers } = toAddress(env);
  const body = JSON.stringify({
    scheduled_at: required(env, 'SCHEDULED_AT'),
    instance_name: 'neo',
    instance_type: 'TASK',
  });
  const options = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body };
  const text = await fetchText({ service: 'Optimus', url, options, patienceMs });
  const { context } = JSON.parse(text);
  if (context?.envs?.RANGE_START && context.envs.RANGE_END) return context;
  throw new Error('the context holds no RANGE_START and RANGE_END: give the task both configurations');
}

/** `OPTIMUS_HOSTNAME` is `host:port`, or `user:password@host:port` where the server asks who calls. */
function toAddress(env) {
  const host = new URL(`http://${required(env, 'OPTIMUS_HOSTNAME')}`);
  const [project, job] = ['PROJECT', 'JOB_NAME'].map((name) => encodeURIComponent(required(env, name)));
  const url = `http://${host.host}/api/v1/project/${project}/job/${job}/instance`;
  if (host.username === '') return { url, headers: {} };
  const user = `${decodeURIComponent(host.username)}:${decodeURIComponent(host.password)}`;
  return { url, headers: { authorization: `Basic ${Buffer.from(user).toString('base64')}` } };
}

function required(env, name) {
  if (env[name]) return env[name];
  throw new Error(`${name} is not set: this program is started by Optimus, which sets it`);
}
