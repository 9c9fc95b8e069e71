/** The notes on Amazon ECS, by aws-cdk: `cdk deploy` builds the images, from the Dockerfiles that compose.ts writes. */
import { App as Cloud, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { acceptFindings } from './accepted-findings-aws';
import { declareNotes } from './application';
import { App, ecs } from 'cdk-wheelhouse';

const cloud = new Cloud();
export const stack = new Stack(cloud, 'notes');
const notes = new ecs.EcsApplication(stack, 'application', {
  application: declareNotes(new App({ root: __dirname })),
  vpc: new Vpc(stack, 'network', { maxAzs: 2, flowLogs: { all: {} } }),
});

// what is made are constructs of aws-cdk: here follows what no declaration says
notes.service('api').service.metricCpuUtilization().createAlarm(stack, 'busy', { threshold: 80, evaluationPeriods: 3 });
acceptFindings(stack);
cloud.synth();
