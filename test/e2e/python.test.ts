/** The package as Python users have it: generated from the assembly, installed in a virtual environment, used by Python programs. */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { filesUnder, folder } from '../declare';
import { run, succeed } from './engine';

describe('cdk_wheelhouse in Python', () => {
  const work = folder();
  const python = join(work, 'venv/bin/python');

  beforeAll(() => {
    const source = join(work, 'package');
    mkdirSync(source);
    for (const name of ['.jsii', '.npmignore', 'LICENSE', 'README.md', 'build', 'package.json']) cpSync(name, join(source, name), { recursive: true });
    symlinkSync(resolve('node_modules'), join(source, 'node_modules'));
    succeed(resolve('node_modules/.bin/jsii-pacmak'), ['--code-only', '--target', 'python', '--outdir', join(work, 'dist'), source]);
    succeed('python3', ['-m', 'venv', join(work, 'venv')]);
    succeed(python, ['-m', 'pip', 'install', '--quiet', join(work, 'dist/python')]);
  });

  /** Runs a Python program beside a copy of the example. */
  function program(text: string) {
    const root = join(folder(), 'example');
    cpSync('examples/flask-nginx', root, { recursive: true, filter: path => !path.includes('wheelhouse.out') });
    writeFileSync(join(root, 'application.py'), text);
    const outcome = run(python, [join(root, 'application.py')], { JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' });
    return { ...outcome, files: () => filesUnder(join(root, 'wheelhouse.out')) };
  }
  const example = readFileSync('examples/flask-nginx/application.py', 'utf8');

  test('writes the same bytes as the same declaration in TypeScript', () => {
    expect(example.trimEnd().split('\n').length).toBeLessThan(30);
    const { status, stderr, files } = program(example);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(files()).toEqual(filesUnder('examples/flask-nginx/wheelhouse.out'));
  });

  test('says its refusals in the text of the error', () => {
    const { status, stderr } = program(example.replace('PythonBase.chainguard()', 'PythonBase.slim(python="3.13.1")'));
    expect(status).toBe(1);
    expect(stderr).toContain("RuntimeError: Error: python '3.13.1' is not a feature release such as 3.13 [PYTHON_RELEASE]");
  });

  test('can be given a target of its own', () => {
    const target = [
      'from cdk_wheelhouse import FileTarget, OutputFile, TargetOutput',
      'class Names(FileTarget):',
      '    def render(self, plan, context):',
      '        text = "".join(f"{service.id} {len(context.content_tag(service.image.id))}\\n" for service in plan.services)',
      '        return TargetOutput(files=[OutputFile(path="names.txt", text=text)], losses=[])',
      'Names(application, "names")',
      'app.synth()',
    ].join('\n');
    const { stderr, files } = program(example.replace('app.synth()', target));
    expect(stderr).toBe('');
    expect(files()['flask-nginx/names.txt']).toBe('flask-app 12\nnginx 12\n');
  });

  test('goes on in a Chart of cdk8s', () => {
    const host = [
      'import cdk8s',
      'from cdk_wheelhouse import kubernetes',
      'cluster = cdk8s.App(outdir=str(Path(__file__).parent / "cdk8s.out"))',
      'chart = cdk8s.Chart(cluster, "flask")',
      'made = kubernetes.KubernetesApplication(chart, "flask", application=application, registry="registry.example.com/flask-nginx")',
      'nginx = made.service("nginx").workload',
      'nginx.add_json_patch(cdk8s.JsonPatch.add("/spec/revisionHistoryLimit", 3))',
      'print(nginx.kind, nginx.to_json()["spec"]["revisionHistoryLimit"], made.losses[0].declared)',
      'cluster.synth()',
    ].join('\n');
    const { stdout, stderr } = program(example.replace('app.synth()', host));
    expect({ stdout, stderr }).toEqual({ stdout: 'Deployment 3 published port 8080\n', stderr: '' });
  });

  test('goes on in a Stack of aws-cdk', () => {
    const host = [
      'import aws_cdk as cdk',
      'from aws_cdk import assertions, aws_ec2 as ec2, aws_ecs as aws_ecs',
      'from cdk_wheelhouse import ecs',
      'cloud = cdk.App(outdir=str(Path(__file__).parent / "cdk.out"))',
      'stack = cdk.Stack(cloud, "flask")',
      'made = ecs.EcsApplication(stack, "flask", application=application, vpc=ec2.Vpc(stack, "network"), registry="registry.example.com/flask-nginx")',
      'made.service("nginx").service.metric_cpu_utilization().create_alarm(stack, "busy", threshold=80, evaluation_periods=3)',
      'alone = aws_ecs.FargateTaskDefinition(stack, "alone")',
      'alone.add_container("app", image=ecs.EcsContainerImage.from_image(application.node.find_child("flask-app-image")))',
      'template = assertions.Template.from_stack(stack)',
      'template.resource_count_is("AWS::CloudWatch::Alarm", 1)',
      'template.resource_count_is("AWS::ECS::TaskDefinition", 3)',
      'print(made.losses[0].target, len(list((Path(__file__).parent / "cdk.out").glob("asset.*/Dockerfile"))))',
    ].join('\n');
    const { stdout, stderr } = program(example.replace('app.synth()', host));
    expect({ stdout, stderr }).toEqual({ stdout: 'ecs 1\n', stderr: '' });
  });

  test('goes on in a stack of cdktn', () => {
    const host = [
      'import cdktn',
      'from cdk_wheelhouse import terraform',
      'cloud = cdktn.App(outdir=str(Path(__file__).parent / "cdktf.out"))',
      'stack = cdktn.TerraformStack(cloud, "flask")',
      'made = terraform.DockerApplication(stack, "flask", application=application)',
      'made.service("nginx").container.add_override("memory", 64)',
      'cloud.synth()',
      'print((Path(__file__).parent / "cdktf.out/stacks/flask/cdk.tf.json").read_text().count("docker_container"))',
    ].join('\n');
    const { stdout, stderr } = program(example.replace('app.synth()', host));
    expect({ stdout: stdout.trim(), stderr }).toEqual({ stdout: expect.stringMatching(/^[1-9]\d*$/), stderr: '' });
  });
});
