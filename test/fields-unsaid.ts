const STOPSIGNAL = 'ECS sends [what the image says](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html)';

/** Fields of which an output rightly says nothing, by target, with the reason. The test fails when one of them is said after all. */
export const UNSAID: Record<string, Record<string, string>> = {
  'ImageFacts.stopSignal': {
    kubernetes: 'the runtime sends [what the image says](https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination)',
    ecs: STOPSIGNAL,
    terraform: STOPSIGNAL,
  },
  'ImageFacts.prober': {
    kubernetes: 'the kubelet [asks the port itself](https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/)',
  },
  'WritablePath.exec': {
    kubernetes: 'files of an `emptyDir` [may be executed](https://github.com/kubernetes/kubernetes/issues/48912), declared or not',
  },
};

/** Fields of something that is reported as a whole: by target, what that loss says was declared. */
export const REPORTED_AS_PART: Record<string, Record<string, string>> = {
  'Scaling.cpuPercent': { compose: 'containers', docker: 'containers' },
  'Logging.options': { kubernetes: 'log driver', ecs: 'log driver', terraform: 'log driver' },
  'DevelopmentFacts.source': { docker: 'development mode' },
  'DevelopmentFacts.target': { docker: 'development mode' },
  'DevelopmentFacts.noticed': { docker: 'development mode' },
  'DevelopmentFacts.rebuildFiles': { docker: 'development mode' },
  'DevelopmentFacts.rebuildDirectories': { docker: 'development mode' },
};
