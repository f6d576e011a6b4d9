import { describe, expect, it } from 'vitest';
import { findEndpointProblems } from './find-endpoint-problems.ts';
import type { HttpDependency } from './job-spec.ts';

const base: HttpDependency = {
  name: 'landed',
  url: 'https://files.example.io/ready',
  headers: {},
  params: {},
};

function problemsOf(...endpoints: readonly Partial<HttpDependency>[]): readonly string[] {
  const dependencies = endpoints.map(
    (endpoint) => ({ type: 'http', name: '', http: { ...base, ...endpoint } }) as const,
  );
  return findEndpointProblems({ dependencies }).map(({ path, message }) => `${path} ${message}`);
}

describe('an endpoint that runs wait for', () => {
  it.each([
    'https://files.example.io/{{.DSTART}}/ready?part={{.proj.PART}}',
    '{{.GLOBAL__FILES}}/ready',
    '{{.GLOBAL__SCHEME}}://files.example.io',
    'http://{{.GLOBAL__HOST}}:8080/ready',
  ])('may be %s', (url) => {
    expect(problemsOf({ url })).toEqual([]);
  });

  it.each([
    ['ftp://files.example.io', 'it must begin with http:// or https://'],
    ['files', 'Invalid URL'],
    ['https://ada:hush@files.example.io', 'it holds a user or a password: write them into a header'],
  ])('is refused as %s', (url, why) => {
    expect(problemsOf({ url })).toEqual([`dependencies.http.landed has a url that cannot be asked: ${why}`]);
  });

  it('has a name of its own and headers that can be sent', () => {
    expect(problemsOf({ name: '' })).toEqual(['dependencies.http. has no name']);
    expect(problemsOf({}, {})).toEqual(['dependencies.http.landed has the name of another endpoint']);
    expect(problemsOf({ headers: { 'X-Token': 'x', 'a b': '1', Host: 'h' } })).toEqual([
      'dependencies.http.landed has the header "a b", which is no name of one',
      "dependencies.http.landed has the header Host, which is the connection's own",
    ]);
  });
});
