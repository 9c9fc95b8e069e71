/** A real Kubernetes API server and its controllers, on loopback and without nodes: objects are admitted or refused, nothing runs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { folder } from '../../declare';
import { type Outcome, run } from '../engine';
import { program } from './judges';
import { type KubernetesObject, written } from './manifests';

/** One server with everything that it keeps in a folder of its own, on ports that are free. `stop` it in the end. */
export class ApiServer {
  private readonly home = folder();
  private readonly processes: ChildProcess[] = [];
  private readonly killAll = () => this.processes.forEach(child => child.kill('SIGKILL'));

  /** Starts it and waits until it and the controllers are at work. */
  public async start(): Promise<void> {
    process.on('exit', this.killAll);
    try {
      await this.boot();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** `kubectl` as administrator, whatever its exit code. */
  public kubectl(...args: string[]): Outcome {
    return run(program('kubectl'), ['--kubeconfig', join(this.home, 'kubeconfig'), '--cache-dir', join(this.home, 'cache'), ...args], { NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' });
  }

  /** The same, and it has to succeed. */
  public ask(...args: string[]): string {
    const { status, stdout, stderr } = this.kubectl(...args);
    if (status !== 0) throw new Error(`kubectl ${args.join(' ')}: exit ${status}\n${stdout}${stderr}`);
    return stdout.trim();
  }

  /** Objects of these kinds. */
  public list(kinds: string, namespace: string): KubernetesObject[] {
    return JSON.parse(this.ask('get', kinds, '--namespace', namespace, '--output', 'json')).items;
  }

  /** What `kubectl apply` says of a file, or of objects; unknown and doubled fields are refused. */
  public apply(what: string | readonly object[], ...args: string[]): Outcome {
    const file = typeof what === 'string' ? what : join(folder({ 'objects.yaml': written(what) }), 'objects.yaml');
    return this.kubectl('apply', '--validate=strict', '--filename', file, ...args);
  }

  /** A new namespace of this name that refuses pods which do not meet the standard `restricted`; pods can be made in it. */
  public async restrictedNamespace(name: string): Promise<string> {
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    const { status, stderr } = this.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }]);
    if (status !== 0) throw new Error(stderr);
    await this.until(`pods can be made in ${name}`, () => this.hasAccount(name));
    return name;
  }

  /** Waits for something, for up to two minutes. */
  public async until(what: string, holds: () => boolean): Promise<void> {
    await this.untilNone(() => holds() ? [] : [what]);
  }

  /** Asks every half second, for up to two minutes, until nothing is missing any more. */
  public async untilNone(missing: () => readonly string[]): Promise<void> {
    const end = Date.now() + 120_000;
    for (let left = missing(); left.length > 0; left = missing()) {
      const fallen = this.processes.find(child => child.exitCode !== null);
      if (fallen) throw new Error(`${fallen.spawnfile} has ended: ${readFileSync(join(this.home, 'log'), 'utf8').slice(-4000)}`);
      if (Date.now() > end) throw new Error(`waited in vain until: ${left.join('; ')}`);
      await wait(500);
    }
  }

  /** Stops everything and forgets what was stored. */
  public async stop(): Promise<void> {
    for (const child of [...this.processes].reverse()) await ended(child);
    process.off('exit', this.killAll);
    rmSync(this.home, { recursive: true, force: true });
  }

  /** Without the account that its controller makes, pods of a namespace are refused. */
  private hasAccount(namespace: string): boolean {
    return this.kubectl('get', 'serviceaccount', 'default', '--namespace', namespace).status === 0;
  }

  private async boot(): Promise<void> {
    const path = (name: string) => join(this.home, name);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
    const token = randomUUID();
    writeFileSync(path('key.pem'), privateKey);
    writeFileSync(path('tokens.csv'), `${token},admin,admin,system:masters\n`);
    const [port, controllers, etcdPort, peerPort] = await freePorts(4);
    const etcd = `http://127.0.0.1:${etcdPort}`;
    const peer = `http://127.0.0.1:${peerPort}`;
    this.spawn('etcd', '--data-dir', path('etcd'), '--unsafe-no-fsync', '--listen-client-urls', etcd, '--advertise-client-urls', etcd,
      '--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `default=${peer}`);
    // privileged containers have to be something that admission refuses, not validation; nobody is on the address of the service `kubernetes`
    this.spawn('kube-apiserver', '--etcd-servers', etcd, '--cert-dir', path('certificates'), '--bind-address=127.0.0.1', '--secure-port', `${port}`,
      '--authorization-mode=RBAC', '--token-auth-file', path('tokens.csv'), '--service-account-issuer=https://kubernetes.default.svc',
      '--service-account-signing-key-file', path('key.pem'), '--service-account-key-file', path('key.pem'), '--service-cluster-ip-range=10.96.0.0/16',
      '--allow-privileged', '--endpoint-reconciler-type=none');
    const certificate = path('certificates/apiserver.crt');
    writeFileSync(path('kubeconfig'), written([{
      'apiVersion': 'v1',
      'kind': 'Config',
      'current-context': 'judge',
      'clusters': [{ name: 'judge', cluster: { 'server': `https://127.0.0.1:${port}`, 'certificate-authority': certificate } }],
      'users': [{ name: 'admin', user: { token } }],
      'contexts': [{ name: 'judge', context: { cluster: 'judge', user: 'admin' } }],
    }]));
    await this.until('the API server answers', () => this.kubectl('get', '--raw', '/readyz').status === 0);
    this.spawn('kube-controller-manager', '--kubeconfig', path('kubeconfig'), '--leader-elect=false', '--bind-address=127.0.0.1', '--secure-port', `${controllers}`,
      '--cert-dir', path('controllers'), '--service-account-private-key-file', path('key.pem'), '--root-ca-file', certificate, '--use-service-account-credentials',
      '--controllers=*,-node-lifecycle-controller');
    await this.until('the controllers are at work', () => this.hasAccount('default'));
  }

  private spawn(name: Parameters<typeof program>[0], ...args: string[]): void {
    const log = openSync(join(this.home, 'log'), 'a');
    this.processes.push(spawn(program(name), args, { stdio: ['ignore', log, log] }));
    closeSync(log);
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, async () => new Promise<Server>((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => resolve(server));
  })));
  const ports = servers.map(server => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(async server => new Promise(resolve => server.close(resolve))));
  return ports;
}

/** Ends a process: asked, and after five seconds not asked any more. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>(resolve => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 5000);
  await gone;
  clearTimeout(patience);
}
