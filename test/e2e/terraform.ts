/** The real `terraform`, with the providers that are on this machine and no network. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../declare';
import { type Outcome, run } from './engine';

const INSTALL = '.ci/install-terraform-docker-provider';
const REGISTRY = 'registry.terraform.io';
const [AWS, DOCKER] = ['hashicorp/aws', 'kreuzwerker/docker'];

/** A folder as Terraform's filesystem mirrors are, and the version of the provider in it. */
interface Mirror {
  readonly folder: string;
  readonly version: string;
}

/** The program and both providers; undefined where one of them is not there, which is said and in CI fails. */
const TOOLS: { readonly aws: Mirror; readonly docker: Mirror } | undefined = (() => {
  try {
    if (run('sh', ['-c', 'command -v terraform']).status !== 0) throw new Error('there is no terraform');
    return { aws: awsMirror(), docker: dockerMirror() };
  } catch (error) {
    if (process.env.CI) throw error;
    process.stderr.write(`\n*** TERRAFORM IS SKIPPED: ${(error as Error).message.trim()} ***\n`);
    return undefined;
  }
})();

/** Describes what needs Terraform; with `describeOnEngine` in it, also what applies to Docker. */
export const describeWithTerraform: jest.Describe = TOOLS ? describe : describe.skip;

/** Versions that the providers have here. */
export const PROVIDER_VERSIONS = { aws: TOOLS?.aws.version ?? '', docker: TOOLS?.docker.version ?? '' };

/** What is wrong where. */
export interface Diagnostic {
  readonly summary: string;
  readonly detail: string;
  /** As in `resource.aws_ecs_service.api`. */
  readonly address: string;
}

/** `terraform` in a folder of `*.tf.json`, which it may write to. */
export class Terraform {
  /** `env`: more variables of the environment, such as AWS_ENDPOINT_URL or TF_VAR_name. */
  public constructor(private readonly root: string, private readonly env: NodeJS.ProcessEnv = {}) {}

  /** Gets the providers. */
  public init(): void {
    this.succeed('init', '-backend=false');
  }

  /** Errors and warnings of the configuration, with the providers' schemas. */
  public validate(): Diagnostic[] {
    const { stdout, stderr } = this.run('validate', '-json');
    if (!stdout.startsWith('{')) throw new Error(`terraform validated nothing: ${stdout}${stderr}`);
    return (JSON.parse(stdout).diagnostics as { summary: string; detail?: string; snippet?: { context?: string } }[]).map(
      ({ summary, detail = '', snippet }) => ({ summary, detail, address: snippet?.context ?? '' }));
  }

  /** Whether there is anything to do. */
  public plan(): 'empty' | 'changes' {
    const outcome = this.run('plan', '-detailed-exitcode');
    if (outcome.status !== 0 && outcome.status !== 2) throw new Error(`terraform plan: ${outcome.stdout}${outcome.stderr}`);
    return outcome.status === 0 ? 'empty' : 'changes';
  }

  /** What a plan says, as `terraform show -json` does. */
  public planned(): any {
    this.succeed('plan', '-out=plan');
    return JSON.parse(this.succeed('show', '-json', 'plan'));
  }

  public apply(): void {
    this.succeed('apply', '-auto-approve');
  }

  public destroy(): void {
    this.succeed('destroy', '-auto-approve');
  }

  /** Outputs, also the sensitive ones. */
  public outputs(): Record<string, any> {
    const all: Record<string, { value: any }> = JSON.parse(this.succeed('output', '-json'));
    return Object.fromEntries(Object.entries(all).map(([name, { value }]) => [name, value]));
  }

  /** Any command, whatever its exit code. */
  public run(command: string, ...args: string[]): Outcome {
    const settings = { TF_CLI_CONFIG_FILE: configFile(), TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1' };
    const interactive = ['init', 'plan', 'apply', 'destroy'].includes(command) ? ['-input=false', '-no-color'] : [];
    return run('terraform', [`-chdir=${this.root}`, command, ...interactive, ...args], { ...settings, ...this.env });
  }

  private succeed(command: string, ...args: string[]): string {
    const { status, stdout, stderr } = this.run(command, ...args);
    if (status !== 0) throw new Error(`terraform ${command}: exit ${status}\n${stdout}${stderr}`);
    return stdout;
  }
}

let written: string | undefined;

/** Settings of Terraform: providers come from the mirrors and from nowhere else. */
function configFile(): string {
  if (!TOOLS) throw new Error('Terraform is not there');
  const mirror = ({ folder: path }: Mirror, provider: string) => `  filesystem_mirror {\n    path    = ${JSON.stringify(path)}\n    include = ["${REGISTRY}/${provider}"]\n  }\n`;
  written ??= join(folder({ 'terraform.rc': `provider_installation {\n${mirror(TOOLS.aws, AWS)}${mirror(TOOLS.docker, DOCKER)}}\n` }), 'terraform.rc');
  return written;
}

/**
 * The AWS provider is some 700 MB and cannot be built from its module in reasonable time. It has to be there: in the folder TERRAFORM_PLUGINS, or in
 * any folder near the root that is called as mirrors are, by the registry's host name.
 */
function awsMirror(): Mirror {
  const { TERRAFORM_PLUGINS } = process.env;
  const near = () => run('find', ['/', '-maxdepth', '3', '-type', 'd', '-name', REGISTRY]).stdout.split('\n').filter(Boolean).map(path => join(path, '..'));
  const found = (TERRAFORM_PLUGINS ? [TERRAFORM_PLUGINS] : near()).map(path => mirrorOf(path, AWS)).find(mirror => mirror);
  if (!found) throw new Error(`there is no AWS provider: no folder ${TERRAFORM_PLUGINS ?? '/*'}/${REGISTRY}/${AWS}; set TERRAFORM_PLUGINS to the folder with ${REGISTRY} in it`);
  return found;
}

function dockerMirror(): Mirror {
  const { status, stdout, stderr } = run(INSTALL, ['--check']);
  const found = status === 0 ? mirrorOf(stdout.trim(), DOCKER) : undefined;
  if (!found) throw new Error(stderr || `there is no ${DOCKER} in ${stdout}`);
  return found;
}

function mirrorOf(path: string, provider: string): Mirror | undefined {
  try {
    const version = readdirSync(join(path, REGISTRY, provider)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
    return version === undefined ? undefined : { folder: path, version };
  } catch {
    return undefined;
  }
}
