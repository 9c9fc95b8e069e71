/** Loaded when the first construct is made: others do without. */
export function awsCdk(): typeof import('aws-cdk-lib') {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('aws-cdk-lib');
}
