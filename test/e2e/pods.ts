/** Plays a kubernetes.yaml with the podman of the test bed, which knows less than Kubernetes: all that differs is named here, with its reason. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAllDocuments, stringify } from 'yaml';
import { folder } from '../declare';
import { docker, run, succeed, tryDocker, type Outcome } from './engine';

/** An object of a manifest. */
export type Body = any;

/** Whose objects podman 4.3 passes over, though they are in the file that it is given. */
export const PASSED_OVER: Record<string, string> = {
  Namespace: 'one host has one',
  NetworkPolicy: 'who may reach whom: every pod reaches every pod here (the compose tests have real networks)',
  ServiceAccount: 'there is no API to have rights in',
  Role: 'the same',
  RoleBinding: 'the same',
  Service: "hostAliases lead to the pods that are there before (podman's own names are not always found, and cost seconds)",
  Ingress: 'the test asks the port of the pod that the Ingress leads to',
};

/** What is in pods, and is not done, though nothing has to be changed for it. Each is claimed by a test. */
export const NOT_DONE: Record<string, string> = {
  'fsGroup': 'a PersistentVolumeClaim has the owner and the mode of the directory that the image has in its place',
  'terminationGracePeriodSeconds': 'podman waits for ten seconds, whatever is said',
  'startupProbe, readinessProbe, livenessProbe': 'they want systemd: the test does what a kubelet does',
  'lifecycle.preStop': 'nobody is told of pods that end',
};

/** What has to be changed before podman takes it, or does with it what Kubernetes does. */
const CHANGED: { readonly why: string; readonly change: (pod: Body, secrets: Record<string, string>, objects: readonly Body[]) => Body[] }[] = [
  {
    why: 'podman takes no StatefulSet and no Job: each is a Pod with the name of its Service',
    change: pod => {
      pod.metadata.name = pod.metadata.labels['app.kubernetes.io/name'];
      return [];
    },
  },
  {
    why: 'containerPorts are published on the host under the same numbers, where others have them',
    change: ({ spec }) => {
      for (const container of spec.containers) delete container.ports;
      return [];
    },
  },
  {
    why: 'emptyDirs of one name are one directory of the disk for all pods: the names get that of the pod, and emptyDir() makes them before it comes',
    change: ({ metadata, spec }) => {
      const names = new Set(spec.volumes.filter((volume: Body) => volume.emptyDir).map(({ name }: Body) => name));
      for (const one of [...spec.volumes, ...spec.containers.flatMap((container: Body) => container.volumeMounts)]) {
        if (names.has(one.name)) one.name = `${metadata.name}.${one.name}`;
      }
      return [];
    },
  },
  {
    why: 'subPath is not known: the Secrets of a pod are one Secret, mounted as the directory in which each is a file',
    change: ({ metadata, spec }, values) => {
      const name = `${metadata.name}.secrets`;
      const own = spec.volumes.filter((volume: Body) => volume.secret);
      if (own.length === 0) return [];
      spec.volumes = [...spec.volumes.filter((volume: Body) => !volume.secret), { name, secret: { secretName: name } }];
      const [{ volumeMounts }] = spec.containers;
      const isOwn = (mount: Body) => own.some((volume: Body) => volume.name === mount.name);
      const strange = volumeMounts.filter(isOwn).filter(({ mountPath, subPath, readOnly }: Body) => mountPath !== `/run/secrets/${subPath}` || !readOnly);
      if (strange.length > 0) throw new Error(`no file of /run/secrets that is only read: ${JSON.stringify(strange)}`);
      spec.containers[0].volumeMounts = [...volumeMounts.filter((mount: Body) => !isOwn(mount)), { name, mountPath: '/run/secrets', readOnly: true }];
      const stringData = Object.fromEntries(own.map(({ secret: { secretName } }: Body) => [secretName, values[secretName]]));
      return [{ apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData }];
    },
  },
  {
    why: 'subPath is not known: a text of a ConfigMap that is mounted as one file is a file of this machine',
    change: ({ spec }, _, objects) => {
      for (const mount of spec.containers[0].volumeMounts.filter(({ subPath }: Body) => subPath !== undefined)) {
        const volume = spec.volumes.find(({ name }: Body) => name === mount.name);
        const { data } = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === volume.configMap.name);
        volume.hostPath = { path: join(folder({ [mount.subPath]: data[mount.subPath] }), mount.subPath), type: 'File' };
        delete volume.configMap;
        delete mount.subPath;
      }
      return [];
    },
  },
  {
    why: "init containers are started again when they have ended, as the pod's others, and are removed with what they have said",
    change: ({ metadata, spec }) => {
      if (!spec.initContainers) return [];
      spec.restartPolicy = 'Never';
      metadata.annotations = { ...metadata.annotations, 'io.podman.annotations.init.container.type': 'always' };
      return [];
    },
  },
  {
    why: 'there is no API to ask for a Job: init containers wait for services only, without the token, and the test waits for the Job',
    change: ({ spec }) => {
      spec.volumes = spec.volumes.filter((volume: Body) => !volume.projected);
      for (const container of spec.initContainers ?? []) {
        container.args = container.args.filter((arg: string) => !arg.startsWith('job:'));
        container.volumeMounts = container.volumeMounts.filter((mount: Body) => spec.volumes.some((volume: Body) => volume.name === mount.name));
      }
      return [];
    },
  },
];

