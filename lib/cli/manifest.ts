import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Exit, orFail } from './command-fault';
import { shown } from './project';
import { sortedBy } from '../primitives/stable';

/** What commands read of a manifest. Another version may leave things out or add some. */
export interface Manifest {
  readonly files?: Readonly<Record<string, string>>;
  readonly applications?: Readonly<Record<string, ApplicationEntry>>;
}

/** An application in a manifest. */
export interface ApplicationEntry {
  readonly images?: Readonly<Record<string, ImageEntry>>;
  readonly networks?: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly services?: Readonly<Record<string, ServiceEntry>>;
  readonly jobs?: Readonly<Record<string, ServiceEntry>>;
}

/** An image in a manifest. */
export interface ImageEntry {
  readonly dockerfile: string;
  /** Stage of the Dockerfile that it is; without it, the last. */
  readonly stage?: string;
}

/** A service or a job in a manifest. */
export interface ServiceEntry {
  readonly image?: string;
  readonly networks?: readonly string[];
  /** Ids of the services that have to work before it starts. */
  readonly dependsOn?: readonly string[];
  /** Ids of the services that it talks to, as far as that was said. */
  readonly reaches?: readonly string[];
  /** Names of the volumes that it has. */
  readonly volumes?: readonly string[];
  /** When a job is started, as five fields of cron; without it, once. */
  readonly schedule?: string;
  readonly ports?: readonly number[];
  readonly publish?: { readonly published: number; readonly target: number };
  readonly routes?: readonly RouteEntry[];
}

/** Requests that a service hands to another one. */
export interface RouteEntry {
  readonly prefix?: string;
  readonly service: string;
  readonly port?: number;
}

/** A service or a job, with its id. */
export interface Workload extends ServiceEntry {
  readonly id: string;
  /** What it is when it is not kept running, such as `job`. */
  readonly kind?: string;
}

/** The services and jobs of an application, by id. */
export function workloadsOf({ services = {}, jobs = {} }: ApplicationEntry): Workload[] {
  const all = [
    ...Object.entries(services).map(([id, entry]): Workload => ({ id, ...entry })),
    ...Object.entries(jobs).map(([id, entry]): Workload => ({ id, kind: entry.schedule === undefined ? 'job' : `job at ${entry.schedule}`, ...entry })),
  ];
  return sortedBy(all, ({ id }) => id);
}

/** The manifest in an output folder, or nothing. */
export function manifestIn(output: string): Manifest | undefined {
  const path = join(output, 'manifest.json');
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    orFail(false, Exit.FAILED, `'${shown(path)}' is not JSON; run wheelhouse synth again, or restore the file`);
  }
}

/** Whether a synth began to write here and has not ended. */
export function isCutOff(output: string): boolean {
  return existsSync(join(output, 'journal.json'));
}

/** The manifest that synth left in a folder. */
export function readManifest(output: string): Manifest {
  const manifest = manifestIn(output);
  orFail(manifest, Exit.FAILED, `there is no manifest in '${shown(output)}'; run wheelhouse synth first, or name the folder with --output`);
  if (isCutOff(output)) process.stderr.write(`wheelhouse: a synth was cut off in '${shown(output)}', or is at work: this may be old; run wheelhouse synth again\n`);
  return manifest;
}

/** The application that is meant: by its id, or the only one. */
export function chosenApplication(manifest: Manifest, id: string | undefined): string {
  const ids = Object.keys(manifest.applications ?? {}).sort();
  orFail(id === undefined || ids.includes(id), Exit.WRONG_COMMAND_LINE, `no application is called '${id}'; there are: ${ids.join(', ') || 'none'}`);
  orFail(id !== undefined || ids.length === 1, Exit.WRONG_COMMAND_LINE, `there are ${ids.length} applications; name one of: ${ids.join(', ') || 'none'}`);
  return id ?? ids[0];
}
