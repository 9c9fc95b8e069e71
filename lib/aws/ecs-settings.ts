/** What is known besides the plan. */
export interface EcsSettings {
  /** Whether tasks come in the sizes of Fargate; on machines of one's own they have what they ask for. */
  readonly fargate: boolean;
  /** Name of the private DNS namespace, such as `shop.internal`. */
  readonly namespace: string;
  /** Names of the secrets for which somebody said where they are. */
  readonly givenSecrets: readonly string[];
  /** What another secret is called in Secrets Manager. */
  readonly secretName: (name: string) => string;
}

/** Settings of an application about which nobody said more. */
export function ecsSettings(applicationId: string, fargate: boolean, givenSecrets: readonly string[]): EcsSettings {
  return { fargate, namespace: `${applicationId}.internal`, givenSecrets, secretName: name => `${applicationId}/${name}` };
}