/** What has all objects that are no pods. As long as there is a container, ended or not, `podman-play` lets volumes and Secrets stay. */
const FIRST = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'first' },
  spec: { restartPolicy: 'Never', containers: [{ name: 'first', image: 'cgr.dev/chainguard/python:latest', imagePullPolicy: 'Never', args: ['-c', 'pass'] }] },
};

/** A workload as podman runs it. */
export interface Playable {
  readonly name: string;
  readonly isJob: boolean;
  /** As the file has it. */
  readonly declared: Body;
  /** Names of the pods that have to be there before. */
  readonly after: readonly string[];
  /** The Pod, and the Secret that it has. */
  readonly played: readonly Body[];
}

/** The pods of an application, on podman. */
export class Pods {
  public readonly objects: Body[];
  public readonly all: readonly Playable[];
  /** Addresses of those that others reach, by the names of their Services. */
  private readonly reached = new Map<string, string>();

  /** @param secrets values of the Secrets, which a kubernetes.yaml never has */
  constructor(file: string, secrets: Record<string, string> = {}) {
    this.objects = parseAllDocuments(readFileSync(file, 'utf8')).map(document => document.toJS());
    const workloads = this.objects.filter(({ spec }) => spec?.template);
    const playable = workloads.map(declared => ({ ...this.playable(declared, secrets), isJob: declared.kind === 'Job', declared: declared.spec.template.spec }));
    this.all = inOrder(playable);
  }

  /** Starts pods one after the other, each when what it waits for is there; where none is named all of them, for the first time. */
  public async up(...names: string[]): Promise<void> {
    const configMaps = this.objects.filter(({ kind }) => kind === 'ConfigMap');
    if (names.length === 0) playFile([...this.objects.filter(({ spec }) => !spec?.template), FIRST], FIRST.spec.containers);
    for (const pod of this.all.filter(({ name }) => names.length === 0 || names.includes(name))) {
      // what is there already is refused when it comes again
      if (names.length === 0) for (const { metadata, stringData } of pod.played.slice(0, -1)) secret(metadata.name, stringData);
      for (const volume of pod.played.at(-1).spec.volumes.filter((one: Body) => one.emptyDir)) emptyDir(volume, pod.declared.securityContext);
      pod.played.at(-1).spec.hostAliases = [...this.reached].map(([name, ip]) => ({ ip, hostnames: [name] }));
      playFile([...configMaps, pod.played.at(-1)], pod.declared.containers);
      if (this.objects.some(({ kind, metadata }) => kind === 'Service' && metadata.name === pod.name)) this.reached.set(pod.name, addressOf(pod.name));
      if (pod.isJob) {
        const code = podman('wait', containerOf(pod.name));
        if (code !== '0') throw new Error(`${pod.name} has ended with ${code}: ${said(pod.name)}`);
      } else {
        await until(() => isReady(pod), () => said(pod.name));
      }
    }
  }

  /** Ends pods; what they have written to PersistentVolumeClaims stays. */
  public down(...names: string[]): void {
    for (const name of names) play('down', name);
  }

