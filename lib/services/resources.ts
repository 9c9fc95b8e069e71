import type { IConstruct } from 'constructs';
import { must } from '../primitives/faults';

/** What a container is promised, and what it may not exceed. */
export interface Resources {
  /** Processors that are kept for it, from 0.01 up. Compose `deploy.resources.reservations.cpus`, Kubernetes `requests.cpu`. @default - none */
  readonly cpuReservation?: number;
  /** Processors that it may use, from 0.01 up. Compose `deploy.resources.limits.cpus`, Kubernetes `limits.cpu`. @default - all that there are */
  readonly cpuLimit?: number;
  /** Mebibytes of memory that are kept for it. Compose `deploy.resources.reservations.memory`, Kubernetes `requests.memory`. @default - none */
  readonly memoryReservationMebibytes?: number;
  /**
   * Mebibytes of memory beyond which it is killed, with what is in its directories in memory. Compose `deploy.resources.limits.memory`,
   * Kubernetes `limits.memory`.
   * @default - all that there are
   * @see https://docs.docker.com/reference/compose-file/deploy/#resources
   */
  readonly memoryLimitMebibytes?: number;
  /** Processes and threads that it may have. Compose `deploy.resources.limits.pids`. @default - no limit of its own */
  readonly pidsLimit?: number;
}

/** Refuses amounts that are none, and promises above their limits. */
export function mustBeResources(resources: Resources, construct: IConstruct): void {
  const { cpuReservation, cpuLimit, memoryReservationMebibytes, memoryLimitMebibytes, pidsLimit } = resources;
  for (const [name, value] of Object.entries({ cpuReservation, cpuLimit })) {
    must(value === undefined || value >= 0.01 && value < Infinity && value === Math.round(value * 1000) / 1000, 'RESOURCES', `${name} ${value} is no number of processors; give 0.01 or more, to the thousandth`, construct);
  }
  for (const [name, value] of Object.entries({ memoryReservationMebibytes, memoryLimitMebibytes, pidsLimit })) {
    // compose gives no container less than 6 MB
    must(value === undefined || Number.isInteger(value) && value >= (name === 'pidsLimit' ? 1 : 6), 'RESOURCES',
      `${name} ${value} is not enough or no whole number; give ${name === 'pidsLimit' ? '1' : '6'} or more`, construct);
  }
  must((cpuReservation ?? 0) <= (cpuLimit ?? Infinity), 'RESOURCES', `cpuReservation ${cpuReservation} is above cpuLimit ${cpuLimit}; give no more than the limit`, construct);
  must((memoryReservationMebibytes ?? 0) <= (memoryLimitMebibytes ?? Infinity), 'RESOURCES',
    `memoryReservationMebibytes ${memoryReservationMebibytes} is above memoryLimitMebibytes ${memoryLimitMebibytes}; give no more than the limit`, construct);
}
