import { must } from '../../primitives/faults';
import { mustBePort } from '../../primitives/ports';

/** What all servers of web applications have in common. */
export interface WebServerProps {
  /** Port that it listens on, 1024-65535: the process is not root. @default 8000 */
  readonly port?: number;
  /**
   * Path that answers with a status below 400 when the application works.
   * @default - the port has to accept a connection
   */
  readonly healthPath?: string;
  /** More arguments, as the program takes them. @default - none */
  readonly args?: string[];
}

/** Refuses a port or a path that no web server can have. */
export function mustBeWebServer({ port = 8000, healthPath = '/' }: WebServerProps): void {
  mustBePort(port);
  must(port >= 1024, 'PORT_PRIVILEGED', `port ${port} is below 1024, which only root may listen on; use 1024-65535`);
  must(healthPath.startsWith('/'), 'HEALTH_PATH', `health path '${healthPath}' does not start with '/'`);
}

/** Refuses what is no `module:variable`, where one is given. */
export function mustBeApplication(server: string, application: string | undefined, form: RegExp): void {
  must(application === undefined || form.test(application), 'APPLICATION_NAME',
    `${server} application '${application}' is not a module and a variable, such as shop.wsgi:app`);
}

/** Refuses what Python cannot import. */
export function mustBeModule(what: string, name: string): void {
  must(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(name), 'MODULE_NAME', `${what} '${name}' is not a dotted Python name, such as shop.worker`);
}

/** Refuses what is no name of a file beside the interpreter. */
export function mustBeScript(name: string): void {
  must(/^[A-Za-z0-9_][\w.-]*$/.test(name), 'SCRIPT_NAME', `console script '${name}' is not a file name; use letters, digits, '_', '.' and '-'`);
}

/** Refuses counts below one; those that are not given are fine. */
export function mustBeCounts(counts: Record<string, number | undefined>): void {
  for (const [name, count] of Object.entries(counts)) {
    must(count === undefined || Number.isInteger(count) && count >= 1, 'COUNT', `${name} ${count} is not a whole number from 1 up`);
  }
}