  /** Where the one Ingress leads to: host and port. */
  public entrance(): string {
    const [{ spec }] = this.objects.filter(({ kind }) => kind === 'Ingress');
    const [{ backend }] = spec.rules[0].http.paths;
    const service = this.objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === backend.service.name);
    const { targetPort } = service.spec.ports.find(({ name }: Body) => name === backend.service.port.name);
    const pod = this.all.find(({ name }) => name === service.spec.selector['app.kubernetes.io/name'])!;
    return `${addressOf(pod.name)}:${pod.declared.containers[0].ports.find(({ name }: Body) => name === targetPort).containerPort}`;
  }

  private playable(declared: Body, secrets: Record<string, string>): Pick<Playable, 'name' | 'after' | 'played'> {
    const { template } = structuredClone(declared.spec);
    const pod = { apiVersion: 'v1', kind: 'Pod', ...template };
    const waits: string[] = pod.spec.initContainers?.[0].args ?? [];
    const jobs = new Map(this.objects.filter(({ kind }) => kind === 'Job').map(({ metadata }) => [metadata.name, metadata.labels['app.kubernetes.io/name']]));
    const isProxy = this.objects.some(({ kind, metadata }) => kind === 'Ingress' && metadata.name === pod.metadata.labels['app.kubernetes.io/name']);
    const others = this.objects.flatMap(({ kind, metadata }) => kind === 'Service' && isProxy ? [metadata.name] : []);
    const added = CHANGED.flatMap(({ change }) => change(pod, secrets, this.objects));
    const { name } = pod.metadata;
    // nginx needs the names of all when it starts: Services would be there before their pods
    const after = [...waits.map(text => text.split(':')).map(([kind, of]) => kind === 'job' ? jobs.get(of)! : of), ...others.filter(other => other !== name)];
    return { name, after, played: [...added, pod] };
  }
}

/** Builds the images that the test bed has no stand-ins for, under the names that the pods have for them. */
export function buildImages(pods: Pods, root: string, out: string): void {
  const containers = pods.all.flatMap(({ declared }) => [...declared.initContainers ?? [], ...declared.containers]);
  for (const image of new Set<string>(containers.map(({ image: name }: Body) => name))) {
    const name = /\/([^/:]+):[0-9a-f]+$/.exec(image)?.[1];
    if (name) docker('buildx', 'build', '--quiet', '--tag', image, '--file', join(out, 'images', name, 'Dockerfile'), root);
  }
}

/** Ends all pods that there are, also those that a run which was cut off has left. */
export function clear(): void {
  // all at once, and at once
  tryPodman('stop', '--all', '--time', '0');
  tryPodman('pod', 'rm', '--all', '--force', '--time', '0');
  tryPodman('volume', 'prune', '--force');
  tryPodman('secret', 'rm', '--all');
}

/** Runs `podman` and answers, whatever its exit code. */
export function tryPodman(...args: string[]): Outcome {
  const testbed = process.env.TESTBED_DIR ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'wheelhouse-testbed');
  const data = join(testbed, 'podman');
  const folders = ['--root', join(data, 'storage'), '--runroot', join(data, 'run'), '--tmpdir', join(data, 'tmp'), '--network-config-dir', join(data, 'networks')];
  // Docker's credentials file is not podman's
  return run('env', ['-u', 'DOCKER_CONFIG', '-u', 'DOCKER_HOST', 'podman', ...folders, ...args], { CONTAINERS_CONF: join(data, 'containers.conf') });
}

/** Runs `podman`, which has to succeed. */
export function podman(...args: string[]): string {
  const { status, stdout, stderr } = tryPodman(...args);
  if (status !== 0) throw new Error(`podman ${args.join(' ')}: exit ${status}\n${stdout}${stderr}`);
  return stdout.trim();
}

export function play(...args: string[]): string {
  return succeed(`${process.env.WHEELHOUSE_TESTBED}/podman-play`, args);
}

function playFile(objects: Body[], containers: Body[]): void {
  // quoted for a reader of YAML 1.1
  const text = objects.map(object => stringify(object, { aliasDuplicateObjects: false, version: '1.1' })).join('---\n');
  play('up', join(folder({ 'pod.yaml': text }), 'pod.yaml'), ...containers.map(({ image }) => image).filter(isMissing));
}

/** The container of a pod of ours: there is one. */
export function containerOf(pod: string): string {
  return `${pod}-${pod}`;
}

