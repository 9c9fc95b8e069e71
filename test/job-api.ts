/** A stand-in for the part of a cluster's API that tells of Jobs, with a certificate authority of its own. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { folder } from './declare';

/** What it answers: a status and a body. */
export type Answer = [status: number, body: object | string];

/** A Job whose condition of this type is true; none for one that has not ended. */
export function aJob(type?: 'Complete' | 'Failed' | 'Suspended', more: object = {}): Answer {
  return [200, { kind: 'Job', status: type ? { conditions: [{ type: 'Other', status: 'True' }, { type, status: 'True', ...more }] } : {} }];
}

/** What an API server says when it does not answer with what was asked for. */
export function aStatus(status: number, message: string): Answer {
  return [status, { kind: 'Status', status: 'Failure', message, code: status }];
}

/** The files that a pod's account is made of: a CA without the key identifiers that newer Pythons ask for, as old clusters have, and what it has signed. */
export function account(): string {
  const root = folder({ namespace: 'shop', token: 'token-1\n', extensions: 'subjectAltName=IP:127.0.0.1,IP:::1\n', config: '[req]\ndistinguished_name=name\nx509_extensions=ca\n[name]\n[ca]\nbasicConstraints=critical,CA:TRUE\n' });
  const openssl = (...args: string[]) => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-config', 'config'];
  openssl('req', '-x509', ...key, '-days', '2', '-subj', '/CN=kubernetes', '-keyout', 'ca.key', '-out', 'ca.crt');
  openssl('req', ...key, '-subj', '/CN=kube-apiserver', '-keyout', 'server.key', '-out', 'server.csr');
  openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'extensions', '-out', 'server.crt');
  return root;
}

/** Gives the account another token, as a kubelet does. */
export function renewToken(root: string, token: string): void {
  writeFileSync(join(root, 'token'), token);
}

/** Starts one that gives these answers one after the other, and the last one from then on. */
export async function jobApi(root: string, answers: Answer[], address = '127.0.0.1', answered: (count: number) => void = () => undefined) {
  const asked: { url?: string; authorization?: string; host?: string; at: number }[] = [];
  const tls = { key: readFileSync(join(root, 'server.key')), cert: readFileSync(join(root, 'server.crt')) };
  const server = createServer(tls, ({ url, headers: { authorization, host } }, response) => {
    const [status, body] = answers[Math.min(asked.length, answers.length - 1)];
    asked.push({ url, authorization, host, at: Date.now() });
    response.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
    answered(asked.length);
  });
  await new Promise<void>(resolve => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  return { asked, variables: { KUBERNETES_SERVICE_HOST: address, KUBERNETES_SERVICE_PORT: String(port) }, close: () => server.close() };
}
