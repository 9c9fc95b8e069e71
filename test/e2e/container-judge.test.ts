/** The judge of containers, judged: a soft container must not get past it. */
import { folder } from '../declare';
import { softness } from './container-judge';
import { describeOnEngine, docker } from './engine';

const NAME = 'wheelhouse-e2e-soft';

describeOnEngine('the judge', () => {
  beforeAll(() => {
    const root = folder({ Dockerfile: 'FROM python:3.13\nWORKDIR /app\nRUN touch app.py && chown 1000:1000 app.py\nCMD ["sleep", "600"]\n' });
    docker('buildx', 'build', '--quiet', '--tag', NAME, root);
    docker('run', '--detach', '--init', '--name', NAME, '--publish', '127.0.0.1::8000', '--volume', '/data', NAME);
  });
  afterAll(() => docker('rm', '--force', '--volumes', NAME));

  test('finds everything that is soft about a soft container', () => {
    const findings = softness(NAME, {
      userId: 65532, writable: ['/tmp'], code: ['/app', '/venv'], without: ['shell', 'compiler', 'pip', 'package manager'], python: '/usr/local/bin/python', published: [],
    });
    const port = docker('port', NAME, '8000').split(':').pop();
    expect(findings).toEqual(expect.arrayContaining([
      'runs as user 0, not 65532', "user '' is not a number", 'the root file system is not read-only', 'capabilities are not all dropped', 'it may gain privileges',
      'tmpfs /tmp is missing', 'mount volume /data was not promised', `published port ${port} was not promised`, '1 files in /app can be written, such as /app/app.py', 'no code in /venv',
      'has a shell: sh', 'has a shell: bash', 'has a compiler: gcc', 'has a compiler: make', 'has a pip: pip', 'has a pip: the pip module', 'has a package manager: apt-get',
      'writing to / was not promised', 'writing to /tmp is missing', 'a process has privileges may be gained', expect.stringMatching(/^a process has capabilities [0-9a-f]+$/),
    ]));
  });
});
