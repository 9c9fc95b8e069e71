# syntax=docker/dockerfile:1
# Written by cdk-wheelhouse: change the declaration, not this file.

FROM scratch AS directories
WORKDIR /empty
WORKDIR /home-nonroot/nonroot
WORKDIR /tmp/tmp

FROM cgr.dev/chainguard/python:latest-dev AS build
USER 0:0
RUN /usr/bin/python -m venv --without-pip /venv
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=bind,source=app/requirements.txt,target=/src/app/requirements.txt \
    /usr/bin/python -m pip --python /venv/bin/python install --requirement /src/app/requirements.txt

FROM cgr.dev/chainguard/python:latest-dev AS runtime
USER 0:0
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
COPY --from=directories --chown=65532:65532 --chmod=1777 /tmp /
COPY --from=directories /empty /home
COPY --from=directories --chown=65532:65532 --chmod=0700 /home-nonroot /home
COPY --link --from=build /venv /venv
USER 65532:65532
WORKDIR /app
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --start-interval=1s --retries=3 \
    CMD ["/venv/bin/python", "-IS", "-c", "import socket; socket.create_connection(('127.0.0.1', 8000), 3)"]
ENTRYPOINT ["/venv/bin/python", "-m", "gunicorn"]
CMD ["--reload", "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/tmp", "--graceful-timeout", "30", "app:app"]
COPY --chown=65532:65532 app /app
