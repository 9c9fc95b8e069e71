/** Start order beside a real API server. Nothing runs in it: what a kubelet would do, files and state of pods, is done here. */
import { join } from 'node:path';
import { ApiServer } from './api-server';
import { describeWithJudges } from './judges';
import { read } from './manifests';
import { appWith, filesUnder, folder } from '../../declare';
import { startWaiting } from '../../start-waiting';
import { Job, KubernetesFile, PythonBase, PythonServer, PythonServiceImage, Service } from 'cdk-wheelhouse';

/** Two jobs that others wait for, as printed; `release` is an argument of the jobs, so that each has other Jobs. */
function shop(release: string) {
  const { app, application, outdir } = appWith();
  const image = new PythonServiceImage(application, 'image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
  const job = (id: string) => new Job(application, id, { image, command: [id, release] });
  new Service(application, 'api', { image, dependsOn: [job('migrate')] });
  new Service(application, 'worker', { image, dependsOn: [job('load')] });
  new Service(application, 'idle', { image });
  new KubernetesFile(application, 'kubernetes', { registry: 'registry.example.com/shop' });
  app.synth();
  const file = join(outdir, 'shop/kubernetes.yaml');
  const objects = read(filesUnder(outdir)['shop/kubernetes.yaml']);
  const named = (kind: string, start: string) => objects.find(object => object.kind === kind && object.metadata.name.startsWith(start))!;
  return { file, named, pod: (service: string) => named('Deployment', service).spec.template.spec };
}

describeWithJudges('start order', () => {
  const api = new ApiServer();
  const first = shop('1');
  const kubectl = (...args: string[]) => api.ask('--namespace', 'shop', ...args);
  let variables: Record<string, string>;

  /** The files that a kubelet makes of the sources of an account's volume. */
  const account = (name: string) => folder({
    'token': kubectl('create', 'token', name),
    'ca.crt': kubectl('get', 'configmap', 'kube-root-ca.crt', '--output', 'jsonpath={.data.ca\\.crt}'),
    'namespace': 'shop',
  });
  /** Starts what waits in the pods of a service. */
  const waits = (pod: any, as: string) => startWaiting(first.named('ConfigMap', 'shop.start-order').data['wait_for.py'], account(as), pod.initContainers[0].args, variables, 5);
  /** Has the pod of a Job end, as a kubelet tells it. */
  const end = async (job: string, phase: 'Succeeded' | 'Failed') => {
    const podOf = () => kubectl('get', 'pods', '--selector', `job-name=${job}`, '--output', 'name').split('\n')[0];
    await api.until(`${job} has a pod`, () => podOf() !== '');
    kubectl('patch', podOf(), '--subresource=status', '--type=merge', '--patch', JSON.stringify({ status: { phase } }));
  };

  beforeAll(async () => {
    await api.start();
    const server = new URL(api.ask('config', 'view', '--output', 'jsonpath={.clusters[0].cluster.server}'));
    variables = { KUBERNETES_SERVICE_HOST: server.hostname, KUBERNETES_SERVICE_PORT: server.port };
  });
  afterAll(async () => api.stop());

  test('is admitted as it stands, with its pods', async () => {
    expect(api.apply(first.file)).toMatchObject({ status: 0, stderr: '' });
    await api.until('there are pods', () => api.list('pods', 'shop').filter(({ spec }) => spec.initContainers).length === 2);
  });

  test('waits until the Job has ended well', async () => {
    const { ended, hasSaid } = waits(first.pod('api'), 'api');
    const job = first.named('Job', 'migrate').metadata.name;
    await hasSaid(`waiting for job ${job}: it has not ended\n`);
    await end(job, 'Succeeded');
    expect(await ended).toEqual({ code: 0, said: `waiting for job ${job}: it has not ended\njob ${job} is there\n` });
  });

  test('ends when the Job has failed', async () => {
    const { ended, hasSaid } = waits(first.pod('worker'), 'worker');
    const job = first.named('Job', 'load').metadata.name;
    await hasSaid('it has not ended');
    await end(job, 'Failed');
    const { code, said } = await ended;
    expect(code).toBe(1);
    expect(said).toContain(`job ${job} has failed: BackoffLimitExceeded: Job has reached the specified backoff limit; its logs say why;`);
  });

  test.each([['worker', 'of another Job'], ['idle', 'that waits for nobody']])('is refused to %s, an account %s', async as => {
    const { hasSaid } = waits(first.pod('api'), as);
    await hasSaid(`the API answers 403: jobs.batch "${first.named('Job', 'migrate').metadata.name}" is forbidden: User "system:serviceaccount:shop:${as}"`);
  });

  test.each([
    ['get job/NAME', 'yes'],
    ...['get job/load', 'list jobs', 'delete job/NAME', 'get job/NAME --subresource=status', 'get pods', 'get secrets', 'get configmaps'].map(what => [what, 'no']),
  ])('may %s: %s', (what, answer) => {
    const args = what.replace('NAME', first.named('Job', 'migrate').metadata.name).split(' ');
    expect(api.kubectl('--namespace', 'shop', 'auth', 'can-i', ...args, '--as', 'system:serviceaccount:shop:api').stdout).toBe(`${answer}\n`);
  });

  test('still lets pods of the release before ask for their Job', async () => {
    const second = shop('2');
    expect(api.apply(second.file)).toMatchObject({ status: 0 });
    expect(second.named('Job', 'migrate').metadata.name).not.toBe(first.named('Job', 'migrate').metadata.name);
    expect(await waits(first.pod('api'), 'api').ended).toMatchObject({ code: 0 });
    const { hasSaid } = waits(second.pod('api'), 'api');
    await hasSaid(`waiting for job ${second.named('Job', 'migrate').metadata.name}: it has not ended\n`);
  });

  test('needs its Role', async () => {
    kubectl('delete', 'role', first.named('Job', 'migrate').metadata.name);
    const { hasSaid } = waits(first.pod('api'), 'api');
    await hasSaid('the API answers 403: ');
  });
});
