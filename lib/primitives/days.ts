import type { IConstruct } from 'constructs';
import { must } from './faults';

/** Refuses what is no day. That there is such a day, unlike 2027-02-31, is not looked at: days are compared only. */
export function mustBeDay(what: string, day: string, construct?: IConstruct): void {
  must(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(day), 'ISO_DATE', `${what} is '${day}', which is not a day such as 2026-11-21`, construct);
}
