# syntax=docker/dockerfile:1
# Written by cdk-wheelhouse: change the declaration, not this file.

FROM scratch AS directories
WORKDIR /empty
WORKDIR /tmp/tmp

FROM cgr.dev/chainguard/nginx:latest AS proxy
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

  log_format json
    escape=json
    '{"time":"$time_iso8601",'
    '"client":"$remote_addr",'
    '"method":"$request_method",'
    '"scheme":"$scheme",'
    '"host":"$host",'
    '"uri":"$request_uri",'
    '"protocol":"$server_protocol",'
    '"status":"$status",'
    '"bytes":$body_bytes_sent,'
    '"seconds":$request_time,'
    '"upstream":"$upstream_addr",'
    '"upstream_status":"$upstream_status",'
    '"upstream_seconds":"$upstream_response_time",'
    '"referer":"$http_referer",'
    '"user_agent":"$http_user_agent",'
    '"request_id":"$request_id"}';
  access_log /dev/stdout json;

  # headers that are added where the upstream does not set them itself
  map $upstream_http_x_content_type_options $added_x_content_type_options {
    "" nosniff;
  }

  map $upstream_http_x_frame_options $added_x_frame_options {
    "" SAMEORIGIN;
  }

  map $upstream_http_referrer_policy $added_referrer_policy {
    "" strict-origin-when-cross-origin;
  }

  add_header X-Content-Type-Options $added_x_content_type_options always;
  add_header X-Frame-Options $added_x_frame_options always;
  add_header Referrer-Policy $added_referrer_policy always;

  gzip_proxied any;
  gzip_vary on;
  gzip_min_length 1024;
  gzip_types application/javascript application/json application/manifest+json application/wasm application/xml image/svg+xml text/css text/javascript text/plain text/xml;

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

  server {
    listen 8080 default_server;
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

COPY --from=directories --chown=65532:65532 --chmod=1777 /tmp /
USER 65532:65532
EXPOSE 8080
STOPSIGNAL SIGQUIT
ENTRYPOINT ["/usr/sbin/nginx"]
CMD ["-c", "/etc/nginx/nginx.conf", "-e", "/dev/stderr", "-g", "daemon off;"]
