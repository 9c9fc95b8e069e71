/** examples/requirements-lock on a real engine: locked anew, upgraded, too old, built and started. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { folder } from '../declare';
import { synthesize } from '../examples';
import { softness } from './container-judge';
import { describeOnEngine, docker, request, run } from './engine';
import { provideUv } from './uv-on-test-bed';

describeOnEngine('requirements-lock', () => {
  let root: string;
  let dockerfile: string;
  const strict = () => readFileSync(join(root, 'app/requirements.txt'), 'utf8');
  const compose = (...args: string[]) => docker('compose', '--file', join(root, 'wheelhouse.out/requirements-lock/compose.yaml'), ...args);
  const program = `node -r ${resolve('node_modules/ts-node/register/transpile-only')} application.ts`;
  const env = { TS_NODE_SKIP_PROJECT: 'true', TS_NODE_COMPILER_OPTIONS: JSON.stringify({ module: 'node16', moduleResolution: 'node16', target: 'es2022' }) };
  const wheelhouse = (...args: string[]) => run(process.execPath, [resolve('build/cli/wheelhouse.js'), ...args, '--app', program, '--directory', root], env);

  beforeAll(() => {
    ({ root } = synthesize('requirements-lock'));
    dockerfile = join(root, 'wheelhouse.out/requirements-lock/images/requirements/Dockerfile');
    provideUv(dockerfile);
  });
  afterAll(() => { compose('down', '--volumes', '--rmi', 'local'); });

  test('the strict file that is committed is what the loose ones make', () => {
    expect(wheelhouse('lock', 'requirements', '--check')).toMatchObject({ status: 0, stdout: '', stderr: expect.stringContaining('app/requirements.txt is as it has to be\n') });
  });

  test('its Dockerfile makes the same without the command', () => {
    const out = folder();
    docker('buildx', 'build', '--quiet', '--file', dockerfile, '--no-cache-filter', 'lock', '--output', out, root);
    expect(readFileSync(join(out, 'requirements.txt'), 'utf8')).toBe(strict());
  });

  test('the service installs it, and runs as it promised', () => {
    compose('up', '--build', '--wait');
    const said = JSON.parse(request('http://127.0.0.1:8128/').body);
    for (const name of ['flask', 'werkzeug']) expect(strict()).toContain(`\n${name}==${said[name]} \\\n`);
    expect(softness(compose('ps', '--quiet', 'quotes'), {
      userId: 65532, writable: ['/home/nonroot', '/tmp'], code: ['/app', '/venv'], without: ['compiler', 'pip'], python: '/venv/bin/python', published: ['8128'],
    })).toEqual([]);
  });

  test('changes nothing but what has to change, and synth refuses what is too old until then', () => {
    appendFileSync(join(root, 'app/constraints.txt'), 'click<8.2\n');
    expect(wheelhouse('synth')).toMatchObject({ status: 3, stderr: expect.stringContaining("'app/requirements.txt' was made before 'app/constraints.txt' or 'app/requirements.in' changed") });
    const before = strict();
    const { status, stdout, stderr } = wheelhouse('lock', 'requirements');
    expect([status, stderr.trimEnd().split('\n').at(-1)]).toEqual([0, expect.stringMatching(/ is locked: click 8\.\d+\.\d+ -> 8\.1\.\d+$/)]);
    expect(stdout).toMatch(/^--- a\/.*\n\+\+\+ b\//);
    const versions = (text: string) => text.split('\n').filter(line => /^[a-z].*==/.test(line) && !line.startsWith('click'));
    expect(versions(strict())).toEqual(versions(before));
    expect(wheelhouse('synth').status).toBe(0);
  });

  test('takes a newer version when somebody asks for it', () => {
    writeFileSync(join(root, 'app/constraints.txt'), '# nothing any more\n');
    expect(wheelhouse('lock', 'requirements', '--check').stderr).toContain(' would change: no version changes; ');
    expect(wheelhouse('lock', 'requirements', '--upgrade-package', 'click').stderr).toMatch(/ is locked: click 8\.1\.\d+ -> \d+\.\d+\.\d+\n$/);
  });

  test('says what uv says of what cannot be resolved, and leaves the strict file alone', () => {
    const before = strict();
    appendFileSync(join(root, 'app/requirements.in'), 'flask==0.0.1\n');
    const { status, stderr } = wheelhouse('lock', 'requirements');
    expect([status, stderr]).toEqual([1, expect.stringMatching(/No solution found when resolving dependencies[^]*is not locked, its file is as it was\n$/)]);
    expect(strict()).toBe(before);
  });
});
