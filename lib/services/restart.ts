/** Whether a container that has ended is started again. */
export enum Restart {
  /** Always, but not after somebody has stopped it. Compose `unless-stopped`. */
  ALWAYS = 'ALWAYS',
  /** When it has failed. Compose `on-failure`. */
  ON_FAILURE = 'ON_FAILURE',
  /** Never. Compose `no`. */
  NEVER = 'NEVER',
}
