/** Judges what judges Terraform: what is right passes, and a planted fault is found. */
import { folder } from '../declare';
import { checkovOn, describeWithAwsJudges } from './aws-judges';
import { describeOnEngine, tryDocker } from './engine';
import { describeWithTerraform, PROVIDER_VERSIONS, Terraform } from './terraform';

const SERVICE = { name: 'api', cluster: 'shop', task_definition: 'api:1', desired_count: 1 };
const NETWORK = { name: 'wheelhouse-terraform-judge' };

/** A configuration of one AWS service and one Docker network and container. */
function configuration(service: object = SERVICE, container: object = { name: 'judge', image: 'none' }): string {
  return folder({
    'main.tf.json': JSON.stringify({
      terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: PROVIDER_VERSIONS.aws }, docker: { source: 'kreuzwerker/docker', version: PROVIDER_VERSIONS.docker } } },
      provider: { aws: { region: 'eu-west-1' } },
      resource: { aws_ecs_service: { api: service }, docker_container: { api: container } },
    }),
  });
}

function diagnostics(root: string): string[] {
  const terraform = new Terraform(root);
  terraform.init();
  return terraform.validate().map(({ summary, address }) => `${address}: ${summary}`).sort();
}

describeWithTerraform('terraform validate', () => {
  test('has nothing to say of a good configuration', () => expect(diagnostics(configuration())).toEqual([]));

  test('refuses misspelt attributes of both providers', () => {
    expect(diagnostics(configuration({ ...SERVICE, desired_cuont: 1 }, { name: 'judge', image: 'none', readonly: true }))).toEqual([
      'resource.aws_ecs_service.api: Extraneous JSON object property', 'resource.docker_container.api: Extraneous JSON object property',
    ]);
  });
});

describeWithTerraform('terraform', () => {
  describeOnEngine('with the provider for Docker', () => {
    test('applies, has nothing to do after that, and destroys', () => {
      const root = folder({
        'main.tf.json': JSON.stringify({
          terraform: { required_providers: { docker: { source: 'kreuzwerker/docker', version: PROVIDER_VERSIONS.docker } } },
          resource: { docker_network: { net: NETWORK } },
          output: { name: { value: '${docker_network.net.name}' } },
        }),
      });
      const terraform = new Terraform(root);
      terraform.init();
      expect(terraform.plan()).toBe('changes');
      try {
        terraform.apply();
        expect(terraform.outputs()).toEqual(NETWORK);
        expect(terraform.plan()).toBe('empty');
        expect(tryDocker('network', 'inspect', NETWORK.name).status).toBe(0);
      } finally {
        terraform.destroy();
      }
      expect(tryDocker('network', 'inspect', NETWORK.name).status).not.toBe(0);
    });
  });
});

describeWithAwsJudges('checkov', () => {
  test('finds a service with a public address', () => {
    const found = (assign: boolean) => checkovOn(configuration({ ...SERVICE, network_configuration: { subnets: ['a'], assign_public_ip: assign } }), 'terraform_json');
    const fault = { rule: 'CKV_AWS_333', resource: 'resource.api' };
    expect(found(true)).toContainEqual(fault);
    expect(found(false)).not.toContainEqual(fault);
  });
});
