import { Application } from './application';
import { Network } from './network';
import type { ApplicationPlan, ImagePlan, NetworkPlan, PublishedPort, ServicePlan } from './plan';
import { Service } from './service';
import type { BuildPlan } from '../build/build-plan';
import { ContainerImage } from '../build/container-image';
import { SourceDirectory } from '../build/source-directory';
import { sortedBy, sortedUnique } from '../primitives/stable';

/** Name of the network of services that name none. @see https://docs.docker.com/compose/how-tos/networking/ */
const DEFAULT_NETWORK = 'default';

/** An image with how it is built, which only printers of images and checks see. */
export interface BuiltImagePlan extends ImagePlan {
  /** Nothing when its stages do not fit together, which its validation reports. */
  readonly build?: BuildPlan;
}

/** What {@link planApplication} answers: the plan that targets see, and how the images are built. */
export interface FullApplicationPlan extends ApplicationPlan {
  readonly images: BuiltImagePlan[];
  /** Source paths that a build reads and that are not there. */
  readonly missingSources: readonly string[];
}

/** Derives facts, defaults and order, in one pass over everything that was declared. Nothing depends on the order of declaration. */
export function planApplication(application: Application): FullApplicationPlan {
  const declared = application.node.findAll();
  const source = SourceDirectory.of(application);
  const images = new Map(declared.filter(construct => construct instanceof ContainerImage).map(image => [image, planImage(application, image)]));
  const services = declared.filter(construct => construct instanceof Service).map(service => planService(service, images));
  return {
    id: application.node.id,
    path: application.node.path,
    services: sortedBy(services, service => service.id),
    networks: sortedBy(declared.filter(construct => construct instanceof Network).map(planNetwork), network => network.name),
    images: sortedBy([...images.values()], image => image.id),
    missingSources: sortedUnique([...images.values()].flatMap(image => image.build?.sourcePaths ?? []))
      .filter(path => source.kind(path) === undefined),
  };
}

function planImage(application: Application, image: ContainerImage): BuiltImagePlan {
  const { facts, build, stage, madeBy = image } = image._plan();
  const id = imageId(application, image);
  return { id, path: image.node.path, dockerfile: `images/${imageId(application, madeBy)}/Dockerfile`, stage, facts, build };
}

/** The ids on the way from the application to the image. */
function imageId(application: Application, image: ContainerImage): string {
  return image.node.scopes.slice(application.node.scopes.length).map(scope => scope.node.id).join('-');
}

function planNetwork(network: Network): NetworkPlan {
  return { name: network.node.id, internal: network._internal };
}

function planService(service: Service, images: ReadonlyMap<ContainerImage, BuiltImagePlan>): ServicePlan {
  const image = images.get(service.image) ?? planImage(Application.of(service), service.image);
  const { environment, publish } = service._props;
  const names = service._networks().map(network => network.node.id);
  return {
    id: service.node.id,
    path: service.node.path,
    image,
    environment: Object.fromEntries(sortedBy(Object.entries(environment!), ([name]) => name)),
    networks: [...(service._joinsDefaultNetwork() ? [DEFAULT_NETWORK] : []), ...names.sort()],
    dependsOn: sortedUnique(service._props.dependsOn!.map(other => other.node.id)),
    healthCheck: service._props.healthCheck?._facts ?? image.facts.healthCheck,
    publish: publish === undefined ? undefined : publishedPort(publish, image.facts.ports),
    routes: sortedBy(service._routes(), route => route.prefix),
  };
}

/** Nothing when it is not clear which port is meant, which the service's validation reports. */
function publishedPort(published: number, ports: readonly number[]): PublishedPort | undefined {
  return ports.length === 1 ? { published, target: ports[0] } : undefined;
}
