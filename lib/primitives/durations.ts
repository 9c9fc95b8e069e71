import type { IConstruct } from 'constructs';
import { must } from './faults';

/** Refuses what is no whole number of seconds from `least` up. */
export function mustBeSeconds(property: string, seconds: number, least: number = 0, construct?: IConstruct): void {
  must(Number.isInteger(seconds) && seconds >= least, 'DURATION_SECONDS',
    `${property} ${seconds} is not a duration; give a whole number of seconds from ${least} up`, construct);
}

/** `90` as `1m30s`: what Dockerfile and compose read. */
export function durationText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  if (minutes === 0) return `${rest}s`;
  return rest === 0 ? `${minutes}m` : `${minutes}m${rest}s`;
}
