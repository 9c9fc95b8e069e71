/** Findings of cdk-nag and checkov that are right as they are in an example, each with its reason. */
import { CfnResource, type Stack } from 'aws-cdk-lib';
import { NagSuppressions } from 'cdk-nag';

const NAG = [
  { id: 'AwsSolutions-IAM5', appliesTo: ['Resource::*'], reason: 'ecr:GetAuthorizationToken, which every pull needs, is of no resource' },
  { id: 'AwsSolutions-EC23', reason: 'the notes are for everybody: the load balancer is what they reach' },
  { id: 'AwsSolutions-ELB2', reason: 'nobody reads access logs of an example; loadBalancer.logAccessLogs(bucket) writes them' },
];

const CHECKOV: Record<string, [id: string, comment: string][]> = {
  'AWS::Logs::LogGroup': [['CKV_AWS_158', 'CloudWatch encrypts logs with a key of its own']],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [['CKV_AWS_91', 'nobody reads access logs of an example']],
  'AWS::ElasticLoadBalancingV2::Listener': [
    ['CKV_AWS_2', 'an example has no domain; with certificate it speaks TLS'], ['CKV_AWS_103', 'the same'],
  ],
};

export function acceptFindings(stack: Stack): void {
  NagSuppressions.addStackSuppressions(stack, NAG);
  for (const resource of stack.node.findAll().filter(construct => construct instanceof CfnResource)) {
    const skip = CHECKOV[resource.cfnResourceType]?.map(([id, comment]) => ({ id, comment }));
    if (skip) resource.addMetadata('checkov', { skip });
  }
}
