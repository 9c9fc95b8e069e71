import { ending, option, type ServerPlan } from './server-plan';
import { mustBeApplication, mustBeCounts } from './server-values';
import type { HealthCheckFacts } from '../../build/image-facts';
import { mustBeContainerPath } from '../../primitives/container-path';
import { must } from '../../primitives/faults';

/** Settings of {@link PythonServer.celeryWorker}. */
export interface CeleryWorkerProps {
  /** Tasks that are carried out at the same time. @default - celery's: the number of processors of the host */
  readonly concurrency?: number;
  /** Names of the queues that it takes tasks from. @default - celery's: all that the application's settings name */
  readonly queues?: string[];
  /**
   * Whether the broker carries messages to single workers, as Redis and RabbitMQ do. Without that, no health check is possible.
   * @default true
   * @see https://docs.celeryq.dev/en/stable/userguide/workers.html#inspecting-workers
   */
  readonly remoteControl?: boolean;
  /**
   * Seconds that tasks in progress may take to end after SIGTERM. Deployments wait five seconds longer before they kill; celery
   * itself waits for ever. Give the time of your longest task.
   * @default 30
   * @see https://docs.celeryq.dev/en/stable/userguide/workers.html#stopping-the-worker
   */
  readonly gracefulTimeoutSeconds?: number;
  /** More arguments, as `celery worker` takes them. @default - none */
  readonly args?: string[];
}

/** Settings of {@link PythonServer.celeryBeat}. */
export interface CeleryBeatProps {
  /**
   * Directory of the file in which beat remembers what it has sent. The process may write to it.
   * @default '/var/lib/celery'
   * @see https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#starting-the-scheduler
   */
  readonly scheduleDirectory?: string;
  /** More arguments, as `celery beat` takes them. @default - none */
  readonly args?: string[];
}

/** What either of them imports by name when it starts, or when its health is asked; which broker it has, only its settings say. */
const IMPORTS = [
  'celery.app.amqp', 'celery.app.control', 'celery.bin.celery', 'celery.loaders.app',
  '?celery.fixups.django', '?kombu.transport.pyamqp', '?kombu.transport.virtual', '?redis',
];
/** Celery adds nothing to it: beat ends at once. */
const BEAT_TIMEOUT_SECONDS = 5;

/**
 * Facts of a worker. Seen of 5.7.0 as process 1, with a pool of processes: SIGTERM ends it with 0 when its tasks have ended, in
 * four to seven seconds when idle, for the pool and the broker's connection take their time.
 */
export function celeryWorkerPlan(application: string, props: CeleryWorkerProps): ServerPlan {
  const { concurrency, queues, remoteControl = true } = props;
  mustBeCelery(application);
  mustBeCounts({ concurrency });
  for (const queue of queues ?? []) must(/^[^\s,]+$/.test(queue), 'QUEUE_NAME', `queue '${queue}' is not a name; use no spaces and no commas`);
  return {
    distributions: ['celery'],
    program: { kind: 'module', name: 'celery' },
    imports: [...IMPORTS, 'celery.apps.worker', 'celery.concurrency.prefork'],
    args: [
      '--app', application,
      'worker',
      ...option('--concurrency', concurrency),
      ...option('--queues', queues?.join(',')),
      ...(props.args ?? []),
    ],
    ...ending(true, props.gracefulTimeoutSeconds),
    healthCheck: remoteControl ? ping(application) : undefined,
    writablePaths: [],
  };
}

/** Facts of beat. Seen of 5.7.0 as process 1: SIGTERM ends it with 0 at once, its schedule saved. */
export function celeryBeatPlan(application: string, props: CeleryBeatProps): ServerPlan {
  const { scheduleDirectory = '/var/lib/celery' } = props;
  mustBeCelery(application);
  mustBeContainerPath(scheduleDirectory);
  return {
    distributions: ['celery'],
    program: { kind: 'module', name: 'celery' },
    imports: [...IMPORTS, 'celery.apps.beat'],
    args: ['--app', application, 'beat', '--schedule', `${scheduleDirectory}/celerybeat-schedule`, ...(props.args ?? [])],
    ...ending(true, BEAT_TIMEOUT_SECONDS),
    healthCheck: props.args?.some(arg => /^(-S|--scheduler)/.test(arg)) ? undefined : ticking(scheduleDirectory),
    writablePaths: [{ path: scheduleDirectory }],
  };
}

function mustBeCelery(application: string): void {
  mustBeApplication('celery', application, /^[A-Za-z_][\w.]*(:[A-Za-z_][\w.]*)?$/);
}

/**
 * What `celery inspect ping --destination celery@$HOSTNAME` asks, without the shell that would put the name in. It loads the
 * application and goes through the broker, so it is asked less often and may take longer than a request.
 */
function ping(application: string): HealthCheckFacts {
  const ask = 'from celery.app.utils import find_app as a; from celery.utils.nodenames import gethostname as h; '
    + `raise SystemExit(not a('${application}').control.ping(['celery@' + h()], timeout=5))`;
  return { command: ['-c', ask], intervalSeconds: 30, timeoutSeconds: 15, retries: 3, startPeriodSeconds: 30 };
}

/**
 * Nothing can be asked of beat, but it saves its schedule as it goes round: each 180 seconds, or when it wakes up after them, which is after 300 at
 * most (beat_max_loop_interval). Python's databases may be several files of other names.
 *
 * @see https://docs.celeryq.dev/en/stable/userguide/configuration.html#beat-max-loop-interval
 */
function ticking(directory: string): HealthCheckFacts {
  const ask = `import os, time; raise SystemExit(time.time() - max(file.stat().st_mtime for file in os.scandir('${directory}')) > 600)`;
  return { command: ['-IS', '-c', ask], intervalSeconds: 60, timeoutSeconds: 3, retries: 1, startPeriodSeconds: 30 };
}
