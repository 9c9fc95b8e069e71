/** How the tasks of jobs find services, which have no Service Connect: by the private DNS, through a variable that the resolver reads. */
import { describeOnEngine, docker, tryDocker } from './engine';

const NETWORK = 'wheelhouse-ecs-names';
/** Bases with glibc that the test bed has. */
const IMAGES = { slim: 'python:3.13-slim-bookworm', chainguard: 'cgr.dev/chainguard/python:latest' };
const LOOK_UP = "import socket; socket.create_connection(('db', 5432), 5); print('found')";

describeOnEngine('a job', () => {
  beforeAll(() => {
    docker('network', 'create', NETWORK);
    docker('run', '--detach', '--name', `${NETWORK}-db`, '--network', NETWORK, '--network-alias', 'db.shop.internal', '--entrypoint', 'python', IMAGES.slim, '-m', 'http.server', '5432');
  });
  afterAll(() => {
    tryDocker('rm', '--force', `${NETWORK}-db`);
    docker('network', 'rm', NETWORK);
  });

  const asked = (image: string, ...options: string[]) => {
    const { status, stdout, stderr } = tryDocker('run', '--rm', '--network', NETWORK, ...options, '--entrypoint', 'python', image, '-c', LOOK_UP);
    return status === 0 ? stdout.trim() : stderr.trim().split('\n').at(-1);
  };

  test.each(Object.entries(IMAGES))('on %s finds a service by its id when the variable names where services are names', (_, image) => {
    expect(asked(image, '--env', 'LOCALDOMAIN=shop.internal')).toBe('found');
  });

  test.each(Object.entries(IMAGES))('on %s does not without it', (_, image) => {
    expect(asked(image)).toMatch(/^socket\.gaierror: /);
    expect(asked(image, '--env', 'LOCALDOMAIN=other.internal')).toMatch(/^socket\.gaierror: /);
  });
});
