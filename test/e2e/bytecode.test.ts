/** Bytecode of what is imported: there, used, valid whatever the times of files, and never the application's own. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesize } from '../examples';
import { cachedSteps } from './build-steps';
import { describeOnEngine, docker, run, tryDocker } from './engine';

const SLIM = "PythonBase.slim({ python: '3.13', debian: 'bookworm' })";
const TAG = 'wheelhouse-e2e/bytecode';

/** Builds flask-nginx's application on slim, with this choice of bytecode after a change of its source. */
function built(tag: string, bytecode: string, prepare: (root: string) => void = () => undefined) {
  const { root } = synthesize('flask-nginx', {
    prepare,
    edit: program => program.replace('PythonBase.chainguard()', SLIM).replace("source: 'app',", `source: 'app', bytecode: ${bytecode},`).replace('  App,', '  App, Bytecode, Trim,'),
  });
  const dockerfile = join(root, 'wheelhouse.out/flask-nginx/images/flask-app-image/Dockerfile');
  return { root, dockerfile, ...tryDocker('buildx', 'build', '--progress', 'plain', '--tag', `${TAG}:${tag}`, '--file', dockerfile, root) };
}

const inImage = (program: string, tag = 'imported') => docker('run', '--rm', '--read-only', '--entrypoint', '/venv/bin/python', `${TAG}:${tag}`, '-c', program);

describeOnEngine('the bytecode of what is imported', () => {
  let image: ReturnType<typeof built>;
  beforeAll(() => {
    image = built('imported', 'Bytecode.imported()');
    if (image.status !== 0) throw new Error(image.stderr);
    const plain = built('installed', 'Bytecode.installed()');
    if (plain.status !== 0) throw new Error(plain.stderr);
  });

  test('is where Python looks for it, for packages and for the standard library', () => {
    const cached = inImage('import flask, json, os, PIL.Image, gunicorn.workers.sync\nfor m in (flask, json, PIL.Image, gunicorn.workers.sync): print(m.__cached__, os.path.exists(m.__cached__))');
    expect(cached.split('\n').map(line => line.replace(/cpython-\d+/, 'cpython'))).toEqual([
      '/pycache/venv/lib/python3.13/site-packages/flask/__init__.cpython.pyc True', '/pycache/usr/local/lib/python3.13/json/__init__.cpython.pyc True',
      '/pycache/venv/lib/python3.13/site-packages/PIL/Image.cpython.pyc True', '/pycache/venv/lib/python3.13/site-packages/gunicorn/workers/sync.cpython.pyc True',
    ]);
  });

  test('is valid whatever the time of a file, and holds nothing of the application', () => {
    const said = inImage('import glob\nfiles = glob.glob("/pycache/**/*.pyc", recursive=True)\n'
      + 'print(len(files) > 200, {open(f, "rb").read()[4:8].hex() for f in files}, [f for f in files if f.startswith(("/pycache/app", "/pycache/compile"))])');
    expect(said).toBe("True {'01000000'} []"); // PEP 552: a hash, which is not checked
  });

  test('stands alone: no package has a __pycache__ beside it', () => {
    expect(inImage('import glob; print(len(glob.glob("/venv/**/__pycache__", recursive=True)))')).toBe('0');
    expect(Number(inImage('import glob; print(len(glob.glob("/venv/**/__pycache__", recursive=True)))', 'installed'))).toBeGreaterThan(10);
  });

  test('is the same when it is built again', () => {
    const hash = 'import glob, hashlib\nprint(hashlib.sha256(b"".join(f.encode() + open(f, "rb").read() for f in sorted(glob.glob("/pycache/**/*.pyc", recursive=True)))).hexdigest())';
    const before = inImage(hash);
    docker('buildx', 'build', '--quiet', '--no-cache-filter', 'bytecode', '--tag', `${TAG}:again`, '--file', image.dockerfile, image.root);
    expect(inImage(hash, 'again')).toBe(before);
  });

  test('is not made again when the source changes, and hides no edit', () => {
    appendFileSync(join(image.root, 'app/app.py'), `\nSTAMP = ${Date.now()}\n`);
    expect(cachedSteps(image.dockerfile, image.root).filter(step => !step.cached).map(step => step.instruction)).toEqual(['COPY app /app']);
    docker('buildx', 'build', '--quiet', '--tag', `${TAG}:edited`, '--file', image.dockerfile, image.root);
    const stamp = /STAMP = (\d+)/.exec(readFileSync(join(image.root, 'app/app.py'), 'utf8'))![1];
    expect(inImage('import app; print(app.STAMP)', 'edited')).toBe(stamp);
  });

  test('says which module cannot be imported, and how to leave it out', () => {
    expect(built('broken', "Bytecode.imported({ modules: ['nothing.there'] })")).toMatchObject({
      status: 1, stderr: expect.stringMatching(/Leave them out: Bytecode\.imported\(\{ leaveOut: \[\.\.\.\] \}\)[^]*nothing\.there: ModuleNotFoundError: No module named 'nothing'/),
    });
    expect(built('left-out', "Bytecode.imported({ modules: ['nothing.there'], leaveOut: ['nothing'] })").status).toBe(0);
  });

  test('is made as far as it goes of what the source imports and cannot be imported there, which the build says', () => {
    // a name that is another one each time: what is cached says nothing
    const source = `from asyncio import windows_events\nimport never_${Date.now()}\n`;
    const { status, stderr } = built('partly', "Bytecode.imported({ modules: ['json'] })", root => writeFileSync(join(root, 'app/other.py'), source));
    expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringMatching(/not imported while the image is built[^]*asyncio\.windows_events: ImportError: win32 only/) });
    expect(inImage('import asyncio, os; print(os.path.exists(asyncio.__cached__))', 'partly')).toBe('True');
  });

  test('leaves out with Trim what no service reads', () => {
    expect(built('trimmed', 'Bytecode.imported(), trim: Trim.unused()').status).toBe(0);
    const counts = 'import glob\nprint([len(glob.glob("/venv/**/" + name, recursive=True)) for name in ("*.pyi", "*.h", "tests")])';
    const [before, after] = [inImage(counts), inImage(counts, 'trimmed')].map(text => JSON.parse(text) as number[]);
    expect(before.some(count => count > 0)).toBe(true);
    expect(after).toEqual([0, 0, 0]);
    expect(inImage('import app; print(app.app.test_client().get("/badge/x.png").status)', 'trimmed')).toBe('200 OK');
  });

  test('lets the service start sooner', () => {
    const start = join(image.root, 'start.sh');
    writeFileSync(start, [
      'set -eu', 'begin=$(date +%s%N)',
      'id=$(docker run --detach --read-only --cap-drop ALL --tmpfs /tmp --tmpfs /home/nonroot:uid=65532,gid=65532 "$1")',
      'address=$(docker inspect --format "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}" "$id")',
      'until curl --silent --fail --noproxy "*" --max-time 5 --output /dev/null "http://$address:8000/badge/x.png"; do sleep 0.01; done',
      'echo $(( ($(date +%s%N) - begin) / 1000000 ))', 'docker rm --force "$id" > /dev/null',
    ].join('\n'));
    const once = (tag: string) => Number(run('bash', [start, `${TAG}:${tag}`]).stdout.trim());
    const times = Array.from({ length: 5 }, () => [once('imported'), once('installed')]);
    const median = (at: number) => times.map(pair => pair[at]).sort((a, b) => a - b)[2];
    process.stderr.write(`start to the first page: ${median(0)} ms with it, ${median(1)} ms with what pip compiles\n`);
    expect(median(0)).toBeLessThan(median(1));
  });
});
