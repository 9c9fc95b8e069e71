// by name jsii would not find the types in this module
export * from './docker-application';
export * from './docker-props';
export * from './terraform-application';
export * from './terraform-props';
