import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Finding } from '../checks/check';
import type { Loss } from '../output/loss';

/** Options of `wheelhouse synth`. */
export interface SynthOptions {
  readonly app: string;
  readonly output: string;
}

/** What this command reads of a manifest. */
interface Manifest {
  readonly files: Record<string, string>;
  readonly findings: Finding[];
  readonly losses: Loss[];
}

/** Runs the program, then says what is in the output folder, and what is new in it. The program's own words go through. */
export function synth({ app, output }: SynthOptions): number {
  const before = manifestIn(output);
  const { status, error } = spawnSync(app, { shell: true, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) {
    process.stderr.write(`\nwheelhouse: the program failed (exit ${status ?? 'by a signal'}): ${app}\n`);
    return 1;
  }
  const after = manifestIn(output);
  if (!after) {
    process.stderr.write(`wheelhouse: the program wrote no manifest to '${output}'; does it call app.synth(), with this 'outdir'?\n`);
    return 1;
  }
  process.stdout.write(report(output, before, after, paint(process.stdout.isTTY && !process.env.NO_COLOR)));
  return 0;
}

/** The text that follows a run: files, findings that are acknowledged or only worth knowing, losses, what to do next. */
function report(output: string, before: Manifest | undefined, after: Manifest, dim: (text: string) => string): string {
  const files = Object.keys(after.files).sort();
  const deleted = Object.keys(before?.files ?? {}).filter(path => !(path in after.files)).sort();
  const changed = files.filter(path => before?.files[path] !== after.files[path]);
  const marked = [
    ...files.map(path => before?.files[path] === after.files[path] ? dim(`    ${path}`) : `  ${before && path in before.files ? '~' : '+'} ${path}`),
    ...deleted.map(path => `  - ${path}`),
  ];
  const count = `${files.length} files, ${changed.length === 0 ? 'none' : changed.length} changed${deleted.length > 0 ? `, ${deleted.length} deleted` : ''}`;
  const compose = files.filter(path => path.endsWith('/compose.yaml')).map(path => shown(output, path));
  const kubernetes = files.filter(path => path.endsWith('/kubernetes.yaml')).map(path => shown(output, path));
  return [
    `${output}  (${count})`,
    ...marked,
    ...section('Findings', after.findings.map(finding => `${finding.path}: ${finding.problem} [${finding.code}]${finding.acknowledged ? ` — acknowledged: ${finding.acknowledged}` : ''}`)),
    ...section('What a target cannot express', after.losses.map(loss => `${loss.target}  ${loss.path}: ${loss.declared} -> ${loss.instead}`)),
    ...section('Next', [
      ...compose.map(path => `docker compose -f ${path} up --build --wait`),
      ...kubernetes.map(path => `push the images that ${path} names, then: kubectl apply -f ${path}`),
    ]),
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map(line => `  ${line}`)];
}

function shown(output: string, path: string): string {
  return relative('.', join(output, path));
}

function paint(colour: boolean): (text: string) => string {
  return text => colour ? `\u001b[2m${text}\u001b[22m` : text;
}

function manifestIn(output: string): Manifest | undefined {
  const path = join(output, 'manifest.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}
