let loaded: typeof import('aws-cdk-lib') | undefined;

/** Loaded when the first construct is made: others do without. Node would look for it each time, as somebody else has loaded it before. */
export function awsCdk(): typeof import('aws-cdk-lib') {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  loaded ??= require('aws-cdk-lib') as typeof import('aws-cdk-lib');
  return loaded;
}
