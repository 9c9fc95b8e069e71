// by name jsii would not find the types in this module
export * from './kubernetes-application';
