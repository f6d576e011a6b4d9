import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stage, setStage } from './stage/stage.ts';

const token = 'token-of-this-journey';

describe('a server with tokens', () => {
  let stage: Stage;
  let url: string;

  beforeAll(async () => {
    stage = await setStage();
    await stage.configure({ serve: { auth: { tokens: [token] } } });
    url = `http://${(await stage.startServer()).address}`;
    const flags = [
      '--host',
      `127.0.0.1:${stage.port}`,
      '--project-name',
      'space',
      '--namespace',
      'observatory',
    ];
    await stage.optimus(['init', ...flags]);
  });

  afterAll(() => stage.clear());

  function list(headers: Record<string, string>) {
    return fetch(`${url}/api/v1beta1/project`, { headers });
  }

  it('answers ping to anyone', async () => {
    const response = await fetch(`${url}/ping`);
    expect([response.status, await response.text()]).toEqual([200, 'pong']);
  });

  it.each([
    ['without a token', {}],
    ['with a wrong token', { authorization: 'Bearer nearly' }],
    ['with the token in a form it does not know', { authorization: token }],
    ['with an empty token', { authorization: 'Bearer ' }],
  ])('refuses REST %s with 401 and the JSON form of errors', async (_, headers) => {
    const response = await list(headers);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 16, message: expect.any(String) });
  });

  it('lets REST in with the token as bearer or as the password of basic', async () => {
    const basic = Buffer.from(`anyone:${token}`).toString('base64');
    expect((await list({ authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await list({ authorization: `Basic ${basic}` })).status).toBe(200);
  });

  it('refuses the CLI without a token, says why, and how to give one', async () => {
    const { code, stderr } = await stage.optimus(['project', 'register']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/token/i);
    expect(stderr).toContain('OPTIMUS_AUTH_BEARER_TOKEN');
  });

  it('lets the CLI in with the token', async () => {
    const { code, stderr } = await stage.optimus(['project', 'register'], {
      env: { OPTIMUS_AUTH_BEARER_TOKEN: token },
    });
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe('a server that is open to the network', () => {
  it('does not start without tokens, and says which key to set', async () => {
    const stage = await setStage();
    await stage.configure({ serve: { host: '0.0.0.0' } });
    await expect(stage.startServer()).rejects.toThrow('serve.auth.tokens');
    await stage.clear();
  });
});
