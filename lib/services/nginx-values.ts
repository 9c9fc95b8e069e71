import { isIP } from 'node:net';
import { must } from '../primitives/faults';

/** What nginx would read as something else, or could not carry, is refused here; each with its reason. */

/** A path of requests: `/api/`, or with `exact` also `/api`. Percent signs are decoded before nginx compares. */
export function mustBeRoutePath(path: string, exact: boolean): void {
  if (exact) {
    must(/^\/([A-Za-z0-9._~@:+-]+\/)*[A-Za-z0-9._~@:+-]*$/.test(path), 'ROUTE_PATH',
      `route path '${path}' is not a path that starts with '/'; use letters, digits and . _ ~ @ : + - between slashes, such as /favicon.ico`);
  } else {
    must(/^\/([A-Za-z0-9._~@:+-]+\/)*$/.test(path), 'ROUTE_PREFIX',
      `route prefix '${path}' is not a path that starts and ends with '/'; use letters, digits and . _ ~ @ : + - between slashes, such as /api/`);
  }
  must(!/\/\.\.?(\/|$)/.test(path), 'ROUTE_DOTS', `route path '${path}' has '.' or '..' as a part, which nginx takes out of requests before it compares; leave it out`);
}

/** A host name as clients send it, in lower case, or all names below one. */
export function mustBeHost(host: string): void {
  must(/^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(host) && host.length <= 253, 'ROUTE_HOST',
    `host '${host}' is not a host name; use a-z, 0-9 and '-' between dots, without a port, such as shop.example.com or *.example.com`);
}

/** A header that is added to answers or requests. */
export function mustBeHeader(name: string, value: string): void {
  must(/^[A-Za-z0-9-]{1,100}$/.test(name), 'HEADER_NAME', `header '${name}' is not a name; use up to 100 letters, digits and '-', such as X-Frame-Options`);
  must(/^[\x20-\x7e]+$/.test(value) && value.trim() === value, 'HEADER_VALUE',
    `value ${JSON.stringify(value)} of header '${name}' is empty, starts or ends with a space, or has other letters than printable ASCII`);
  mustBeLiteral(`value '${value}' of header '${name}'`, value);
}

/** nginx has no way to write a `$` where it looks for variables. */
export function mustBeLiteral(what: string, text: string): void {
  must(!text.includes('$'), 'NGINX_VARIABLE', `${what} has a '$', which nginx reads as a variable; leave it out, or say it with NginxDirective.of`);
}

/** Addresses as CIDR, or one address. */
export function mustBeNetwork(network: string): void {
  const [, address, bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(network) ?? [];
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address ?? '')]!;
  must(most > 0 && (bits === undefined || Number(bits) <= most), 'NETWORK', `'${network}' is not a network such as 10.0.0.0/8, nor an address`);
}

/** An IP address. */
export function mustBeAddress(address: string): void {
  must(isIP(address) !== 0, 'ADDRESS', `'${address}' is not an IP address such as 10.96.0.10`);
}

/** A whole number from `least` up. */
export function mustBeWhole(property: string, number: number, least: number): void {
  must(Number.isInteger(number) && number >= least, 'COUNT', `${property} ${number} is not a whole number from ${least} up`);
}
