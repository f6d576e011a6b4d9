import type { ProgramRequest } from './program-request.ts';
import { runTool } from './run-tool.ts';

/**
 * Builds a plugin in Go. The same source, version and toolchain give the same bytes, whatever the folder is called: no paths, no build
 * id, no state of the repository goes in.
 */
export async function buildGoProgram({
  project,
  version,
  image,
  target,
  output,
}: ProgramRequest): Promise<void> {
  const stamps = [`-X main.Version=${version}`, `-X main.Image=${image}`];
  await runTool({
    program: 'go',
    args: [
      'build',
      '-trimpath',
      '-buildvcs=false',
      `-ldflags=-s -w -buildid= ${stamps.join(' ')}`,
      '-o',
      output,
      '.',
    ],
    cwd: project.folder,
    env: { ...process.env, GOOS: target.os, GOARCH: target.arch, CGO_ENABLED: '0' },
    purpose: `build ${project.name} for ${target.os}/${target.arch}`,
    hint: 'install Go from https://go.dev, and see that `go test ./...` passes',
  });
}
