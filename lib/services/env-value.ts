import type { IConstruct } from 'constructs';
import type { Secret } from './secret';
import { must, mustBeKnown } from '../primitives/faults';
import { mustBeEnvironmentName } from '../primitives/names';
import { mustBePort } from '../primitives/ports';

/** Something that others reach by a host name. */
export interface IReachable extends IConstruct {
  /** The host name. */
  readonly host: string;
}

/** Settings of {@link EnvValue.deployer}. */
export interface DeployerValueProps {
  /** What it is when whoever deploys says nothing: one line without '}'. May be empty. @default - deploying without it is an error */
  readonly defaultValue?: string;
}

/** Parts of {@link EnvValue.url}, unquoted: what a URL cannot hold is percent-encoded. */
export interface UrlProps {
  /** Such as `postgresql+psycopg`. */
  readonly scheme: string;
  /** Service that it leads to. */
  readonly host: IReachable;
  /** Port, 1-65535. @default - the scheme's */
  readonly port?: number;
  /** Who signs in. @default - nobody */
  readonly user?: string;
  /** What they sign in with. @default - nothing */
  readonly password?: Secret;
  /** What follows the first `/`: a database's name or number. @default - nothing, and no `/` */
  readonly path?: string;
  /** What follows `?`, by name. @default - nothing */
  readonly query?: Record<string, string>;
}

/** What a variable of a container becomes, as data. */
export type EnvPlan =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'deployer'; readonly variable: string; readonly defaultValue?: string }
  /** For the launcher in the image: `instruction` says what it does. */
  | { readonly kind: 'launcher'; readonly instruction: 'FILE' | 'URL'; readonly text: string };

/** A value of an environment variable that is not plain text. */
export class EnvValue {
  /**
   * What a secret holds, without line ends at its end. The image reads it when it starts, so that neither manifests nor
   * `docker inspect` have it; only images of Python services can. Programs that read files themselves take {@link EnvValue.secretFile}.
   */
  public static secret(secret: Secret): EnvValue {
    return new EnvValue({ kind: 'launcher', instruction: 'FILE', text: secret.path }, [secret]);
  }

  /** The path of a secret's file, for variables such as `POSTGRES_PASSWORD_FILE`. */
  public static secretFile(secret: Secret): EnvValue {
    return new EnvValue({ kind: 'text', text: secret.path }, [secret]);
  }

  /**
   * A variable of whoever deploys: of the shell that runs compose, or of the file `.env` beside it.
   *
   * @param variable its name there
   * @see https://docs.docker.com/reference/compose-file/interpolation/
   */
  public static deployer(variable: string, props: DeployerValueProps = {}): EnvValue {
    mustBeEnvironmentName(variable);
    must(!/[}\r\n\0]/.test(props.defaultValue ?? ''), 'DEPLOYER_DEFAULT',
      `default ${JSON.stringify(props.defaultValue)} of '${variable}' has a '}', a line break or NUL, where compose ends it; leave it out, or read it from a Config`);
    return new EnvValue({ kind: 'deployer', variable, defaultValue: props.defaultValue }, []);
  }

  /**
   * A URL of another service. One with a password is put together by the image when it starts, as {@link EnvValue.secret}.
   *
   * @see https://datatracker.ietf.org/doc/html/rfc3986#section-3
   */
  public static url(props: UrlProps): EnvValue {
    const { scheme, host, port, user, password, path, query } = props;
    must(/^[a-z][a-z0-9+.-]*$/.test(scheme), 'URL_SCHEME', `scheme '${scheme}' is none; use lower-case letters, digits, '+', '.' and '-', such as postgresql`);
    if (port !== undefined) mustBePort(port);
    const who = user === undefined && !password ? '' : `${encoded(user ?? '')}${password ? `:{${password.path}}` : ''}@`;
    const way = path === undefined ? '' : `/${path.split('/').map(encoded).join('/')}`;
    const asked = query && Object.keys(query).length > 0 ? `?${Object.entries(query).map(pair => pair.map(encoded).join('=')).join('&')}` : '';
    const text = `${scheme}://${who}${host.host}${port === undefined ? '' : `:${port}`}${way}${asked}`;
    return new EnvValue(password ? { kind: 'launcher', instruction: 'URL', text } : { kind: 'text', text }, password ? [password] : [], host);
  }

  private constructor(
    /** @internal */
    public readonly _plan: EnvPlan,
    /**
     * Secrets that the container has to have.
     * @internal
     */
    public readonly _secrets: readonly Secret[],
    /**
     * Whom it leads to.
     * @internal
     */
    public readonly _host?: IReachable,
  ) {}
}

/** RFC 3986: all but unreserved characters as percent signs and hexadecimal digits of their UTF-8. */
function encoded(text: string): string {
  mustBeKnown('a part of a URL, which is percent-encoded,', text, 'write the whole URL as a text');
  must(!/\p{Surrogate}/u.test(text), 'URL_TEXT', `${JSON.stringify(text)} holds half of a character, which no URL can have`);
  return encodeURIComponent(text).replace(/[!'()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
