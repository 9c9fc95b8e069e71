import { celeryBeatPlan, celeryWorkerPlan, type CeleryBeatProps, type CeleryWorkerProps } from './servers/celery';
import { gunicornPlan, type GunicornProps } from './servers/gunicorn';
import { hypercornPlan, type HypercornProps } from './servers/hypercorn';
import { consoleScriptPlan, modulePlan, type ProgramProps } from './servers/program';
import type { ServerPlan } from './servers/server-plan';
import { twistedPlan, type TwistedProps } from './servers/twisted';
import { uvicornPlan, type UvicornProps } from './servers/uvicorn';

/** The program that a Python image runs. Always in exec form: no shell stands between it and its signals. */
export abstract class PythonServer {
  /**
   * Gunicorn, for WSGI applications; with `uvicornWorkers` for ASGI ones.
   *
   * Its workers' heartbeat files are in `/tmp`, which deployments keep in memory: on a disk they can block a worker.
   * @param application module and variable, such as `shop.wsgi:app`; without it, the one that the source has
   * @see https://gunicorn.org/
   */
  public static gunicorn(application?: string, props: GunicornProps = {}): PythonServer {
    return new Planned(gunicornPlan(application, props));
  }

  /**
   * Uvicorn, for ASGI applications. Its answers do not name it.
   *
   * @param application module and variable, such as `shop.asgi:app`; without it, the one that the source has
   * @see https://uvicorn.dev/
   */
  public static uvicorn(application?: string, props: UvicornProps = {}): PythonServer {
    return new Planned(uvicornPlan(application, props));
  }

  /**
   * Hypercorn, for ASGI applications.
   *
   * @param application module and variable, such as `shop.asgi:app`; without it, the one that the source has
   * @see https://hypercorn.readthedocs.io/
   */
  public static hypercorn(application?: string, props: HypercornProps = {}): PythonServer {
    return new Planned(hypercornPlan(application, props));
  }

  /**
   * Twisted's web server, for a WSGI application or a resource of `twisted.web`. Its other servers: `module('twisted', …)`.
   *
   * @see https://docs.twisted.org/en/stable/web/howto/using-twistedweb.html
   */
  public static twisted(props: TwistedProps): PythonServer {
    return new Planned(twistedPlan(props));
  }

  /**
   * A Celery worker. It listens on no port; its health check asks it through the broker.
   *
   * @param application module, or module and variable, of the Celery application: `shop.worker:celery`
   * @see https://docs.celeryq.dev/en/stable/userguide/workers.html
   */
  public static celeryWorker(application: string, props: CeleryWorkerProps = {}): PythonServer {
    return new Planned(celeryWorkerPlan(application, props));
  }

  /**
   * Celery's scheduler, of which one may run per application. It listens on no port; its health check looks when it last saved its schedule, which
   * another `--scheduler` does not.
   *
   * @param application module, or module and variable, of the Celery application: `shop.worker:celery`
   * @see https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html
   */
  public static celeryBeat(application: string, props: CeleryBeatProps = {}): PythonServer {
    return new Planned(celeryBeatPlan(application, props));
  }

  /**
   * Any module that `python -m` runs, of the application or of a package.
   *
   * @param name dotted name, such as `shop.worker`
   * @see https://docs.python.org/3/using/cmdline.html#cmdoption-m
   */
  public static module(name: string, props: ProgramProps = {}): PythonServer {
    return new Planned(modulePlan(name, props));
  }

  /**
   * A command that an installed package brings. Unlike a module it does not look for code in `/app`.
   *
   * @param name of the command, such as `daphne`
   * @see https://packaging.python.org/en/latest/specifications/entry-points/#use-for-scripts
   */
  public static consoleScript(name: string, props: ProgramProps = {}): PythonServer {
    return new Planned(consoleScriptPlan(name, props));
  }

  /** @internal */
  public abstract _plan(): ServerPlan;
}

/** A server whose facts follow from its settings alone. */
class Planned extends PythonServer {
  constructor(private readonly plan: ServerPlan) {
    super();
  }

  /** @internal */
  public _plan(): ServerPlan {
    return this.plan;
  }
}
