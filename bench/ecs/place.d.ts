import type { App, Stack } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';

/** An App as `cdk init` configures it, with a stack and a VPC that exists. */
export function placeIn(outdir: string): { app: App; stack: Stack; vpc: IVpc };
/** The template among what was written. */
export function templateOf(outdir: string): string;
