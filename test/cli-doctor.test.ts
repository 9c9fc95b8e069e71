/** `wheelhouse doctor`: what it makes of the programs that answer. */
import { diagnose, type Ask } from '../lib/cli/doctor';

/** A machine where the programs answer so; what is missing cannot be run. */
function machine(answers: Record<string, string | { readonly fails: string }>): Ask {
  return (...line) => {
    const found = Object.keys(answers).find(start => line.join(' ').startsWith(start));
    if (found === undefined) return undefined;
    const answer = answers[found];
    return typeof answer === 'string' ? { status: 0, stdout: `${answer}\n`, stderr: '' } : { status: 1, stdout: '', stderr: answer.fails };
  };
}

const GOOD = {
  'docker version --format {{.Client': '25.0.0', 'docker version --format {{.Server': '25.0.0 linux', 'docker buildx': 'github.com/docker/buildx v0.12.1 30feaa1', 'docker compose': 'v2.24.1',
};
const problems = (answers: Parameters<typeof machine>[0]) => diagnose(machine(answers)).flatMap(({ what, problem }) => problem === undefined ? [] : [`${what}: ${problem}`]);

describe('wheelhouse doctor', () => {
  test('is content with the oldest versions that do', () => {
    expect(diagnose(machine(GOOD))).toEqual([{ what: 'engine', found: '25.0.0' }, { what: 'buildx', found: '0.12.1' }, { what: 'compose', found: '2.24.1' }].map(
      one => ({ ...one, problem: undefined })));
  });

  test('reads the versions of distributions', () => {
    const debian = { ...GOOD, 'docker version --format {{.Server': '26.1.5+dfsg1 linux', 'docker buildx': 'github.com/docker/buildx 0.13.1+ds1 0.13.1+ds1-3', 'docker compose': '2.26.1-4' };
    expect(diagnose(machine(debian)).map(({ found, problem }) => [found, problem])).toEqual([['26.1.5+dfsg1', undefined], ['0.13.1+ds1', undefined], ['2.26.1-4', undefined]]);
  });

  test.each([
    ['no docker', {}, 'docker: images cannot be built and applications cannot be started; synth works without. Install Docker: https://docs.docker.com/engine/install/'],
    ['an engine that does not answer', { ...GOOD, 'docker version --format {{.Server': { fails: 'x\nCannot connect to the Docker daemon' } },
      "engine: nothing can be built or started (Cannot connect to the Docker daemon); start the engine, or say where it is with DOCKER_HOST or 'docker context use'"],
    ['an old engine', { ...GOOD, 'docker version --format {{.Server': '24.0.9 linux' },
      "engine: compose refuses health checks with 'start_interval' before 25.0.0, and every compose.yaml may have them; update the engine: https://docs.docker.com/engine/release-notes/25.0/"],
    ['Windows containers', { ...GOOD, 'docker version --format {{.Server': '27.0.1 windows' },
      'engine: the images are for Linux, and this engine runs windows containers; switch it to Linux containers'],
    ['no buildx', { ...GOOD, 'docker buildx': { fails: "'buildx' is not a docker command" } },
      'buildx: docker build falls back to the builder without BuildKit, which knows no RUN --mount and no COPY <<EOF; install the plugin buildx: https://docs.docker.com/build/buildkit/'],
    ['no compose', { ...GOOD, 'docker compose': { fails: "'compose' is not a docker command" } },
      'compose: wheelhouse up and down do not work, nor any compose.yaml; install the plugin: https://docs.docker.com/compose/install/linux/'],
    ['an old compose', { ...GOOD, 'docker compose': '2.24.0' },
      "compose: health checks with 'start_interval' are judged wrongly before 2.24.1; update compose: https://github.com/docker/compose/releases/tag/v2.24.1"],
  ])('says what does not work with %s', (_, answers, problem) => expect(problems(answers)).toEqual([problem]));
});
