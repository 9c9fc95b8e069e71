import type { EcsBuildProps } from './ecs-build-props';
import type { MountData } from '../../build/mount';
import { Severity, type Check, type Problem } from '../../checks/check';
import type { ImagePlan } from '../../services/plan';
import type { BuiltImagePlan, FullApplicationPlan } from '../../services/plan-application';

/**
 * Assets are built where they are published: what a build mounts has to be there.
 *
 * @param isMade whether an image of the application becomes an asset
 */
export function buildMountMissing({ buildSecrets = {}, buildSsh }: EcsBuildProps, isMade: (image: ImagePlan) => boolean): Check {
  const isGiven = ({ type, id }: NeededMount) => type === 'secret' ? Object.hasOwn(buildSecrets, id) : id === buildSsh?.split('=')[0];
  return {
    code: 'BUILD_MOUNT_MISSING',
    severity: Severity.ERROR,
    link: 'https://docs.docker.com/build/building/secrets/',
    find: plan => {
      const made = plan.images.filter(isMade);
      return [
        ...made.flatMap(image => needed(image).filter(mount => !isGiven(mount)).map(mount => missing(mount, image))),
        ...Object.keys(buildSecrets).filter(id => !made.some(({ buildMounts }) => buildMounts?.secrets.includes(id))).map(id => unused(id, plan)),
      ];
    },
  };
}

type NeededMount = Extract<MountData, { type: 'secret' | 'ssh' }>;

function missing({ type, id }: NeededMount, { path }: ImagePlan): Problem {
  if (type === 'ssh') return { path, problem: `its build needs SSH as '${id}'; say what that is where the image is published, such as buildSsh: '${id}'` };
  const variable = id.toUpperCase().replace(/\W/g, '_');
  return { path, problem: `its build needs the secret '${id}'; say where whoever publishes the image has it, such as buildSecrets: { '${id}': 'env=${variable}' }` };
}

function unused(id: string, { path }: FullApplicationPlan): Problem {
  return { path, problem: `'${id}' of buildSecrets is a secret that no build here mounts; remove it, or give the id as Mount.secret has it` };
}

/** Secrets and SSH without which a build fails, once each. */
function needed({ build }: BuiltImagePlan): NeededMount[] {
  const mounts = build!.stages.flatMap(({ instructions }) => instructions).flatMap(instruction => 'mounts' in instruction ? instruction.mounts : []);
  const must = mounts.flatMap(mount => (mount.type === 'secret' || mount.type === 'ssh') && mount.required ? [mount] : []);
  return must.filter((mount, index) => must.findIndex(({ type, id }) => type === mount.type && id === mount.id) === index);
}
