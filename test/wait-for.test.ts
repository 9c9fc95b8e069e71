/** The program with which pods wait for each other, run by the Python of this machine beside a stand-in for the API of a cluster. */
import { spawnSync } from 'node:child_process';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { account, aJob, aStatus, jobApi, renewToken } from './job-api';
import { startWaiting } from './start-waiting';
import { WAIT_FOR_PROGRAM } from '../lib/targets/kubernetes/wait-for';

const ACCOUNT = account();
const IPV6 = Object.values(networkInterfaces()).flat().some(address => address?.address === '::1');
/** Starts it with these arguments. */
const waiting = (args: string[], variables: Record<string, string> = {}, pace = 20) => startWaiting(WAIT_FOR_PROGRAM, ACCOUNT, args, variables, pace);

/** Listens on a port, of which the number is answered. */
async function listen(port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer(socket => socket.destroy());
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const { server, port } = await listen();
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** Runs it until it ends, beside an API with these answers. */
async function afterJob(...answers: Parameters<typeof jobApi>[1]) {
  const api = await jobApi(ACCOUNT, answers);
  try {
    return { ...await waiting(['job:migrate-1a2b3c4d'], api.variables).ended, asked: api.asked };
  } finally {
    api.close();
  }
}

test('the program is one for Python 3.8', () => {
  const { status, stderr } = spawnSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read(), feature_version=(3, 8))'], { input: WAIT_FOR_PROGRAM, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

describe('a service', () => {
  test('that accepts connections is there', async () => {
    const { server, port } = await listen();
    expect(await waiting([`service:127.0.0.1:${port}`]).ended).toEqual({ code: 0, said: `service 127.0.0.1:${port} is there\n` });
    server.close();
  });

  test('is waited for, each in its turn', async () => {
    const [first, second] = [await freePort(), await listen()];
    const { ended, hasSaid } = waiting([`service:127.0.0.1:${first}`, `service:127.0.0.1:${second.port}`]);
    await hasSaid('waiting');
    const late = await listen(first);
    expect(await ended).toEqual({
      code: 0,
      said: `waiting for service 127.0.0.1:${first}: [Errno 111] Connection refused\nservice 127.0.0.1:${first} is there\nservice 127.0.0.1:${second.port} is there\n`,
    });
    late.server.close();
    second.server.close();
  });

  test('that does not come is named every 30 seconds', async () => {
    const port = await freePort();
    const { child, ended, hasSaid } = waiting([`service:127.0.0.1:${port}`], {}, 100);
    const line = `waiting for service 127.0.0.1:${port}: [Errno 111] Connection refused\n`;
    const start = Date.now();
    await hasSaid(line.repeat(3));
    expect(Date.now() - start).toBeGreaterThan(590);
    child.kill();
    await ended;
  });

  test('is waited for until a signal ends that, at once', async () => {
    const { child, ended, hasSaid } = waiting([`service:127.0.0.1:${await freePort()}`], {}, 0.001);
    await hasSaid('waiting');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 143 });
  });
});

describe('a job', () => {
  test('that has ended well is there', async () => {
    const { code, said, asked } = await afterJob(aJob('Complete'));
    expect([code, said]).toEqual([0, 'job migrate-1a2b3c4d is there\n']);
    expect(asked).toMatchObject([{ url: '/apis/batch/v1/namespaces/shop/jobs/migrate-1a2b3c4d', authorization: 'Bearer token-1' }]);
  });

  test('is asked for until it is there and has ended; each reason is told once', async () => {
    const missing = aStatus(404, 'jobs.batch "migrate-1a2b3c4d" not found');
    const { code, said, asked } = await afterJob(missing, missing, aJob(), aJob('Suspended'), [200, { status: { conditions: [{ type: 'Complete', status: 'False' }] } }], aJob('Complete'));
    expect([code, said]).toEqual([0, [
      'waiting for job migrate-1a2b3c4d: the API answers 404: jobs.batch "migrate-1a2b3c4d" not found',
      'waiting for job migrate-1a2b3c4d: it has not ended',
      'job migrate-1a2b3c4d is there',
      '',
    ].join('\n')]);
    expect(asked).toHaveLength(6);
  });

  test('that has failed fails the start, and says how to go on', async () => {
    const { code, said } = await afterJob(aJob(), aJob('Failed', { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' }));
    expect([code, said]).toEqual([1, [
      'waiting for job migrate-1a2b3c4d: it has not ended',
      'job migrate-1a2b3c4d has failed: BackoffLimitExceeded: Job has reached the specified backoff limit; its logs say why; once that is mended, delete it and apply it again',
      '',
    ].join('\n')]);
  });

  test('is waited for while the API refuses or cannot answer', async () => {
    const forbidden = 'jobs.batch "migrate-1a2b3c4d" is forbidden: User "system:serviceaccount:shop:api" cannot get resource "jobs"';
    const { code, said } = await afterJob(aStatus(403, forbidden), aStatus(503, 'etcd is away'), [502, '<html>'], aJob('Complete'));
    expect(code).toBe(0);
    expect(said.split('\n')).toEqual([
      `waiting for job migrate-1a2b3c4d: the API answers 403: ${forbidden}`,
      'waiting for job migrate-1a2b3c4d: the API answers 503: etcd is away',
      'waiting for job migrate-1a2b3c4d: the API cannot be asked: JSONDecodeError: Expecting value: line 1 column 1 (char 0)',
      'job migrate-1a2b3c4d is there',
      '',
    ]);
  });

  test('is waited for while nobody answers for the API, or nobody has said where it is', async () => {
    const port = await freePort();
    for (const [variables, reason] of [
      [{ KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(port) }, 'ConnectionRefusedError: [Errno 111] Connection refused'],
      [{}, "KeyError: 'KUBERNETES_SERVICE_HOST'"],
    ] as [Record<string, string>, string][]) {
      const { child, ended, hasSaid } = waiting(['job:migrate-1a2b3c4d'], variables);
      await hasSaid(`waiting for job migrate-1a2b3c4d: the API cannot be asked: ${reason}\n`);
      child.kill();
      expect(await ended).toMatchObject({ code: 143 });
    }
  });

  test('is asked for once a second, each time with the token that there is then', async () => {
    const api = await jobApi(ACCOUNT, [aJob(), aJob('Complete')], '127.0.0.1', count => renewToken(ACCOUNT, count === 1 ? 'token-2' : 'token-1'));
    expect(await waiting(['job:migrate'], api.variables, 1).ended).toMatchObject({ code: 0 });
    expect(api.asked.map(({ authorization }) => authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
    expect(api.asked[1].at - api.asked[0].at).toBeGreaterThan(990);
    api.close();
  });

  test('is not asked for of somebody whom the CA of the cluster does not vouch for: nobody else sees the token', async () => {
    const api = await jobApi(account(), [aJob('Complete')]);
    const { child, ended, hasSaid } = waiting(['job:migrate'], api.variables);
    await hasSaid('CERTIFICATE_VERIFY_FAILED');
    child.kill();
    expect(await ended).toMatchObject({ code: 143 });
    expect(api.asked).toEqual([]);
    api.close();
  });

  (IPV6 ? test : test.skip)('is asked for in a cluster of IPv6', async () => {
    const api = await jobApi(ACCOUNT, [aJob('Complete')], '::1');
    expect(await waiting(['job:migrate'], api.variables).ended).toEqual({ code: 0, said: 'job migrate is there\n' });
    expect(api.asked).toMatchObject([{ host: `[::1]:${api.variables.KUBERNETES_SERVICE_PORT}` }]);
    api.close();
  });
});
