import type { NginxConfiguration, NginxLocation, NginxUpstream } from './configuration';
import { sortedBy } from '../primitives/stable';

/** Prints a whole `nginx.conf` for a process that is not root on a read-only file system. */
export function printConfiguration(configuration: NginxConfiguration): string {
  const { temporaryDirectory: temporary, listenPort } = configuration;
  return lines(
    'worker_processes auto;',
    `pid ${temporary}/nginx.pid;`,
    'error_log /dev/stderr notice;',
    '',
    'events {',
    '  worker_connections 1024;',
    '}',
    '',
    'http {',
    '  include /etc/nginx/mime.types;',
    '  default_type application/octet-stream;',
    '  access_log /dev/stdout;',
    '  server_tokens off;',
    '  sendfile on;',
    '',
    ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(kind => `  ${kind}_temp_path ${temporary}/${kind};`),
    '',
    ...sortedBy(configuration.upstreams, upstream => upstream.name).flatMap(printUpstream),
    '  # X-Forwarded headers say what this proxy saw, not what the client claims.',
    '  proxy_http_version 1.1;',
    '  proxy_set_header Connection "";',
    '  proxy_set_header Host $http_host;',
    '  proxy_set_header X-Real-IP $remote_addr;',
    '  proxy_set_header X-Forwarded-For $remote_addr;',
    '  proxy_set_header X-Forwarded-Host $http_host;',
    '  proxy_set_header X-Forwarded-Proto $scheme;',
    '',
    '  server {',
    `    listen ${listenPort};`,
    '    # redirects name no host or port: those inside are not those outside',
    '    absolute_redirect off;',
    ...sortedBy(configuration.locations, location => location.prefix).flatMap(printLocation),
    '  }',
    '}',
  );
}

function printUpstream(upstream: NginxUpstream): string[] {
  return [`  upstream ${upstream.name} {`, `    server ${upstream.host}:${upstream.port};`, '  }', ''];
}

function printLocation(location: NginxLocation): string[] {
  return [
    '',
    `    location ${location.prefix} {`,
    `      proxy_pass http://${location.upstream};`,
    `      proxy_connect_timeout ${location.connectTimeoutSeconds}s;`,
    `      proxy_send_timeout ${location.sendTimeoutSeconds}s;`,
    `      proxy_read_timeout ${location.readTimeoutSeconds}s;`,
    '    }',
  ];
}

function lines(...texts: string[]): string {
  return `${texts.join('\n')}\n`;
}
