/** What builds of images mount and no layer keeps: whoever publishes the assets has it. */
export interface EcsBuildProps {
  /**
   * Where the secrets of builds are, by their ids, in Docker's words: `{ 'index-token': 'env=INDEX_TOKEN' }` for a variable,
   * `DockerBuildSecret.fromSrc('/path')` for a file. Assets are the same wherever they are.
   * @default - nowhere; an image whose build needs one is refused
   * @see https://docs.docker.com/reference/cli/docker/buildx/build/#secret
   */
  readonly buildSecrets?: Record<string, string>;
  /**
   * SSH agent or key for builds, in Docker's words, such as `default`.
   * @default - none; an image whose build needs one is refused
   * @see https://docs.docker.com/reference/cli/docker/buildx/build/#ssh
   */
  readonly buildSsh?: string;
}
