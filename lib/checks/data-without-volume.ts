import { Severity, type Check } from './check';
import { workloads } from '../services/plan-application';

/** What an image calls data is lost with its container, or cannot be written at all, where no volume is. */
export const DATA_WITHOUT_VOLUME: Check = {
  code: 'DATA_WITHOUT_VOLUME',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/engine/storage/volumes/',
  find: plan => {
    const all = workloads(plan);
    const mounted = new Set(all.flatMap(({ image, volumes }) => volumes.map(mount => `${image.id} ${mount.path}`)));
    return all.flatMap(({ path, image }) => {
      return image.facts.writablePaths.filter(writable => writable.data && !mounted.has(`${image.id} ${writable.path}`)).map(writable => ({
        path, problem: `the image writes data to '${writable.path}', and no volume is there; mount one: volumes: [{ volume, path: '${writable.path}' }]`,
      }));
    });
  },
};
