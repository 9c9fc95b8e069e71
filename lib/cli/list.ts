import { chosenApplication, readManifest, workloadsOf, type ApplicationEntry, type Manifest, type Workload } from './manifest';
import { findProject, outputOf, type ProjectOptions } from './project';
import { columns } from './terminal';
import { sortedBy, sortedUnique, stableJson } from '../primitives/stable';

/** Options of `wheelhouse list`. */
export interface ListOptions extends ProjectOptions {
  readonly json?: boolean;
}

/** Shows the applications of the last synth as trees: services, jobs, images, networks, volumes. */
export function list(application: string | undefined, options: ListOptions): number {
  const manifest = readManifest(outputOf(findProject(options)));
  const ids = application === undefined ? Object.keys(manifest.applications ?? {}).sort() : [chosenApplication(manifest, application)];
  process.stdout.write(options.json ? stableJson(asJson(manifest, ids)) : ids.map(id => tree(id, manifest.applications![id])).join('\n'));
  return 0;
}

/** The same as data. */
function asJson(manifest: Manifest, ids: readonly string[]): object {
  return Object.fromEntries(ids.map(id => {
    const application = manifest.applications![id];
    const { images = {}, services = {}, jobs = {}, networks = {} } = application;
    const workloads = workloadsOf(application);
    return [id, {
      images: Object.fromEntries(Object.entries(images).map(([name, { dockerfile, stage }]) => [name, { dockerfile, stage }])),
      networks: Object.fromEntries(networkNames(application)
        .map(name => [name, { internal: networks[name]?.internal ?? false, members: users(workloads, 'networks', name) }])),
      services,
      jobs,
    }];
  }));
}

function tree(id: string, application: ApplicationEntry): string {
  const { images = {}, networks = {} } = application;
  const workloads = workloadsOf(application);
  const rows = (wanted: readonly Workload[]) => wanted.map(one => [one.id, one.image ?? '', ports(one), about(one)]);
  const branches: [string, string[][]][] = [
    ['services', rows(workloads.filter(({ kind }) => kind === undefined))],
    ['jobs', rows(workloads.filter(({ kind }) => kind !== undefined))],
    ['images', sortedBy(Object.entries(images), ([name]) => name).map(([name, { dockerfile, stage }]) => [name, dockerfile + (stage === undefined ? '' : `, stage ${stage}`)])],
    ['networks', networkNames(application)
      .map(name => [name, users(workloads, 'networks', name).join(', ') + (networks[name]?.internal ? ', reaches nothing outside' : '')])],
    ['volumes', sortedUnique(workloads.flatMap(({ volumes = [] }) => volumes)).map(name => [name, users(workloads, 'volumes', name).join(', ')])],
  ];
  const shown = branches.filter(([, found]) => found.length > 0);
  const lines = shown.flatMap(([name, found], at) => {
    const last = at === shown.length - 1;
    return [`${last ? '└' : '├'}─ ${name}`, ...columns(found).map((row, index) => `${last ? ' ' : '│'}  ${index === found.length - 1 ? '└' : '├'}─ ${row}`)];
  });
  return [id, ...lines, ''].join('\n');
}

function ports({ ports: own = [], publish }: Workload): string {
  const published = publish === undefined ? [] : [`${publish.published} -> ${publish.target}`];
  return [...published, ...own.filter(port => port !== publish?.target)].join(', ') || '-';
}

function about({ schedule, networks = [], dependsOn = [] }: Workload): string {
  return [
    ...(schedule === undefined ? [] : [`at ${schedule}`]),
    ...(networks.length === 0 ? [] : [`on ${networks.join(', ')}`]),
    ...(dependsOn.length === 0 ? [] : [`after ${dependsOn.join(', ')}`]),
  ].join('; ');
}

function networkNames(application: ApplicationEntry): string[] {
  return sortedUnique([...Object.keys(application.networks ?? {}), ...workloadsOf(application).flatMap(({ networks = [] }) => networks)]);
}

function users(workloads: readonly Workload[], what: 'networks' | 'volumes', name: string): string[] {
  return workloads.filter(one => one[what]?.includes(name)).map(({ id }) => id);
}
