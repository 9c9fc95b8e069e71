import { Severity, type Check, type Problem } from './check';
import { eachBuild, eachStage } from './each-stage';
import { hostTokensIn, tokenIs, TOKENS_OF } from '../primitives/host-token';
import { sortedBy, uniqueBy } from '../primitives/stable';
import type { WorkloadPlan } from '../services/plan';
import { workloads, type FullApplicationPlan } from '../services/plan-application';

/** Images are built before a host deploys, and of a service nothing but values of its environment may be known so late. */
export const HOST_TOKEN: Check = {
  code: 'HOST_TOKEN',
  severity: Severity.ERROR,
  link: TOKENS_OF['aws-cdk'],
  find: plan => [...inDockerfiles(plan), ...workloads(plan).flatMap(inWorkload), ...inParts(plan)].map(problem => ({
    ...problem, link: TOKENS_OF[hostTokensIn(problem.problem)[0].host],
  })),
};

function inDockerfiles(plan: FullApplicationPlan): Problem[] {
  const problems = (data: unknown) => hostTokensIn(data)
    .map(token => `the Dockerfile has ${tokenIs(token)}, and an image is built before; give it to the service in 'environment'`);
  return [
    ...eachBuild(plan, build => problems(build.globalArguments)),
    ...eachStage(plan, (_, { platform, instructions }) => problems([platform, instructions])),
  ];
}

/** What comes from its image is told there, when that is built. */
function inWorkload({ environment, image, ...others }: WorkloadPlan): Problem[] {
  const problems = inProperties(others.path, image.reference === undefined ? others : { ...others, image });
  if (problems.length === 0 || image.reference !== undefined) return problems;
  const built = new Set(hostTokensIn(image).map(({ text }) => text));
  return problems.filter(({ problem }) => !built.has(hostTokensIn(problem)[0].text));
}

function inParts({ networks, volumes, secrets, configs }: FullApplicationPlan): Problem[] {
  return [...networks, ...volumes, ...secrets, ...configs].flatMap(part => inProperties(part.path, part));
}

function inProperties(path: string, properties: object): Problem[] {
  const found = sortedBy(Object.entries(properties), ([name]) => name)
    .flatMap(([name, value]) => hostTokensIn(value).map(token => ({ name, token })));
  return uniqueBy(found, ({ token }) => token.text).map(({ name, token }) => ({
    path, problem: `'${name}' has ${tokenIs(token)}, and it has to be known before; give it to the service in 'environment'`,
  }));
}
