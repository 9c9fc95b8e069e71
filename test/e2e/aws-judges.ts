/** What judges CloudFormation templates: cfn-lint, checkov, and moto, which deploys them. None of them asks anybody on the network. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { folder } from '../declare';
import { run } from './engine';
import { type ResourceFinding, toolsOrNothing } from './linters/tools';

const INSTALL = '.ci/install-aws-judges';

/** Virtual environment with cfn-lint and moto; undefined where they are not installed, which is said and in CI fails. */
const FOLDER: string | undefined = (() => {
  const { status, stdout, stderr } = run(INSTALL, ['--check']);
  if (status === 0) return stdout.trim();
  if (process.env.CI) throw new Error(`in CI no judge of CloudFormation templates may be absent: ${stderr}`);
  process.stderr.write(`\n*** CFN-LINT AND MOTO ARE SKIPPED: ${stderr.trim()} ***\n`);
  return undefined;
})();

const CHECKOV = toolsOrNothing()?.checkovOn;

/** Describes what needs cfn-lint, moto and checkov. */
export const describeWithAwsJudges: jest.Describe = FOLDER && CHECKOV ? describe : describe.skip;

/** What cfn-lint says of a template. */
export interface Finding {
  readonly rule: string;
  /** `Resources/Name/Properties/…` */
  readonly where: string;
  readonly message: string;
}

/** Findings of cfn-lint in a template, also those that are for information only. */
export function cfnLint(templatePath: string): Finding[] {
  const { stdout, stderr } = run(python(), ['-c', 'from cfnlint.runner import main; main()', '--format', 'json', '--include-checks', 'I', '--', templatePath], { HOME: folder() });
  if (!stdout.trim().startsWith('[')) throw new Error(`cfn-lint judged nothing: ${stdout}${stderr}`);
  return (JSON.parse(stdout) as { Rule: { Id: string }; Location: { Path?: string[] }; Message: string }[]).map(
    ({ Rule, Location, Message }) => ({ rule: Rule.Id, where: (Location.Path ?? []).join('/'), message: Message }));
}

/** Findings of checkov in a template or a folder of `*.tf.json`, without those that are acknowledged in it. */
export function checkovOn(path: string, framework: 'cloudformation' | 'terraform_json'): ResourceFinding[] {
  if (!CHECKOV) throw new Error('checkov is not there');
  return CHECKOV(path, framework);
}

/** A call of AWS's API that has made a resource of a stack. */
export interface Call {
  /** Logical id. */
  readonly id: string;
  /** As in `AWS::ECS::Service`. */
  readonly type: string;
  readonly operation: string;
  /** As they were sent, by the names of the API; of a custom resource, the properties that its Lambda has got. */
  readonly parameters: any;
}

/** What has become of a template. */
export interface Deployed {
  readonly status: string;
  /** Type and physical id, by logical id. */
  readonly resources: Record<string, { readonly type: string; readonly id: string }>;
  /** Types that moto does not know: nothing has been made for these resources. */
  readonly skipped: readonly string[];
  readonly outputs: Record<string, string>;
  /** Calls for ECS, Cloud Map, auto scaling, schedules, secrets and custom resources, in their order. */
  readonly calls: readonly Call[];
}

/** moto in a process of its own. */
export class Moto {
  private readonly home = folder({ calls: '', log: '' });
  private process?: ChildProcess;
  private port = 0;
  private readonly kill = () => this.process?.kill('SIGKILL');

  /** Where it answers, for AWS_ENDPOINT_URL. */
  public get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it on a free port. Tasks that are run end with this exit code. */
  public async start(exitCode: number = 0): Promise<void> {
    this.port = await freePort();
    process.on('exit', this.kill);
    const log = openSync(join(this.home, 'log'), 'a');
    const env = { ...process.env, ...this.environment(), JUDGE_CALLS: join(this.home, 'calls'), JUDGE_EXIT_CODE: `${exitCode}` };
    this.process = spawn(python(), ['-m', 'judge'], { stdio: ['ignore', log, log], env });
    closeSync(log);
    for (const end = Date.now() + 60_000; !await answers(`${this.endpoint}/moto-api/`);) {
      if (this.process.exitCode !== null || Date.now() > end) throw new Error(`moto does not answer: ${this.log()}`);
      await wait(200);
    }
    // what `cdk bootstrap` leaves behind
    this.aws('ssm', 'put_parameter', { Name: '/cdk-bootstrap/hnb659fds/version', Value: '30', Type: 'String' });
  }

