/** The notes on Amazon ECS, by Terraform: region and account are those of whoever applies, images those that compose.ts describes. */
import { App as Cloud, TerraformStack, TerraformVariable } from 'cdktn';
import { declareNotes } from './application';
import { App, terraform } from 'cdk-wheelhouse';

const cloud = new Cloud();
export const stack = new TerraformStack(cloud, 'notes');
const variable = (name: string, type = 'string') => new TerraformVariable(stack, name, { type });

const notes = new terraform.TerraformApplication(stack, 'application', {
  application: declareNotes(new App({ root: __dirname })),
  registry: variable('registry').stringValue,
  vpcId: variable('vpc').stringValue,
  subnetIds: variable('private_subnets', 'list(string)').listValue,
  publicSubnetIds: variable('public_subnets', 'list(string)').listValue,
  certificateArn: variable('certificate').stringValue,
});

// what is made are resources of the host: here follows what no declaration says
notes.service('web').loadBalancer?.addOverride('enable_deletion_protection', true);
cloud.synth();
