import type { Construct } from 'constructs';
import type { ConfigMount } from './config';
import type { EnvValue } from './env-value';
import type { Network } from './network';
import type { Resources } from './resources';
import { Volume } from './volume';
import type { Logging } from './workload';
import type { ImageFacts } from '../build/image-facts';
import { RegistryImage } from '../build/registry-image';
import { must } from '../primitives/faults';

/** What databases, caches and brokers have in common. */
export interface BackingServiceProps {
  /** Networks that it joins. @default - the application's default network */
  readonly networks?: Network[];
  /** Port, 1-65535, under which it is reached from outside. @default - it is reached by its networks only */
  readonly publish?: number;
  /** Environment variables of the container, besides its own. @default - none */
  readonly environment?: Record<string, string | EnvValue>;
  /** Files that it gets. @default - none */
  readonly configs?: ConfigMount[];
  /** Processors and memory. @default - no promises and no limits */
  readonly resources?: Resources;
  /** Where its output goes. @default - the engine's */
  readonly logging?: Logging;
  /** Names and values for tools that look for them. @default - none */
  readonly labels?: Record<string, string>;
  /** Names under which it is started on demand. @default - it is always started */
  readonly profiles?: string[];
}

/** The number of the user in the images that are made on Debian and Ubuntu; those on Alpine count differently. */
const USER = 999;

/** An image as its own page describes it, declared beside its service under `<id>-image`, for its own user. */
export function backingImage(scope: Construct, id: string, reference: string, facts: ImageFacts): RegistryImage {
  return new RegistryImage(scope, `${id}-image`, { reference, facts: { userId: USER, groupId: USER, handlesStopSignal: true, ...facts } });
}

/** The volume that is given, or one of its own, declared beside the service under `<id>-data`. */
export function backingVolume(scope: Construct, id: string, given: Volume | undefined): Volume {
  return given ?? new Volume(scope, `${id}-data`);
}

/** The chosen image in another release. */
export function inRelease(chosen: string, release: string | undefined): string {
  if (release === undefined) return chosen;
  const [repository, current] = chosen.split(':');
  must(/^\d+(\.\d+)*(-[a-z]+)?(@sha256:[0-9a-f]{64})?$/.test(release) && !release.includes('-alpine'), 'SERVICE_VERSION',
    `version '${release}' is not a release of ${repository} such as ${current}; give one of the images on Debian or Ubuntu, whose user has the number ${USER}`);
  return `${repository}:${release}`;
}

/** The first number of a release. */
export function majorOf(reference: string): number {
  return Number(/:(\d+)/.exec(reference)![1]);
}
