# syntax=docker/dockerfile:1
# Written by cdk-wheelhouse: change the declaration, not this file.

FROM scratch AS directories
WORKDIR /empty
WORKDIR /home-nonroot/nonroot
WORKDIR /tmp/tmp

FROM python:3.13-bookworm AS build
# without a pip of its own: what installs is in this image only
RUN /usr/local/bin/python3 -m venv --without-pip /venv
# only the files that say what to install are seen: nothing else repeats it
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=bind,source=app/requirements.txt,target=/src/app/requirements.txt \
    /usr/local/bin/python3 -m pip --python /venv/bin/python install --no-compile --requirement /src/app/requirements.txt

FROM python:3.13-slim-bookworm AS bytecode
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
gunicorn.app.wsgiapp gunicorn.glogging gunicorn.workers.sync
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
# Python 3.11 does not make a directory under the root by itself
WORKDIR /pycache
# compiled by the interpreter that will read it, from the files that it will find
RUN --mount=type=bind,from=build,source=/venv,target=/venv \
    ["/venv/bin/python", "/compile/imported.py"]

FROM python:3.13-slim-bookworm AS runtime
# programs look up who they run as
RUN echo nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin >> /etc/passwd \
 && echo nonroot:x:65532: >> /etc/group
# who gets in finds no package manager
RUN ["/usr/local/bin/python3", "-B", "-m", "pip", "uninstall", "--yes", "--root-user-action=ignore", "pip"]
# no bytecode is written, no output is held back
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPYCACHEPREFIX=/pycache \
    PYTHONUNBUFFERED=1
# root owns it: the process cannot change its own code
WORKDIR /app
# all that the process writes to is here; the rest may be read-only
COPY --from=directories --chown=65532:65532 --chmod=1777 /tmp /
COPY --from=directories /empty /home
COPY --from=directories --chown=65532:65532 --chmod=0700 /home-nonroot /home
# compilers and caches stay behind
COPY --link --from=build /venv /venv
COPY --link --from=bytecode /pycache /pycache
# by number: Kubernetes can tell that it is not root
USER 65532:65532
EXPOSE 8000
STOPSIGNAL SIGTERM
# by the interpreter: neither curl nor a shell has to be there
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --start-interval=1s --retries=3 \
    CMD ["/venv/bin/python", "-IS", "-c", "import socket; socket.create_connection(('127.0.0.1', 8000), 3)"]
# no shell in between: signals reach the server
ENTRYPOINT ["/venv/bin/python", "-m", "gunicorn"]
CMD ["--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/tmp", "--graceful-timeout", "30", "app:app"]
# last: a change of the source rebuilds nothing else
COPY app /app
