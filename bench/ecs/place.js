/** What both programs are given: a stack with a VPC in it that exists. */
'use strict';
const { join } = require('node:path');

/** CloudFormation has no more than 500 resources in a stack, which are fewer than a hundred services: the programs are let go on. */
const NO_LIMIT = { '@aws-cdk/core:stackResourceLimit': 0 };

/** An App as `cdk init` configures it. */
exports.placeIn = outdir => {
  const { App, Stack, aws_ec2: ec2 } = require('aws-cdk-lib');
  const flags = require('aws-cdk-lib/recommended-feature-flags.json');
  const app = new App({ outdir, analyticsReporting: false, context: { ...flags, ...NO_LIMIT } });
  const stack = new Stack(app, 'shop');
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    vpcCidrBlock: '10.0.0.0/16',
    availabilityZones: ['eu-central-1a', 'eu-central-1b'],
    publicSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
    privateSubnetIds: ['subnet-0123456789abcdef2', 'subnet-0123456789abcdef3'],
  });
  return { app, stack, vpc };
};

/** The template among what was written. */
exports.templateOf = outdir => join(outdir, 'shop.template.json');
