/** Findings of checkov in what terraform.ts makes that are right as they are, each with its reason. */
export const ACCEPTED_TERRAFORM_FINDINGS = {
  CKV2_AWS_28: 'a firewall is for whoever runs many such services to declare, with rules of their own',
  CKV_AWS_91: 'nginx logs every request; a bucket for the same once more would have to be kept, too',
  CKV_AWS_158: 'CloudWatch encrypts logs under a key of its own; nothing in them needs another',
  CKV_AWS_184: 'EFS encrypts notes under a key of its own; nothing in them needs another',
  CKV_AWS_260: 'who comes to port 80 is sent to port 443, and gets nothing else there',
};
