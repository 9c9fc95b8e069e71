/** examples/one-declaration on a real engine: what compose.ts writes, and the tags that kubernetes.ts asks for. */
import { join } from 'node:path';
import { softness } from './container-judge';
import { describeOnEngine, docker, request } from './engine';
import { synthesize } from '../examples';
import { read } from './kubernetes/manifests';
import { describeWithTerraform, Terraform } from './terraform';

const URL = 'http://127.0.0.1:8097/';

describeOnEngine('one-declaration', () => {
  let out: string;
  const compose = (...args: string[]) => docker('compose', '--file', join(out, 'compose.yaml'), ...args);

  beforeAll(() => {
    out = join(synthesize('one-declaration').root, 'wheelhouse.out/notes');
    compose('up', '--build', '--wait');
  });
  afterAll(() => { compose('down', '--volumes', '--rmi', 'local'); });

  test('keeps notes that come through nginx, over down and up', () => {
    expect(request(URL, '--form', 'text=Hello')).toMatchObject({ status: 201 });
    compose('down');
    compose('up', '--wait');
    expect(JSON.parse(request(URL).body)).toEqual(['Hello']);
  });

  test('runs the application as it promised', () => {
    expect(softness(compose('ps', '--quiet', 'api'), {
      userId: 65532,
      writable: ['/home/nonroot', '/tmp'],
      volumes: ['/var/lib/notes'],
      code: ['/app', '/venv'],
      without: ['compiler', 'pip'],
      python: '/venv/bin/python',
      published: [],
    })).toEqual([]);
  });

  test('is asked for in a cluster under the names of what is built: the Dockerfiles are the same', () => {
    const charted = synthesize('one-declaration', { program: 'kubernetes.ts', output: 'cdk8s.out' });
    const images = read(charted.files['notes.k8s.yaml']).flatMap(object => object.spec?.template?.spec.containers[0].image ?? []);
    expect(images).toEqual(['api-image', 'web-image'].map(image => expect.stringMatching(`^registry.example.com/notes/${image}:[0-9a-f]{12}$`)));
    for (const image of images) docker('buildx', 'build', '--quiet', '--tag', image, '--file', join(out, `images/${image.split('/').pop().split(':')[0]}/Dockerfile`), join(out, '../..'));
    docker('rmi', ...images);
  });
});

describeWithTerraform('one-declaration by Terraform', () => describeOnEngine('on one machine', () => {
  let program: Terraform;

  beforeAll(() => {
    const { root } = synthesize('one-declaration', { program: 'terraform-docker.ts', output: 'cdktf.out' });
    program = new Terraform(join(root, 'cdktf.out/stacks/notes-docker'));
    // without it the state would be beside whoever ran the program
    expect(program.run('init', `-backend-config=path=${join(root, 'terraform.tfstate')}`).status).toBe(0);
    program.apply();
  });
  afterAll(() => { program.destroy(); });

  test('keeps notes that come through nginx, and is what was applied', () => {
    expect(request(URL, '--form', 'text=Hello')).toMatchObject({ status: 201 });
    expect(JSON.parse(request(URL).body)).toEqual(['Hello']);
    expect(program.plan()).toBe('empty');
    expect(JSON.parse(docker('inspect', 'notes-web-1'))[0].HostConfig.LogConfig.Config).toEqual({ 'max-size': '10m' });
  });
}));
