// by name jsii would not find the types in this module
export * from './ecs-application';
export * from './ecs-build-props';
export * from './ecs-container-image';
export * from './ecs-parts';
export * from './ecs-props';
