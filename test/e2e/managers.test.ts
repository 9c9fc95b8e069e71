/** Poetry, PDM and Pipenv on a real engine: examples/manager-{poetry,pdm,pipenv} built, started hardened, asked, changed. */
import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../declare';
import { synthesize } from '../examples';
import { cachedSteps } from './build-steps';
import { softness } from './container-judge';
import { describeOnEngine, docker, request, succeed, tryDocker } from './engine';
import { useIndexOfPipfile } from './pipenv-on-test-bed';
import { App, Application, Dependencies, PythonBase, PythonServer, PythonServiceImage } from 'cdk-wheelhouse';

/** In what tests change: the engine has not built it before. */
const NOW = `changed at ${Date.now()}`;
const NAMES = 'import importlib.metadata as m; print(*sorted(d.metadata["Name"].lower().replace("_", "-") for d in m.distributions()))';
const INSTALLED = ['blinker', 'click', 'flask', 'gunicorn', 'itsdangerous', 'jinja2', 'markupsafe', 'prometheus-client', 'werkzeug'];

/** Changes a file. */
function edit(file: string, change: (text: string) => string): void {
  const text = readFileSync(file, 'utf8');
  if (change(text) === text) throw new Error(`nothing was changed in ${file}`);
  writeFileSync(file, change(text));
}

/** White space at the end of a lock that the engine has not built before. */
const NEW = `${' '.repeat(Date.now() % 100_000)}\n`;

describeOnEngine('a service whose packages are locked by', () => {
  describe.each([
    {
      manager: 'poetry',
      port: 8114,
      lock: 'poetry.lock',
      project: 'pyproject.toml',
      outdated: ['"flask>=3.1"', '"flask>=3.1.1"'],
      says: 'pyproject.toml changed significantly since poetry.lock was last generated',
    },
    {
      manager: 'pdm',
      port: 8115,
      lock: 'pdm.lock',
      project: 'pyproject.toml',
      outdated: ['"flask>=3.1"', '"flask>=3.1.1"'],
      says: "Lockfile doesn't satisfy the project requirements",
    },
    {
      manager: 'pipenv',
      port: 8116,
      lock: 'Pipfile.lock',
      project: 'Pipfile',
      outdated: ['flask = ">=3.1"', 'flask = ">=3.1.1"'],
      says: 'Pipfile.lock is out-of-date',
    },
  ])('$manager', ({ manager, port, lock, project, outdated, says }) => {
    let root: string;
    let out: string;
    let dockerfile: string;
    const compose = (...args: string[]) => docker('compose', '--file', join(out, 'compose.yaml'), ...args);
    const container = () => compose('ps', '--all', '--quiet', 'bookings');
    const repeated = () => cachedSteps(dockerfile, root).filter(step => !step.cached).map(step => step.instruction);

    beforeAll(() => {
      ({ root } = synthesize(`manager-${manager}`));
      out = join(root, `wheelhouse.out/manager-${manager}`);
      dockerfile = join(out, 'images/bookings-image/Dockerfile');
      if (manager === 'pipenv') useIndexOfPipfile(join(root, 'app', lock));
      compose('up', '--build', '--wait');
    });
    afterAll(() => { compose('down', '--volumes', '--rmi', 'local'); });

    test('serves its pages', () => {
      expect(request(`http://127.0.0.1:${port}/tables/7`, '--request', 'POST')).toMatchObject({ status: 200, type: 'application/json' });
      expect(request(`http://127.0.0.1:${port}/metrics`).body).toContain('bookings_total');
    });

    test('has exactly the packages that are locked, without those for development', () => {
      expect(docker('exec', container(), '/venv/bin/python', '-c', NAMES).split(' ')).toEqual(INSTALLED);
    });

    test('runs as it promised, without the manager and its list', () => {
      expect(softness(container(), {
        userId: 65532, writable: ['/home/nonroot', '/tmp'], code: ['/app', '/venv'], without: ['compiler', 'pip'], python: '/venv/bin/python', published: [`${port}`],
      })).toEqual([]);
      const files = succeed('bash', ['-c', 'docker export "$0" | tar --list --file -', container()]).split('\n');
      expect(files.filter(path => /^(manager|requirements|src)\/|(^|\/)(poetry|pdm|pipenv)(-\d.*)?(\/|$)/.test(path))).toEqual([]);
    });

    test('rebuilds nothing but the last layer when the source changes', () => {
      appendFileSync(join(root, 'app/bookings.py'), `\n# ${NOW}\n`);
      expect(repeated()).toEqual(['COPY app /app']);
    });

    test('writes its list again when a package for development moves in the lock, and installs nothing', () => {
      edit(join(root, 'app', lock), text => text.replace(/(pytest[^]*?version"?(?: = |: )"(?:==)?)9\.2\.0/, '$19.1.0') + NEW);
      const steps = repeated();
      expect(steps.filter(step => /\/manager\/bin\//.test(step) && !step.includes('-m venv'))).toHaveLength(1);
      expect(steps.filter(step => !step.includes('/manager/bin/') && !step.startsWith('COPY app'))).toEqual([]);
    });

    test('is not built with a lock that does not fit the project, and the manager says so', () => {
      edit(join(root, 'app', project), text => text.replace(outdated[0], outdated[1]));
      const { status, stderr } = tryDocker('buildx', 'build', '--progress', 'plain', '--file', dockerfile, root);
      expect(status).toBe(1);
      expect(stderr).toContain(says);
    });
  });

  test('Poetry 1: the one that wrote the lock lists it', () => {
    const root = folder({ 'app/main.py': '' });
    cpSync('test/e2e/poetry-1', join(root, 'app'), { recursive: true });
    const app = new App({ root });
    new PythonServiceImage(new Application(app, 'first'), 'image', {
      source: 'app',
      base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }),
      server: PythonServer.gunicorn('main:app'),
      dependencies: Dependencies.poetry({ groups: ['reports'], extras: ['metrics'] }),
    });
    app.synth();
    const dockerfile = join(root, 'wheelhouse.out/first/images/image/Dockerfile');
    docker('buildx', 'build', '--target', 'requirements', '--output', 'type=docker,name=wheelhouse-e2e/poetry-1', '--file', dockerfile, root);
    const list = docker('run', '--rm', 'wheelhouse-e2e/poetry-1', 'cat', '/requirements/requirements.txt');
    docker('rmi', 'wheelhouse-e2e/poetry-1');
    expect(list.match(/^[a-z0-9-]+(?===)/gm)).toEqual([...INSTALLED.slice(0, -1), 'tabulate', 'werkzeug']);
    expect(list.split(/^(?=[a-z])/m).filter(entry => !entry.includes('--hash=sha256:'))).toEqual([]);
  });
});
