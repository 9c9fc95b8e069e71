import { join } from 'node:path';
import { Exit } from './command-fault';
import { compareOutput, differenceText } from './compare';
import { runProgram, type Answer } from './program';
import { findProject, shown, type ProjectOptions } from './project';
import { columns, paintFor, type Paint } from './terminal';

/** Options of the verbs that run the program. */
export interface SynthOptions extends ProjectOptions {
  readonly app?: string;
  /** Only says whether the output is as synth would write it. */
  readonly check?: boolean;
}

/** Runs the program, then says what is in the output folder, and what is new in it. */
export function synth(options: SynthOptions): number {
  const project = findProject(options);
  if (options.check) return runProgram(project, 'preview', check);
  return runProgram(project, 'output', answers => {
    for (const answer of answers) process.stdout.write(report(answer, paintFor(process.stdout)));
    return Exit.DONE;
  });
}

/** Says what synth would change. */
export function diff(options: SynthOptions): number {
  return runProgram(findProject(options), 'preview', answers => {
    const texts = answers.map(answer => differenceText(answer.outdir, compareOutput(answer), paintFor(process.stdout)));
    process.stdout.write(texts.join(''));
    return texts.every(text => text === '') ? Exit.DONE : Exit.FAILED;
  });
}

function check(answers: readonly Answer[]): number {
  let exit = Exit.DONE;
  for (const answer of answers) {
    const differences = compareOutput(answer);
    process.stdout.write(differenceText(answer.outdir, differences, paintFor(process.stdout)));
    if (differences.length > 0) exit = Exit.FAILED;
    const files = differences.length === 1 ? '1 file is' : `${differences.length} files are`;
    process.stderr.write(differences.length === 0
      ? `wheelhouse: ${shown(answer.outdir)} is as synth writes it\n`
      : `wheelhouse: ${files} not as synth writes ${differences.length === 1 ? 'it' : 'them'} in ${shown(answer.outdir)}; run wheelhouse synth and commit the result\n`);
  }
  return exit;
}

/** The text that follows a run: files, findings that are acknowledged or only worth knowing, losses, what to do next. */
function report({ outdir, written, created, unchanged, deleted, findings, losses }: Answer, { dim }: Paint): string {
  const isFile = (path: string) => path !== 'manifest.json';
  const files = [...written, ...unchanged].filter(isFile).sort();
  const changed = written.filter(isFile);
  const [isChanged, isCreated] = [new Set(changed), new Set(created)];
  const marked = [
    ...files.map(path => isChanged.has(path) ? `  ${isCreated.has(path) ? '+' : '~'} ${path}` : dim(`    ${path}`)),
    ...deleted.map(path => `  - ${path}`),
  ];
  const count = `${files.length} files, ${changed.length === 0 ? 'none' : changed.length} changed${deleted.length > 0 ? `, ${deleted.length} deleted` : ''}`;
  const named = (name: string) => files.filter(path => path.endsWith(`/${name}`)).map(path => shown(join(outdir, path)));
  return [
    `${shown(outdir)}  (${count})`,
    ...marked,
    ...section('Findings', findings.map(finding => `${finding.path}: ${finding.problem} [${finding.code}]${finding.acknowledged ? ` — acknowledged: ${finding.acknowledged}` : ''}`)),
    ...section('What a target cannot express', columns(losses.map(loss => [loss.target, `${loss.path}: ${loss.declared} -> ${loss.instead}`]))),
    ...section('Next', [
      ...named('compose.yaml').map(path => `docker compose -f ${path} up --build --wait`),
      ...named('kubernetes.yaml').map(path => `push the images that ${path} names, then: kubectl apply -f ${path}`),
    ]),
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map(line => `  ${line}`)];
}
