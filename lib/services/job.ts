import type { Construct } from 'constructs';
import { Workload, type WorkloadProps } from './workload';
import { must } from '../primitives/faults';

/** Settings of a {@link Job}. */
export interface JobProps extends WorkloadProps {
  /** How often it is started again when it fails, from 0 up. Compose `restart: on-failure:n`, Kubernetes `backoffLimit`. @default 0 */
  readonly retries?: number;
  /**
   * When it is started again and again, as five fields of cron: `'0 3 * * *'` is at three each night. Kubernetes CronJob.
   * @default - once, with the application
   * @see https://man7.org/linux/man-pages/man5/crontab.5.html
   */
  readonly schedule?: string;
}

/**
 * A process that ends, such as a migration of a database. Services and jobs wait for it with `dependsOn`. Compose: a service that is not
 * restarted; Kubernetes Job, or CronJob with a `schedule`.
 *
 * @see https://docs.docker.com/compose/how-tos/startup-order/
 */
export class Job extends Workload {
  /** @internal */
  public readonly _retries: number;
  /** @internal */
  public readonly _schedule?: string;

  constructor(scope: Construct, id: string, props: JobProps) {
    super(scope, id, 'job', props);
    const { retries = 0, schedule } = props;
    must(Number.isInteger(retries) && retries >= 0, 'COUNT', `retries ${retries} is not a whole number from 0 up`, this);
    must(schedule === undefined || /^(\S+ ){4}\S+$/.test(schedule) && /^[0-9*,/\- A-Za-z]+$/.test(schedule), 'CRON',
      `schedule '${schedule}' is not five fields of cron: minute, hour, day of the month, month, day of the week, such as '0 3 * * *'`, this);
    this._retries = retries;
    this._schedule = schedule;
  }
}
