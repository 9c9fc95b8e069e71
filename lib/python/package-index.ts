import { must } from '../primitives/faults';
import { hasPassword, maskedPasswords } from '../primitives/url-password';

/** Settings of {@link PackageIndex.at}. */
export interface PackageIndexProps {
  /** Name of the user whose password it is. Indexes that take tokens want a fixed one. @default '__token__' */
  readonly username?: string;
  /**
   * Id of the build secret that is the password, or a token: `docker buildx build --secret id=index-token,env=INDEX_TOKEN`. Compose gives
   * it when the application declares a `Secret` of that id; ECS takes `buildSecrets`.
   * @default - none is asked for
   * @see https://docs.docker.com/build/building/secrets/
   */
  readonly passwordSecret?: string;
}

/** One index with what it wants to know, as plain data. */
export interface IndexData {
  readonly url: string;
  readonly host: string;
  readonly username: string;
  readonly passwordSecret?: string;
}

/**
 * An index of Python packages, such as an organisation's own. Its password is a secret of the build: it is in no layer, no history and no
 * file that is written.
 *
 * @see https://packaging.python.org/en/latest/specifications/simple-repository-api/
 */
export class PackageIndex {
  /**
   * The index at this address, mostly one that ends in `/simple`.
   *
   * @param url `https://…` or `http://…`, without user and password
   */
  public static at(url: string, props: PackageIndexProps = {}): PackageIndex {
    const { username = '__token__', passwordSecret } = props;
    must(!hasPassword(url), 'INDEX_URL',
      `index '${maskedPasswords(url)}' has a user or password in its address, and whoever has the image could read it; name a build secret with 'passwordSecret'`);
    const [, host] = /^https?:\/\/([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d+)?(?:\/[^\s"'$\\?#]*)?$/.exec(url) ?? [];
    must(host !== undefined, 'INDEX_URL', `index '${url}' is not an address such as https://packages.example.com/simple`);
    must(/^[^\s"'\\$#]+$/.test(username), 'INDEX_USER', `user '${username}' of index '${url}' is empty or has a space, quote, backslash, '$' or '#'`);
    must(passwordSecret === undefined || /^[A-Za-z0-9_.-]+$/.test(passwordSecret), 'MOUNT_ID',
      `secret '${passwordSecret}' of index '${url}' is not a name; use letters, digits, '_', '.' and '-'`);
    return new PackageIndex({ url, host, username, passwordSecret });
  }

  private constructor(
    /** @internal */
    public readonly _data: IndexData,
  ) {}
}
