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
    /usr/bin/python -m pip --python /venv/bin/python install --no-compile --requirement /src/app/requirements.txt

FROM cgr.dev/chainguard/python:latest AS bytecode
USER 0:0
COPY --chmod=0644 <<'EOF' /compile/imported.py
"""Imports modules, and keeps the bytecode of all that this has imported."""
import importlib
import importlib.util
import os
import sys

# what the source imports, or the server where it is there; some may be no modules
READ = """
flask flask.Flask
""".split()
# what the server and the declaration name
NEEDED = """
gunicorn.app.wsgiapp gunicorn.glogging gunicorn.workers.sync werkzeug.debug
""".split()
sys.dont_write_bytecode = False
failed = []
for name in READ + NEEDED:
    try:
        importlib.import_module(name)
    except BaseException as problem:
        line = f"  {name}: {type(problem).__name__}: {problem}"
        if name in NEEDED:
            failed.append(line)
        elif not isinstance(problem, ModuleNotFoundError):
            print(f"not imported while the image is built, so compiled only in part:\n{line}", file=sys.stderr)
if failed:
    sys.exit("These modules cannot be imported while the image is built. Leave them out: Bytecode.imported({ leaveOut: [...] })\n" + "\n".join(failed))
for directory, _, files in os.walk(sys.pycache_prefix):
    for cached in (os.path.join(directory, file) for file in files):
        with open(importlib.util.source_from_cache(cached), "rb") as file:
            head = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + importlib.util.source_hash(file.read())
        with open(cached, "r+b") as file:
            file.write(head)
EOF

ENV PYTHONPYCACHEPREFIX=/pycache
WORKDIR /pycache
RUN --mount=type=bind,from=build,source=/venv,target=/venv \
    ["/venv/bin/python", "/compile/imported.py"]

FROM cgr.dev/chainguard/python:latest AS runtime
USER 0:0
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPYCACHEPREFIX=/pycache \
    PYTHONUNBUFFERED=1
WORKDIR /app
COPY --from=directories --chown=65532:65532 --chmod=1777 /tmp /
COPY --from=directories /empty /home
COPY --from=directories --chown=65532:65532 --chmod=0700 /home-nonroot /home
COPY --link --from=build /venv /venv
COPY --link --from=bytecode /pycache /pycache
USER 65532:65532
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --start-interval=1s --retries=3 \
    CMD ["/venv/bin/python", "-IS", "-c", "import socket; socket.create_connection(('127.0.0.1', 8000), 3)"]
ENTRYPOINT ["/venv/bin/python", "-m", "gunicorn"]
CMD ["--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/tmp", "--graceful-timeout", "30", "app:app"]
COPY app /app
