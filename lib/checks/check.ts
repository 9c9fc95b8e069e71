import type { FullApplicationPlan } from '../services/plan-application';

/** How much a finding matters. */
export enum Severity {
  /** Nothing is written while it stands. */
  ERROR = 'error',
  /** It works, and not as it looks; somebody should decide. */
  WARNING = 'warning',
  /** It is right as it is, and worth knowing. */
  INFO = 'info',
}

/** Something that a check has to say. */
export interface Finding {
  /** Stable name of the check. */
  readonly code: string;
  /** How much it matters. */
  readonly severity: Severity;
  /** Path of the construct. */
  readonly path: string;
  /** What is wrong, with the value, and what is accepted. */
  readonly problem: string;
  /** Page that explains it. */
  readonly link: string;
  /** The reason for which somebody accepts it. @default - nobody does */
  readonly acknowledged?: string;
}

/** One rule that needs two things, or is a policy. Each has a file of its own. */
export interface Check {
  readonly code: string;
  readonly severity: Severity;
  /** Page that explains it. */
  readonly link: string;
  /** The places where it does not hold. */
  readonly find: (plan: FullApplicationPlan) => readonly Problem[];
}

/** Where a check does not hold. */
export interface Problem {
  readonly path: string;
  readonly problem: string;
  /** When it is not the check's. */
  readonly severity?: Severity;
  /** When it is not the check's. */
  readonly link?: string;
}
