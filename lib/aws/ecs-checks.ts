import { DEVELOPMENT_IMAGE } from './development-image';
import { DOCKER_RESOLVER } from './docker-resolver';
import type { EcsSettings } from './ecs-settings';
import { FARGATE_SIZE } from './fargate-size-missing';
import { FILE_DIRECTORY } from './file-directory';
import { FILES_UNWRITTEN } from './files-unwritten';
import { LOW_PORT } from './low-port';
import { NETWORKS_TOO_MANY } from './networks-too-many';
import { STOP_TIMEOUT } from './stop-timeout';
import type { Check } from '../checks/check';

/** Rules that hold for ECS only. */
export function ecsChecks({ fargate }: Pick<EcsSettings, 'fargate'>): readonly Check[] {
  const ofAll = [DEVELOPMENT_IMAGE, DOCKER_RESOLVER, FILE_DIRECTORY, FILES_UNWRITTEN, LOW_PORT, NETWORKS_TOO_MANY];
  return fargate ? [...ofAll, FARGATE_SIZE, STOP_TIMEOUT] : ofAll;
}
