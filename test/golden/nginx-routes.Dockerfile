# syntax=docker/dockerfile:1
# Written by cdk-wheelhouse: change the declaration, not this file.

FROM scratch AS directories
WORKDIR /empty
WORKDIR /tmp/tmp

FROM nginx:1.29.3 AS proxy
COPY site /srv/www/1
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
  client_header_timeout 10s;
  client_body_timeout 10s;
  send_timeout 10s;
  limit_req_zone $binary_remote_addr zone=requests-1:10m rate=20r/s;
  limit_req_zone $binary_remote_addr zone=requests-2:10m rate=6r/m;
  limit_req_status 429;
  limit_conn_zone $binary_remote_addr zone=clients:10m;
  limit_conn_status 429;

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
    '"request_id":"$traced_request_id"}';
  access_log /dev/stdout json;

  # these proxies say who the client is; nobody else can
  set_real_ip_from 10.0.0.0/8;
  set_real_ip_from fd00::/8;
  real_ip_header X-Forwarded-For;
  real_ip_recursive on;

  geo $realip_remote_addr $from_trusted_proxy {
    default 0;
    10.0.0.0/8 1;
    fd00::/8 1;
  }

  map $from_trusted_proxy:$http_x_forwarded_proto $client_scheme {
    default $scheme;
    1:http http;
    1:https https;
  }

  map $from_trusted_proxy:$http_x_request_id $traced_request_id {
    default $request_id;
    "~^1:(?<given_request_id>[A-Za-z0-9._-]{1,128})$" $given_request_id;
  }

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

  gzip on;
  gzip_proxied any;
  gzip_vary on;
  gzip_min_length 1024;
  gzip_types application/javascript application/json application/manifest+json application/wasm application/xml image/svg+xml text/css text/javascript text/plain text/xml;

  # services may come back with other addresses
  resolver 127.0.0.11 valid=5s;
  resolver_timeout 5s;

  upstream api-8000 {
    zone api-8000 64k;
    server api:8000 resolve max_fails=0;
    # where the resolver does not answer: the address at start
    server api:8000 backup max_fails=0;
    keepalive 32;
    keepalive_timeout 4s;
  }

  upstream api-8000.blue-8000.backup.green-8000.leastConnections {
    least_conn;
    server api:8000;
    server blue:8000;
    server green:8000 backup;
    keepalive 32;
    keepalive_timeout 4s;
  }

  map $http_upgrade $websocket {
    ~*^websocket$ upgrade;
  }

  map $uri $cache_control {
    default no-cache;
    "~[.-][0-9a-f]{8,64}\\.[A-Za-z0-9.]+$" "public, max-age=31536000, immutable";
  }

  # X-Forwarded headers say what this proxy saw, not what the client claims.
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $http_host;
  proxy_set_header X-Real-IP $remote_addr;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Host $http_host;
  proxy_set_header X-Forwarded-Proto $client_scheme;
  proxy_set_header X-Request-ID $traced_request_id;

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
      limit_req zone=requests-1 burst=40 nodelay;
      limit_conn clients 50;
      root /srv/www/1;
      try_files $uri $uri/index.html /index.html;
      add_header Cache-Control $cache_control;
      add_header X-Content-Type-Options $added_x_content_type_options always;
      add_header X-Frame-Options $added_x_frame_options always;
      add_header Referrer-Policy $added_referrer_policy always;
    }

    location /api/ {
      client_max_body_size 20m;
      limit_req zone=requests-1 burst=40 nodelay;
      limit_conn clients 50;
      proxy_pass http://api-8000.blue-8000.backup.green-8000.leastConnections;
      proxy_connect_timeout 5s;
      proxy_send_timeout 60s;
      proxy_read_timeout 60s;
    }

    location = /api/login {
      limit_req zone=requests-2;
      limit_conn clients 50;
      proxy_pass http://api-8000;
      proxy_connect_timeout 5s;
      proxy_send_timeout 60s;
      proxy_read_timeout 60s;
    }

    location /live/ {
      limit_req zone=requests-1 burst=40 nodelay;
      limit_conn clients 50;
      proxy_pass http://api-8000;
      proxy_connect_timeout 5s;
      proxy_send_timeout 60s;
      proxy_read_timeout 3600s;
      proxy_set_header Connection $websocket;
      proxy_set_header Host $http_host;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Proto $client_scheme;
      proxy_set_header X-Request-ID $traced_request_id;
      proxy_set_header Upgrade $http_upgrade;
    }
  }

  server {
    listen 8080;
    server_name events.example.com;
    # redirects name no host or port: those inside are not those outside
    absolute_redirect off;

    location /events/ {
      limit_req zone=requests-1 burst=40 nodelay;
      limit_conn clients 50;
      proxy_pass http://api-8000;
      proxy_connect_timeout 5s;
      proxy_send_timeout 60s;
      proxy_read_timeout 3600s;
      proxy_buffering off;
      gzip off;
    }
  }
}
EOF

COPY --from=directories --chown=101:101 --chmod=1777 /tmp /
USER 101:101
EXPOSE 8080
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --start-interval=1s --retries=3 \
    CMD ["/usr/bin/curl", "--fail", "--silent", "--show-error", "--output", "/dev/null", "http://127.0.0.1:8080/nginx-health"]
ENTRYPOINT ["/usr/sbin/nginx"]
CMD ["-c", "/etc/nginx/nginx.conf", "-e", "/dev/stderr", "-g", "daemon off;"]
