import { buildMountMissing } from './build-mount-missing';
import type { EcsApplicationProps } from './ecs-props';
import { secretUnknown } from './secret-unknown';
import { variableMissing } from './variable-missing';
import { ecsChecks } from '../../aws/ecs-checks';
import type { EcsPlan } from '../../aws/ecs-plan';
import { ecsSettings } from '../../aws/ecs-settings';
import { hasFiles, imageForFiles } from '../../aws/ecs-task';
import { planEcs } from '../../aws/plan-ecs';
import type { SourceDirectory } from '../../build/source-directory';
import type { Check, Finding } from '../../checks/check';
import { mustBeExamined } from '../../output/examined-application';
import type { Loss } from '../../output/loss';
import type { ApplicationPlan } from '../../services/plan';
import type { FullApplicationPlan } from '../../services/plan-application';
import { startedWorkloads } from '../../services/plan-application';

/** An application that ECS can run. */
export interface EcsExamined {
  readonly plan: EcsPlan;
  /** What images are built from. */
  readonly application: FullApplicationPlan;
  readonly source: SourceDirectory;
  readonly findings: Finding[];
  readonly losses: Loss[];
}

/** What an application becomes. All of its faults are thrown together. */
export function ecsExamined(props: EcsApplicationProps): EcsExamined {
  const { application } = props;
  const settings = ecsSettings(application.node.id, props.launchType !== 'EC2', Object.keys(props.secrets ?? {}));
  const own = [buildsMounted(props), secretUnknown(settings.givenSecrets), variableMissing(props.environment ?? {})];
  const { plan, findings, source } = mustBeExamined(application, [...ecsChecks(settings), ...own]);
  const planned = planEcs(plan, settings);
  return { plan: planned, application: plan, source, findings, losses: planned.losses.map(loss => ({ target: 'ecs', ...loss })) };
}

/** Of the images that become assets. */
function buildsMounted(props: EcsApplicationProps): Check {
  const assets = (plan: ApplicationPlan) => props.registry === undefined ? usedImages(plan) : [];
  return { ...buildMountMissing(props, () => true), find: plan => buildMountMissing(props, ({ id }) => assets(plan).includes(id)).find(plan) };
}

function usedImages(plan: ApplicationPlan): string[] {
  return startedWorkloads(plan).flatMap(workload => [workload.image, ...(hasFiles(workload) ? [imageForFiles(workload, plan)] : [])])
    .flatMap(image => image ? [image.id] : []);
}
