# syntax=docker/dockerfile:1
# Written by cdk-wheelhouse: change the declaration, not this file.

FROM scratch AS directories
WORKDIR /empty
WORKDIR /var-lib-app/app

FROM python:3.13-bookworm AS build
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=bind,source=app/requirements.txt,target=/requirements.txt \
    apt-get update
RUN --mount=type=cache,target=/cache \
    --network=none \
    ["/usr/local/bin/python3", "-c", "print(\"$HOME\")"]
RUN --mount=type=bind,from=ghcr.io/astral-sh/uv:0.9,source=/uv,target=/uv \
    --mount=type=tmpfs,target=/scratch,size=64m \
    --mount=type=ssh,id=default \
    --mount=type=secret,id=netrc,target=/root/.netrc,required=true,mode=0400 \
    --mount=type=secret,id=TOKEN,env=TOKEN,required=true \
    --mount=type=cache,id=c,target=/c,readonly,uid=1 \
    --security=insecure \
    --device=vendor.com/class=all <<'EOF'
set -e
cat /etc/os-release
EOF


FROM python:3.13-slim-bookworm AS out
ARG REVISION
ARG GREETING="hello \$USER"
ENV A="say \"hi\" for \$5 \\ now" \
    B=plain
WORKDIR /srv/app
COPY --chown=0:0 --chmod=0644 app/app.py app/requirements.txt /srv/app/
COPY ["app", "/srv/a b"]
COPY --link --from=build /usr/lib/x /usr/lib/x
COPY --from=cgr.dev/chainguard/nginx:latest /etc/nginx/mime.types /etc/mime.types
COPY --parents --exclude=*.md ["app/[*]", "--from=x", "/odd/"]
ADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 --unpack=true https://example.com/x.tgz /opt/x
ADD --keep-git-dir=true --chmod=0755 "https://example.com/team/name.git#v1" /opt/name
ADD app/app.py /opt/y
LABEL org.opencontainers.image.revision="$REVISION" \
    org.opencontainers.image.title="a \"title\""
VOLUME ["/data", "/with space"]
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
ONBUILD COPY . /app
# a word
# of explanation
EXPOSE 53/udp
COPY --chmod=0600 <<'EOF_' /etc/motd
costs $5
EOF
\
EOF_

COPY --from=directories /empty /var/lib
COPY --from=directories --chown=7:1001 --chmod=0750 /var-lib-app /var/lib
# a word of explanation
LABEL a=b
USER 1000:1001
EXPOSE 8000
STOPSIGNAL SIGINT
HEALTHCHECK --interval=1m30s --timeout=5s --start-period=0s --retries=2 \
    CMD ["/usr/bin/python", "-IS", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=5); c.request('GET', '/it\\'s', headers={'Host': 'shop.example.com'}); raise SystemExit(c.getresponse().status >= 400)"]
ENTRYPOINT ["/usr/local/bin/python3", "-m"]
CMD ["http.server", "two words", "\"quoted\""]
