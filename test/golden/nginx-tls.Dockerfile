# syntax=docker/dockerfile:1
# Written by cdk-wheelhouse: change the declaration, not this file.

FROM scratch AS directories
WORKDIR /empty
WORKDIR /tmp/tmp

FROM nginx:1.29.3 AS proxy
COPY --chmod=0644 <<'EOF' /etc/nginx/nginx.conf
worker_processes auto;
worker_shutdown_timeout 60s;
pid /tmp/nginx.pid;
error_log /dev/stderr notice;

events {
  worker_connections 1024;
}

http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  server_tokens off;
  sendfile on;

  client_body_temp_path /tmp/client_body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;

  client_max_body_size 1m;

  access_log /dev/stdout;

  # headers that are added where the upstream does not set them itself
  map $https:$upstream_http_strict_transport_security $added_strict_transport_security {
    on: "max-age=63072000; includeSubDomains";
  }

  add_header Strict-Transport-Security $added_strict_transport_security always;

  upstream api-8000 {
    server api:8000;
  }

  # X-Forwarded headers say what this proxy saw, not what the client claims.
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $http_host;
  proxy_set_header X-Real-IP $remote_addr;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Host $http_host;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header X-Request-ID $request_id;

  # Mozilla's modern profile: https://wiki.mozilla.org/Security/Server_Side_TLS
  ssl_certificate /run/secrets/certificate;
  ssl_certificate_key /run/secrets/key;
  ssl_protocols TLSv1.3;
  ssl_ecdh_curve X25519:prime256v1:secp384r1;
  ssl_prefer_server_ciphers off;
  ssl_session_cache shared:tls:10m;
  ssl_session_timeout 1d;

  server {
    listen 8080 default_server;

    location = /nginx-health {
      access_log off;
      default_type text/plain;
      return 200 ok;
    }

    location / {
      return 308 https://$host$request_uri;
    }
  }

  server {
    listen 8443 ssl default_server;
    http2 on;
    error_page 497 =308 https://$host$request_uri;
    # redirects name no host or port: those inside are not those outside
    absolute_redirect off;

    location = /nginx-health {
      access_log off;
      default_type text/plain;
      return 200 ok;
    }

    location / {
      proxy_pass http://api-8000;
      proxy_connect_timeout 5s;
      proxy_send_timeout 60s;
      proxy_read_timeout 60s;
    }
  }
}
EOF

COPY --from=directories --chown=101:101 --chmod=1777 /tmp /
USER 101:101
EXPOSE 8443
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --start-interval=1s --retries=3 \
    CMD ["/usr/bin/curl", "--fail", "--silent", "--show-error", "--output", "/dev/null", "http://127.0.0.1:8080/nginx-health"]
ENTRYPOINT ["/usr/sbin/nginx"]
CMD ["-c", "/etc/nginx/nginx.conf", "-e", "/dev/stderr", "-g", "daemon off;"]