/** Runs a program in a pod. */
export function execute(pod: string, ...command: string[]): string {
  return podman('exec', containerOf(pod), ...command);
}

/** All that a pod's process has written. */
export function said(pod: string): string {
  const { stdout, stderr } = tryPodman('logs', containerOf(pod));
  return `${stdout}${stderr}`;
}

/** What podman knows of a pod's container. */
export function inspect(pod: string): Body {
  return JSON.parse(podman('inspect', containerOf(pod)))[0];
}

/** A pod's process and mounts, as the kernel says. */
export function kernelSays(pod: string): { status: Record<string, string>; mounts: { path: string; type: string; writable: boolean }[] } {
  const { Pid } = inspect(pod).State;
  const status = Object.fromEntries(readFileSync(`/proc/${Pid}/status`, 'utf8').split('\n').map(line => line.split(':\t')));
  const mounts = readFileSync(`/proc/${Pid}/mounts`, 'utf8').trim().split('\n').map(line => line.split(' '));
  return { status, mounts: mounts.map(([, path, type, options]) => ({ path, type, writable: options.split(',').includes('rw') })) };
}

/** Waits for up to 60 seconds. */
export async function until(holds: () => boolean, why: () => string = () => ''): Promise<void> {
  for (const end = Date.now() + 60_000; !holds();) {
    if (Date.now() > end) throw new Error(`waited in vain for ${holds}: ${why().slice(-2000)}`);
    await sleep(300);
  }
}

/** What a kubelet asks before it lets requests in. */
function isReady({ name, declared }: Playable): boolean {
  const { startupProbe, readinessProbe, livenessProbe } = declared.containers[0];
  return [startupProbe, readinessProbe, livenessProbe].every(probe => probe === undefined || passes(name, probe));
}

/** Asks as a kubelet does. */
export function passes(pod: string, { exec, httpGet, timeoutSeconds }: Body): boolean {
  if (exec) return tryPodman('exec', containerOf(pod), ...exec.command).status === 0;
  const headers = (httpGet.httpHeaders ?? []).flatMap(({ name, value }: Body) => ['--header', `${name}: ${value}`]);
  const url = `http://${addressOf(pod)}:${httpGet.port}${httpGet.path}`;
  return run('curl', ['--silent', '--fail', '--noproxy', '*', '--max-time', `${timeoutSeconds}`, '--output', '/dev/null', ...headers, url]).status === 0;
}

/** As podman keeps one; but what it makes of a Secret in a file has the values in base64, also in the mounted files. */
function secret(name: string, values: Record<string, string>): void {
  podman('secret', 'create', name, join(folder({ secret: JSON.stringify({ data: values }) }), 'secret'));
}

/** As a kubelet makes it: in memory, for everybody in the pod, and of its group. */
function emptyDir({ name, emptyDir: { medium, sizeLimit } }: Body, { fsGroup }: Body): void {
  if (medium !== 'Memory') throw new Error(`emptyDir ${name} is not in memory`);
  const options = [`gid=${fsGroup}`, 'mode=2777', ...sizeLimit ? [`size=${sizeLimit.replace('Mi', 'm')}`] : []];
  tryPodman('volume', 'rm', name);
  podman('volume', 'create', '--opt', 'type=tmpfs', '--opt', 'device=tmpfs', '--opt', `o=${options.join(',')}`, name);
}

function addressOf(pod: string): string {
  const infra = podman('pod', 'inspect', '--format', '{{.InfraContainerID}}', pod);
  return podman('inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', infra);
}

/** Whether podman has to be given an image of the engine. */
function isMissing(image: string): boolean {
  const { stdout } = tryPodman('image', 'inspect', '--format', '{{.Id}}', image);
  return tryDocker('image', 'inspect', '--format', '{{.Id}}', image).stdout.trim() !== `sha256:${stdout.trim()}`;
}

/** Each after those that it waits for. */
function inOrder(pods: readonly Playable[]): Playable[] {
  const done: Playable[] = [];
  while (done.length < pods.length) {
    const next = pods.filter(pod => !done.includes(pod) && pod.after.every(name => done.some(other => other.name === name)));
    if (next.length === 0) throw new Error('pods wait for each other');
    done.push(...next);
  }
  return done;
}
