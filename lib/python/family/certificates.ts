import { posix } from 'node:path';
import type { Instruction } from '../../build/instruction';
import type { Fault } from '../../primitives/faults';

/** Where certificates are put for `update-ca-certificates`, which takes files that end in `.crt`, one certificate in each. @see https://manpages.debian.org/bookworm/ca-certificates/update-ca-certificates.8.en.html */
const DIRECTORY = '/usr/local/share/ca-certificates';
/** All certificates of the system, in one file: the same path in Debian and Alpine. */
const STORE = '/etc/ssl/certs/ca-certificates.crt';

/** Package that holds the system's store, and the command that makes it. */
export const CERTIFICATES_PACKAGE = 'ca-certificates';
/** Makes the system's store. */
export const UPDATE_STORE = 'update-ca-certificates';

/** Copies certificates to where the system's store is made from. */
export function certificateInstructions(files: readonly string[]): Instruction[] {
  return files.map((file, index): Instruction => ({
    kind: 'copy',
    sources: [file],
    target: `${DIRECTORY}/${storedName(file)}`,
    mode: '0644',
    link: false,
    ...index === 0 ? { why: "whom the organisation's own servers are trusted by" } : {},
  }));
}

/**
 * What has apt trust a mirror before the store is made, on images that have none yet.
 *
 * @see https://manpages.debian.org/bookworm/apt/apt-transport-https.1.en.html
 */
export const APT_TRUST: readonly Instruction[] = [{
  kind: 'writeFile', path: '/etc/apt/apt.conf.d/80-certificates', text: `Acquire::https::CAInfo "${STORE}";\n`, mode: '0644',
}];
/** Makes a store for apt alone, which the real one replaces. */
export const EARLY_STORE: readonly string[] = ['mkdir -p /etc/ssl/certs', `cat ${DIRECTORY}/*.crt >> ${STORE}`];

/**
 * Has Python use the system's store: OpenSSL, and with it `ssl` and `urllib`; requests, which brings a list of its own; pip, which does too.
 *
 * @see https://docs.openssl.org/3.0/man3/X509_LOOKUP_hash_dir/
 * @see https://requests.readthedocs.io/en/latest/user/advanced/#ca-certificates
 * @see https://pip.pypa.io/en/stable/topics/https-certificates/#using-a-specific-certificate-store
 */
export const CERTIFICATE_VARIABLES: Readonly<Record<string, string>> = { PIP_CERT: STORE, REQUESTS_CA_BUNDLE: STORE, SSL_CERT_FILE: STORE };

/** Files that are no certificate, or more than one. That a file is not there is said elsewhere. */
export function certificateFaults(files: readonly string[], read: (path: string) => string | undefined): Fault[] {
  const twice = files.find((file, index) => files.some((other, at) => at < index && storedName(other) === storedName(file)));
  return [
    ...twice === undefined ? [] : [{ code: 'CERTIFICATE_TWICE', problem: `certificate '${twice}' has the name of another, without its directory and its ending; rename one` }],
    ...files.flatMap(file => contentFaults(file, read(file))),
  ];
}

function contentFaults(file: string, text: string | undefined): Fault[] {
  if (text === undefined) return [];
  if (text.includes('PRIVATE KEY-----')) {
    return [{ code: 'CERTIFICATE_KEY', problem: `'${file}' holds a private key, which every image of the family would hold; give a file with the certificate alone` }];
  }
  const count = text.split('-----BEGIN CERTIFICATE-----').length - 1;
  if (count === 1) return [];
  return [{ code: 'CERTIFICATE', problem: `'${file}' holds ${count} certificates in PEM format; give files with one each: update-ca-certificates takes no others` }];
}

function storedName(file: string): string {
  return `${posix.basename(file).replace(/\.(crt|pem|cer)$/, '')}.crt`;
}
