/** The notes on one machine, by Terraform: `terraform apply` builds the images and runs them, `terraform destroy` takes them away. */
import { App as Machine, TerraformStack } from 'cdktn';
import { declareNotes } from './application';
import { App, terraform } from 'cdk-wheelhouse';

const machine = new Machine();
const stack = new TerraformStack(machine, 'notes-docker');
const notes = new terraform.DockerApplication(stack, 'application', { application: declareNotes(new App({ root: __dirname })) });

// what is made are resources of the host: here follows what no declaration says
notes.service('web').container.addOverride('log_opts', { 'max-size': '10m' });
machine.synth();