  /** Ends it; what it has made is forgotten. */
  public async stop(): Promise<void> {
    const gone = this.process?.exitCode === null ? new Promise(resolve => this.process?.once('exit', resolve)) : undefined;
    this.kill();
    await gone;
    process.off('exit', this.kill);
    rmSync(this.home, { recursive: true, force: true });
  }

  /** Answer of a call, named as in boto3: `aws('ecs', 'describe_services', { … })`. */
  public aws(service: string, operation: string, parameters: object = {}): any {
    const asked = join(this.home, 'asked');
    writeFileSync(asked, JSON.stringify({ service, operation, parameters }));
    const { status, stdout, stderr } = run(python(), ['-m', 'judge.ask', asked], this.environment());
    if (status !== 0) throw new Error(stderr.trim());
    return JSON.parse(stdout);
  }

  /** Makes a stack of a template; fails with the reason when CloudFormation, or the call for one of its resources, refuses it. */
  public deploy(stack: string, template: string, parameters: Record<string, string> = {}): Deployed {
    const before = this.calls().length;
    const pairs = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
    try {
      this.aws('cloudformation', 'create_stack', { StackName: stack, TemplateBody: template, Parameters: pairs, Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'] });
    } catch (error) {
      const said = (error as Error).message;
      throw new Error(said.includes('(500)') ? `${said}\n${this.log()}` : said);
    }
    const { StackStatus, Outputs = [] } = this.aws('cloudformation', 'describe_stacks', { StackName: stack }).Stacks[0];
    const made: any[] = this.aws('cloudformation', 'describe_stack_resources', { StackName: stack }).StackResources;
    const resources = Object.fromEntries(made.map(one => [one.LogicalResourceId, { type: one.ResourceType, id: one.PhysicalResourceId }]));
    const declared = Object.entries(JSON.parse(template).Resources as Record<string, { Type: string }>);
    return {
      status: StackStatus,
      resources,
      skipped: [...new Set(declared.filter(([id]) => !resources[id]).map(([, { Type }]) => Type))].sort(),
      outputs: Object.fromEntries(Outputs.map((one: any) => [one.OutputKey, one.OutputValue])),
      calls: this.calls().slice(before),
    };
  }

  /** Deletes a stack. */
  public destroy(stack: string): void {
    this.aws('cloudformation', 'delete_stack', { StackName: stack });
  }

  private calls(): Call[] {
    return readFileSync(join(this.home, 'calls'), 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line));
  }

  private log(): string {
    const file = join(this.home, 'log');
    return existsSync(file) ? readFileSync(file, 'utf8').slice(-4000) : '';
  }

  private environment(): NodeJS.ProcessEnv {
    const nobody = { AWS_ACCESS_KEY_ID: 'judge', AWS_SECRET_ACCESS_KEY: 'judge', AWS_DEFAULT_REGION: 'us-east-1', HOME: this.home };
    return { ...nobody, MOTO_PORT: `${this.port}`, PYTHONPATH: join(__dirname, 'aws'), PYTHONDONTWRITEBYTECODE: '1', NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' };
  }
}

/** Starts moto for what `use` does. */
export async function withMoto<T>(use: (moto: Moto) => T | Promise<T>, exitCode: number = 0): Promise<T> {
  const moto = new Moto();
  try {
    await moto.start(exitCode);
    return await use(moto);
  } finally {
    await moto.stop();
  }
}

function python(): string {
  if (!FOLDER) throw new Error(`cfn-lint and moto are not there: run ${INSTALL}`);
  return join(FOLDER, 'bin/python');
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}
