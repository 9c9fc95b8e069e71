import { Severity, type Check } from './check';
import { workloads } from '../services/plan-application';

/** An empty volume takes owner and mode from the image's directory at its path: without one it belongs to root. */
export const VOLUME_OWNER: Check = {
  code: 'VOLUME_OWNER',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/engine/storage/volumes/#mounting-a-volume-over-existing-data',
  find: plan => workloads(plan).flatMap(({ path, image: { facts }, volumes }) => volumes.flatMap(mount => {
    const owned = facts.writablePaths.some(writable => writable.path === mount.path);
    if (mount.readOnly || owned || facts.userId === undefined || facts.userId === 0) return [];
    return [{
      path,
      problem: `volume '${mount.volume}' at '${mount.path}' would belong to root, and user ${facts.userId} could not write to it;`
      + " have the image make the directory: stage.writablePath({ path, data: true }), or say 'readOnly'",
    }];
  })),
};
