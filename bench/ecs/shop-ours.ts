/** The shop in a stack. Its lines are counted. */
import type { Stack } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { declareShop } from '../shop';
import { ecs } from 'cdk-wheelhouse';

export function shopByUs(stack: Stack, vpc: IVpc): void {
  new ecs.EcsApplication(stack, 'shop', { application: declareShop(), vpc, registry: 'registry.example.com/shop' });
}
